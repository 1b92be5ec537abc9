"""The start, and the start again after a pause: a deliberate sequence, then a countdown that any key ends."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from textual import events
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from ...safety.conditions import PAUSE_MS
from ...safety.modes import Mode
from ...sessions.view import Control, RunView
from ..between import on_belt
from ..empty_belt import KEEP_OFF, STANDS_BY
from ..feeling import ask_text
from ..frame import Frame
from ..freshness import rest_known, standstill_confirmed
from ..heart import heart_text
from ..keys import said
from ..readiness import Readiness
from ..standing_place import stand_facing_text, stay_text
from ..start_sequence import DIGITS, HOLD_S, Ask, StartSequence, armed, completed, confirmed, done, follow, pressed
from ..starting import STARTS_FROM, resumes, takes_start, turned
from ..widgets.big_number import BigNumber
from ..widgets.line import Line
from ..widgets.profile_picture import ProfilePicture
from ..widgets.start_button import StartButton
from ..widgets.stop_bar import StopBar
from ..wording import clock_text, next_text, safety_line, speed_shown, status_line, step_text, where_text
from .run_page import RunPage

BAR_CELLS = 30


class StartPage(RunPage):
    """Space and Enter never start: held, they would be STOP once the belt moves."""

    def __init__(self) -> None:
        super().__init__()
        self.sequence = StartSequence(_new_digit())
        self._mouse_since_s: float | None = None

    def body(self) -> Iterator[Widget]:
        yield Line(id="title", classes="title")
        with Horizontal(id="start-top"):
            yield BigNumber(id="count-down")
            yield Line(id="headline")
        with Vertical(id="start-box"):
            yield Line(id="how")
            with Horizontal(id="hold-row"):
                yield StartButton("hold here to START", markup=False)
                yield Line(id="hold")
            yield Line(id="missing")
            yield Line(id="feelings")
        yield ProfilePicture(id="profile")
        yield Line(id="refusals")
        with Vertical(id="foot"):
            yield Line(id="safety")
            yield StopBar()

    # --- what a person does -------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Every key that is no stop key may be part of the sequence; the others go on to the page's own keys."""
        if self._frame is None or not takes_start(self._frame):
            return
        sequence, ask = pressed(self.sequence, _name(event), self.program.clock.now_s())
        if ask is not Ask.NOTHING or sequence != self.sequence:
            event.stop()
        self._go(sequence, ask)

    def next_pressed(self) -> bool:
        """One press of the remote is the whole of the deliberate part; the countdown follows."""
        if self._frame is None or not takes_start(self._frame):
            return False
        self._go(*confirmed(self.sequence, self.program.clock.now_s()))
        return True

    def on_start_button_held(self) -> None:
        """The mouse arms as the first press of the key does."""
        if self._frame is not None and takes_start(self._frame) and not self.sequence.counting:
            self._mouse_since_s = self.program.clock.now_s()
            self._go(*armed(self.sequence, self._mouse_since_s))

    def on_start_button_released(self) -> None:
        self._mouse_since_s = None

    def action_leave(self) -> None:
        """Before the first start: back to the set-up. In a pause: the end of the run, and that is a stop."""
        if self._frame is not None and resumes(self._frame.view):
            self.program.stop_now("key")
        else:
            self.program.leave_run()

    def _go(self, sequence: StartSequence, ask: Ask) -> None:
        controls = self.program.controls
        if ask is Ask.ARM:
            controls.arm()
        elif ask is Ask.HOLD_DONE:
            self._mouse_since_s = None
            controls.hold_done()
        elif ask is Ask.CANCEL:
            controls.cancel_start()
            sequence = replace(sequence, digit=_new_digit(sequence.digit))
        self.sequence = sequence

    # --- what is shown ------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        view = frame.view
        if frame.mode is not None:
            self._follow(frame, frame.mode)
        self.line("title").say(self.title_text(frame))
        number = self.query_one("#count-down", BigNumber)
        number.say(self.number_text(frame))
        self.set_class(bool(number.text), "-counting")
        self.line("headline").say(self.headline_text(frame))
        self.line("how").say(how_text(frame, self.sequence, self.program.door.next_key))
        self.line("missing").say(missing_text(frame, self.program.readiness, began=self.program.began))
        self.line("feelings").say(ask_text(frame))
        self.line("feelings").display = bool(ask_text(frame))
        self.line("hold").say(self._hold_text(frame.now_s))
        self.query_one("#start-box").display = frame.mode not in (Mode.COUNTDOWN, Mode.STARTING, Mode.PAUSING)
        self.query_one("#hold-row").display = _waits_for_a_person(frame, self.sequence)
        self.query_one(ProfilePicture).show(view.timeline, view.plan_time_s if resumes(view) else None)
        self.line("refusals").say(refusals(view))
        self.line("safety").say(safety_line(view, frame.simulated))

    def title_text(self, frame: Frame) -> str:
        """What this page is for."""
        paused = resumes(frame.view) and on_belt(frame.view.timeline.steps[frame.view.step_index])
        return f"{'Paused' if paused else 'Start'}   {frame.view.timeline.name}"

    def number_text(self, frame: Frame) -> str:
        """The large number; empty without one."""
        return count_text(frame)

    def headline_text(self, frame: Frame) -> Content:
        """In a few words, what is going on."""
        return headline(frame, self.program.door.next_key)

    def _follow(self, frame: Frame, mode: Mode) -> None:
        """The sequence goes along with the guardian, and the mouse with time."""
        self.sequence = follow(self.sequence, mode, frame.now_s)
        self._go(*completed(self.sequence, mode))
        if self._mouse_since_s is None:
            return
        if self.sequence.armed_s is None:
            self._mouse_since_s = None
        elif frame.now_s - self._mouse_since_s >= HOLD_S:
            self._go(done(self.sequence), Ask.HOLD_DONE)

    def _hold_text(self, now_s: float) -> str:
        held_s = self.sequence.held_s(now_s)
        if self._mouse_since_s is not None:
            held_s = now_s - self._mouse_since_s
        cells = min(BAR_CELLS, round(held_s / HOLD_S * BAR_CELLS))
        return f"[{'#' * cells}{'.' * (BAR_CELLS - cells)}]"


