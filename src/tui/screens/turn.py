"""A turn: the belt comes to a stand and stays so, a person turns beside it and says so twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from ...safety.modes import Mode
from ...safety.turning import LONGEST_MS
from ...sessions.view import Control, RunView
from .. import speeds
from ..between import Confirming, belt_rests, confirm, confirmations, refused, to_confirm
from ..changes import spoken_text
from ..empty_belt import KEEP_OFF
from ..frame import Frame
from ..freshness import Freshness, freshness, standstill_confirmed
from ..keys import said
from ..widgets.big_number import BigNumber
from ..widgets.line import Line
from ..widgets.stop_bar import StopBar
from ..wording import (
    clock_text,
    facing_text,
    measured_kph,
    next_text,
    safety_line,
    speed_shown,
    status_line,
    where_text,
)
from .run_page import RunPage, mark
from .start import refusals

BAR_CELLS = 30

TURN_MAX_S = LONGEST_MS / 1000
"""How long the guardian holds a turn open."""


class TurnPage(RunPage):
    """One key, ``t``, for two sentences, each said once; the start page follows when both are."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("t,T", "confirm", "confirm")]

    def __init__(self) -> None:
        super().__init__()
        self.confirming = Confirming()

    def body(self) -> Iterator[Widget]:
        yield Line(id="title", classes="title")
        with Horizontal(id="numbers"):
            with Vertical(id="measured-box"):
                yield Line(id="measured-label", classes="label")
                yield BigNumber(id="measured")
            yield Line(id="headline")
        yield Line(id="status")
        yield Line(id="dwell")
        yield Line(id="confirmations")
        yield Line(id="needs")
        yield Line(id="cue")
        yield Line(id="next")
        yield Line(id="refusals")
        with Vertical(id="foot"):
            yield Line(id="safety")
            yield StopBar()

    def draw(self, frame: Frame) -> None:
        view = frame.view
        self.confirming = refused(self.confirming, to_confirm(view), frame.now_s)
        self.line("title").say(f"Turn to {where_text(view.facing)}   {view.timeline.name}")
        self.line("measured-label").say(speeds.label(view, "MEASURED", measured_kph(view)))
        self.query_one("#measured", BigNumber).say(speed_shown(view), freshness(view) is Freshness.STRUCK)
        self.line("headline").say(headline(frame))
        status, text = status_line(view, frame.stop_pressed)
        self.line("status").say(text)
        mark(self.line("status"), status)
        self.line("dwell").say(dwell_text(view))
        self.line("confirmations").say(confirmations_text(view, self.program.door.next_key))
        self.line("needs").say(needs_text(view))
        self.line("cue").say(spoken_text(view, frame.now_s))
        self.line("next").say(f"then, {facing_text(view)}: {next_text(view)}")
        self.line("refusals").say(refusals(view))
        self.line("safety").say(safety_line(view, frame.simulated))

    def next_pressed(self) -> bool:
        """The remote confirms as ``t`` does."""
        self.action_confirm()
        return True

    def action_confirm(self) -> None:
        """The next of the two sentences, if it can be said now."""
        if self._frame is None:
            return
        offered = to_confirm(self._frame.view)
        self.confirming, confirms = confirm(self.confirming, offered, self.program.clock.now_s())
        if confirms:
            self.program.controls.confirm_turn()

    def action_leave(self) -> None:
        """Nobody leaves a turn by a key: what would leave elsewhere ends the run here."""
        self.program.stop_now("key")


def headline(frame: Frame) -> Content:
    """What to do now, and how long there is for it."""
    view = frame.view
    if not belt_rests(view):
        slows = ("The belt slows down to a stand.\n", "bold")
        return Content.assemble(slows, "Stay as you are until it stands: nobody turns on a moving belt.")
    if view.empty_belt:
        return Content.styled(KEEP_OFF, "bold")
    left = f"\n{clock_text(TURN_MAX_S - frame.mode_s)} left for this turn." if frame.mode is Mode.TURN else ""
    return Content.assemble(
        ("Step off the belt onto the side rails, hands on the rails.\n", "bold"),
        "Turn around there, not on the belt.\n" if view.turn is not None and view.turn.on_rails else "",
        left,
    )


def dwell_text(view: RunView) -> str:
    """How long the belt has been seen still, as a bar."""
    turn = view.turn
    if turn is None or turn.dwell_s <= 0:
        return f"belt still  [{'.' * BAR_CELLS}]"
    part = min(1.0, max(0.0, turn.still_s / turn.dwell_s))
    cells = round(part * BAR_CELLS)
    bar = f"[{'#' * cells}{'.' * (BAR_CELLS - cells)}]"
    return f"belt still  {bar} {min(turn.still_s, turn.dwell_s):.1f} of {turn.dwell_s:.1f} s"


def confirmations_text(view: RunView, next_key: str | None) -> Content:
    """The two sentences with their boxes, and the key for the one that can be said now."""
    now = to_confirm(view)
    lines = []
    for index, (sentence, done) in enumerate(confirmations(view)):
        style = "bold reverse" if index == now else ("bold" if done else "dim")
        lines.append(Content.styled(f"{'[x]' if done else '[ ]'} {index + 1}  {sentence}", style))
    keys = "t" if next_key is None else f"t, or {said(next_key)} of the remote"
    lines.append(Content.styled("" if now is None else f"Press {keys}, if {now + 1} is so.", "bold"))
    return Content("\n").join(lines)


def needs_text(view: RunView) -> str:
    """What is still missing, in the guardian's words; they speak to somebody on the belt."""
    if view.empty_belt and to_confirm(view) is not None:
        return ""
    if view.turn is not None and view.turn.needs is not None:
        return f"Still needed: {view.turn.needs}"
    if view.control is Control.GUARDIAN and not standstill_confirmed(view):
        return "Still needed: a standstill that the treadmill reports"
    return ""