def count_text(frame: Frame) -> str:
    """The large number: the countdown, or the speed of a belt that is coming to rest."""
    snapshot = frame.view.snapshot
    if snapshot is not None and snapshot.start_in_s is not None:
        return clock_text(snapshot.start_in_s).removeprefix("0:").lstrip("0") or "0"
    return speed_shown(frame.view) if frame.mode in (Mode.PAUSING, Mode.STARTING) else ""


def headline(frame: Frame, next_key: str | None) -> Content:
    """Beside it, in a few words, what is going on."""
    view = frame.view
    match frame.mode:
        case None:
            return Content.styled("Waiting for the guardian and its link to the treadmill ...", "bold")
        case Mode.DISCONNECTED:
            return Content.styled("There is no link to the treadmill.", "bold")
        case Mode.COUNTDOWN if view.control is not Control.GUARDIAN:
            return Content.assemble(("The plan begins at the end of this countdown.\n", "bold"), "Any key cancels it.")
        case Mode.COUNTDOWN:
            mine = "" if next_key is None else f"\n{said(next_key)} only cancels it, until its last second."
            return Content.assemble(("The belt starts at the end of this countdown.\n", "bold"), CANCELS, mine)
        case Mode.STARTING:
            return Content.assemble(
                ("The belt is being started.\n", "bold"), KEEP_OFF if view.empty_belt else stay_text(view)
            )
        case Mode.PAUSING:
            return Content.assemble((f"{status_line(view, frame.stop_pressed)[1]}\n", "bold"), "The place is kept.")
    if turned(view) or not resumes(view):
        return _stand_ready(view)
    return _place(frame)


CANCELS = "Any key cancels it. A stop key cancels it and ends the run."


def _place(frame: Frame) -> Content:
    view = frame.view
    step = view.timeline.steps[view.step_index]
    left_s = PAUSE_MS / 1000 - frame.mode_s
    left = f"{clock_text(left_s)} until the pause is over and the run ends." if _pause_ends(frame) else ""
    place = f"{step_text(step, view.profile)}, {clock_text(step.ends_s - view.plan_time_s)} left in it"
    return Content.assemble((f"The place is kept: {place}.\n", "bold"), left)


def _pause_ends(frame: Frame) -> bool:
    return frame.mode is Mode.PAUSED and frame.view.control is Control.GUARDIAN


STANDS_STILL = "The treadmill reports that its belt stands still."
NOT_YET_STILL = "Waiting until the treadmill has reported standstill for two seconds ...\n"


def _stand_ready(view: RunView) -> Content:
    """Where to stand, and what follows a turn."""
    where = where_text(view.facing)
    still = STANDS_STILL if standstill_confirmed(view) else ""
    then = f"The turn is complete. Next: {next_text(view)}.\n" if turned(view) else ""
    stand = f"{stand_facing_text(view, where)}\n"
    if view.empty_belt:
        stand = STANDS_BY
    if view.control is not Control.GUARDIAN:
        stand = f"Get ready, facing {where}.\n"
    return Content.assemble(then, (stand, "bold"), still)


def how_text(frame: Frame, sequence: StartSequence, next_key: str | None) -> Content:
    """How to start, as far as there is something to do."""
    if not takes_start(frame):
        return Content(f"{NOT_YET_STILL if _waits_for_standstill(frame) else ''}{_leaving(frame)}")
    if not _waits_for_a_person(frame, sequence):
        return Content("")
    verb = "Go on" if resumes(frame.view) else "Start"
    by_remote = "" if next_key is None else f" Remote: {said(next_key)} once."
    if sequence.armed_s is None:
        other = f"Or hold the button below. Or press s once, then type the digit that appears.\n{_leaving(frame)}"
    else:
        other = f"Or type {sequence.digit} now."
    return Content.assemble((f"{verb}: hold s until the bar is full ({HOLD_S:g} s).{by_remote}\n", "bold"), other)


def missing_text(frame: Frame, readiness: Readiness, began: bool) -> str:
    """What a start still needs, in one line; and whether the program will be heard."""
    view = frame.view
    missing = []
    if view.snapshot is None or frame.mode is Mode.DISCONNECTED:
        missing.append("the link to the treadmill")
    elif not rest_known(view):
        missing.append("a standstill reported for two seconds")
    quiet = " Nothing will rise: you did not hear the program (R20)." if readiness.deaf else ""
    if missing:
        return f"Missing: {', '.join(missing)}.{quiet}"
    held = (
        ""
        if began
        else f" The checklist is believed for {clock_text(readiness.checklist.first_to_expire_s(frame.now_s))}."
    )
    heart = heart_text(view.heart)
    return f"Nothing is missing.{held}{quiet}{f' Strap: {heart}.' if heart else ''}"


def _waits_for_standstill(frame: Frame) -> bool:
    return frame.mode in STARTS_FROM and not rest_known(frame.view)


def _leaving(frame: Frame) -> str:
    return "Any stop key ends the run here." if resumes(frame.view) else "Esc goes back."


def _waits_for_a_person(frame: Frame, sequence: StartSequence) -> bool:
    return takes_start(frame) and frame.mode in STARTS_FROM | {Mode.ARMED} and not sequence.counting


def refusals(view: RunView) -> Content:
    """Why a start did not come about, in the words of whoever refused it; each sentence once."""
    causes = () if view.snapshot is None else tuple(cause.message for cause in view.snapshot.causes)
    sentences = dict.fromkeys((*causes, *((view.message,) if view.message else ())))
    return Content("\n").join([Content.styled(f"! {text}", "bold") for text in sentences])


def _name(event: events.Key) -> str:
    """The key as the sequence knows it: small letters, digits of any keypad."""
    return event.character.lower() if event.character and event.character.isprintable() else event.key


def _new_digit(before: str = "") -> str:
    """Another one than before, so that nobody types it by habit."""
    return random.choice([digit for digit in DIGITS if digit != before])
