"""An attentive person beside the supervisor: remembers little, and says which invariant was broken.

The judge knows the nouns of ``retrotread.machine`` and what the explorer tells it in plain values: what was heard,
which mode was shown by its name, which commands left. It has its own idea of standstill, freshness, lease, countdown,
fall and ramp, written from the rules in words (``docs/supervisor.md``) and not from the code. Its memory is small and
its ages saturate, because it is a part of every state that the explorer counts.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from operator import attrgetter
from typing import Any

from retrotread.machine import (
    BeltDirection,
    Command,
    DeviceProfile,
    Facing,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
)

MOVING = frozenset({"starting", "running", "pausing"})
ENDING = frozenset({"stopping", "escalated"})
ENDED = ENDING | {"latched", "fault"}
BEFORE_START = frozenset({"armed", "countdown"})
LEASE_MS = 600
UI_SLOW_MS, UI_DEAD_MS = 2_000, 5_000
HEART_LATE_MS = 5_000
HEART_MARKS_MS = (2_001, HEART_LATE_MS + 1, 10_000, 60_000)
UNANSWERED_MS = (0, 10_000, 20_000, 30_000)
PRESSES_APART_MS = 1_000
RISES_APART_MS, AXES_APART_MS = 500, 2_000
STILL_REPORTS, STILL_MS = 3, 2_000
TURN_REPORTS, TURN_MS, TURN_DECK_DPCT = 5, 5_000, 10
# A fall that was seen may be followed by so much silence of falls, then somebody has to be alarmed.
NO_FALL_MS = 6_000
PRESS_AGAIN_MS = 1_000
REPEAT_MS = 1_000
LOWER_WITHIN_MS = 1_500
RUNAWAY_MARGIN_CKPH = 50
GAP_MS = 600
# A belt that has become so much faster behind a stop is driven anew, and no toggle is feared more than that.
ANEW_CKPH = 50
NEVER = 1_000_000
SEVERE = frozenset(
    {"unexpected_motion", "started_at_console", "foreign_higher", "wrong_way", "runaway", "console_restarted"}
)
"""What a person acknowledges only with a test of the safety key."""

Heard = tuple[str, dict[str, Any]]
"""One input in plain values: its name, and its fields with enums as their values."""


@dataclass(frozen=True, slots=True)
class Person:
    """What one arming is allowed: the numbers of a tier and of a plan, and the way that is faced.

    ``asked_every_ms``: how often the attention check asks; None: it is off. ``block_ms``: how long one wish may be
    held; None: it is not backward.
    """

    facing: Facing
    belt: BeltDirection
    speed_max_ckph: int
    incline_max_dpct: int
    rise_ckph_per_s: int
    fall_ckph_per_s: int
    heart: bool = False
    heart_needed: bool = False
    asked_every_ms: int | None = None
    block_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One step as it went. ``causes`` and ``hazards`` are names: of what tripped in it, and of the stop in force.

    ``turn``: the way that the turn under way is shown to lead.
    """

    elapsed_ms: int
    heard: tuple[Heard, ...]
    before: str
    mode: str
    commands: tuple[Command, ...]
    causes: tuple[str, ...]
    hazards_before: tuple[str, ...]
    hazards: tuple[str, ...]
    turn: str | None


class Violation(Exception):
    """An invariant was broken; the sentence says which, where and by how much."""


@dataclass(slots=True)
class Memory:
    """What the judge remembers; ages in milliseconds, each with a ceiling beyond which nothing depends on it."""

    link: bool = False
    speed_ckph: int | None = None
    deck_dpct: int | None = None
    report_ms: int = NEVER
    zeros: int = 0
    first_zero_ms: int = 0
    beat_ms: int = NEVER
    ui_ms: int = NEVER
    input_alive: bool = False
    revoked: bool = False
    control_lost: bool = False
    sleeps: bool = False
    battery_percent: int = 100
    let_go: bool = False
    symptom: bool = False
    pain: int = 0
    before: int | None = None
    effort: int = 0
    moved: bool = False
    warned: bool = True
    heart_ms: int = NEVER
    answer_ms: int = 0
    held_ms: int | None = None
    armed: bool = False
    stopped: bool = False
    out: bool = False
    refused: bool = False
    set_ckph: int = 0
    set_dpct: int = 0
    wanted_ckph: int = 0
    rise_ms: int = NEVER
    tilt_ms: int = NEVER
    head_mckph: int = 0
    top_ckph: int = 0
    top_ms: int = 0
    steady_ms: int = 0
    lowered_ckph: int | None = None
    lowered_dpct: int | None = None
    over: int = 0
    pressed_ms: int | None = None
    ending_ms: int = 0
    fall_ms: int = 0
    lowest_ckph: int | None = None
    framed: bool = False
    frame_ms: int = 0
    vain_ms: int = 0
    stop_refused: bool = False
    rested: bool = False
    relinked: bool = False
    slept: bool = False
    long_stop: bool = False
    lower_due_ms: int = 0
    ran: str | None = None
    turn: str | None = None
    on_rails: bool = False
    faced: bool = False
    turned: str | None = None
    key_ms: int = NEVER
    moves: int = 0
    anew_ms: int = 0
    yielded: bool = False
    severe: str | None = None


NAMES = tuple(field.name for field in fields(Memory))
_ALL = attrgetter(*NAMES)
FIRST = astuple(Memory())


class Judge:
    """Judges one machine, moment by moment; ``person`` may change with every arming."""

    def __init__(self, profile: DeviceProfile, targets: bool = True) -> None:
        """``targets``: whether to remember for how long a set-point has been the only one in force."""
        self.profile, self.targets = profile, targets
        period_ms, capabilities = profile.report_period_ms, profile.capabilities
        self.late_ms = max(2 * period_ms, 1000)
        self.silent_ms = min(max(3 * period_ms, 2000), 3000)
        self.window_ms = profile.lag_ms + period_ms
        self.increment_ckph = capabilities.speed_increment_ckph
        self.lowest_ckph = capabilities.speed_min_ckph
        self.step_ckph = max(30, self.increment_ckph)
        self.deck = capabilities.incline_max_dpct > 0
        fall_ms = (capabilities.speed_max_ckph - self.lowest_ckph) * 1000 // profile.slowest_fall_ckph_per_s
        self.vain_ms = max(profile.stop_reaction_ms, REPEAT_MS) + REPEAT_MS
        self.excused_ms = 3 * self.window_ms + fall_ms
        self.memory = Memory()

    def judge(self, remembered: tuple[Any, ...], person: Person, moment: Moment) -> tuple[Any, ...]:
        """The memory after ``moment``; raises ``Violation`` where an invariant does not hold."""
        self.memory, self.person = Memory(*remembered), person
        self._age(moment.elapsed_ms, moment.before)
        for name, values in moment.heard:
            handler = _TOLD.get(name)
            if handler is not None:
                handler(self, values, moment)
        self._modes(moment)
        if len(moment.commands) > 1:
            raise Violation(f"I17: {len(moment.commands)} commands in one step: {moment.commands}")
        for command in moment.commands:
            self._command(command, moment)
        self._follow(moment)
        self._standing(moment)
        return self._small(moment.mode)

    # --- time and what is heard ---------------------------------------------------------------------------------

    def _age(self, elapsed_ms: int, mode: str) -> None:
        one = self.memory
        one.slept = False
        if not elapsed_ms:
            return
        one.moved = one.moved or mode in MOVING
        one.report_ms += elapsed_ms
        one.beat_ms += elapsed_ms
        one.ui_ms += elapsed_ms
        one.heart_ms += elapsed_ms
        one.answer_ms += elapsed_ms
        one.key_ms += elapsed_ms
        one.rise_ms += elapsed_ms
        one.tilt_ms += elapsed_ms
        one.frame_ms += elapsed_ms
        one.vain_ms += elapsed_ms if one.framed else 0
        one.fall_ms += elapsed_ms
        one.ending_ms += elapsed_ms
        one.steady_ms += elapsed_ms
        one.top_ms += elapsed_ms
        one.head_mckph += self.person.rise_ckph_per_s * elapsed_ms
        if one.zeros:
            one.first_zero_ms += elapsed_ms
        if one.held_ms is not None:
            one.held_ms += elapsed_ms
        if one.pressed_ms is not None:
            one.pressed_ms += elapsed_ms
        if one.report_ms > self.late_ms:
            self._forget_zeros()
        if one.beat_ms > LEASE_MS:
            one.on_rails = one.faced = False

    def _forget_zeros(self) -> None:
        one = self.memory
        one.zeros, one.first_zero_ms, one.on_rails, one.faced = 0, 0, False, False

    def _seen(self, values: dict[str, Any], moment: Moment) -> None:
        one, age_ms, speed_ckph = self.memory, values["age_ms"], values["speed_ckph"]
        if age_ms > one.report_ms:
            return
        if speed_ckph > 0 or one.report_ms - age_ms > self.late_ms:
            self._forget_zeros()
        if speed_ckph == 0:
            one.first_zero_ms = one.first_zero_ms if one.zeros else age_ms
            one.zeros += 1
        one.moves = one.moves + 1 if speed_ckph else 0
        one.report_ms, one.speed_ckph = age_ms, speed_ckph
        if values["incline_dpct"] is not None:
            one.deck_dpct = values["incline_dpct"]
        one.over = one.over + 1 if speed_ckph > one.top_ckph + RUNAWAY_MARGIN_CKPH else 0
        self._falls(speed_ckph, age_ms)
        wrong = values["belt"] not in (None, self.person.belt.value) and speed_ckph > 0
        if wrong and moment.before in MOVING and moment.mode in MOVING:
            raise Violation(f"R9: {moment.mode} on a belt that is reported to run {values['belt']}")
        if values["counters_anew"] and speed_ckph == 0 and moment.before == moment.mode == "running":
            raise Violation("R7: running on under a console that restarted")

    def _falls(self, speed_ckph: int, age_ms: int) -> None:
        """A first zero is no fall before a second one says so: a console slips one in now and then."""
        one = self.memory
        if one.zeros != 1 and (one.lowest_ckph is None or speed_ckph == 0 or speed_ckph < one.lowest_ckph):
            one.lowest_ckph = speed_ckph
            one.fall_ms, one.vain_ms = min(age_ms, one.ending_ms), 0

    @property
    def _speed_of_a_frame(self) -> int | None:
        """What falls behind a stop frame are measured by."""
        return None if self.memory.zeros == 1 else self.memory.speed_ckph

    def _link_up(self, _values: dict[str, Any], moment: Moment) -> None:
        """Only a stop that was under way on the old link may have left its frame there."""
        one = self.memory
        one.link, one.out, one.control_lost = True, False, False
        one.relinked = one.relinked or moment.before in ENDING
        one.speed_ckph, one.deck_dpct, one.report_ms, one.over, one.moves = None, None, NEVER, 0, 0
        self._forget_zeros()

    def _link_down(self, _values: dict[str, Any], moment: Moment) -> None:
        one = self.memory
        if (
            moment.before in {"idle", *BEFORE_START, "turning"}
            and one.link
            and one.speed_ckph
            and moment.mode not in ENDED
        ):
            raise Violation(
                f"R17: the link is lost over a belt that was just seen to move, and the mode is {moment.mode}"
            )
        one.link, one.held_ms = False, None

    def _beat(self, values: dict[str, Any], _moment: Moment) -> None:
        one = self.memory
        one.beat_ms, one.ui_ms, one.input_alive = 0, values["ui_age_ms"], values["input_alive"]
        one.battery_percent = 100 if values["battery_percent"] is None else values["battery_percent"]
        one.let_go = values["clicker_held"] is False
        recorded = values["recorder_age_ms"] <= 2000 and not values["recorder_failed"]
        one.warned = values["cues_ok"] and recorded and not values["unreachable"]

    def _revoked(self, _values: dict[str, Any], _moment: Moment) -> None:
        self.memory.revoked = True

    def _arm(self, values: dict[str, Any], moment: Moment) -> None:
        one, way = self.memory, self._way
        if moment.mode not in BEFORE_START | {"starting"} or moment.before in BEFORE_START:
            return
        if not values["same_run"]:
            one.ran, one.turned, one.lowered_ckph, one.lowered_dpct, one.moved = None, None, None, None, False
        complete = one.faced and one.turn == way and (one.deck_dpct or 0) <= TURN_DECK_DPCT and values["key_tested"]
        if one.ran not in (None, way) and not complete:
            raise Violation(f"I5: armed {way} after {one.ran} without a complete turn")
        if one.turned is not None and not complete:
            raise Violation(f"I5: armed {way} after a turn that nobody has seen the end of")
        one.turned = way if moment.before == "turning" else one.turned
        one.armed, one.held_ms, one.pressed_ms = True, None, None
        if one.stopped:
            raise Violation("I1: armed with a stop that nobody has acknowledged")

    @property
    def _way(self) -> str:
        return f"{self.person.facing.value}/{self.person.belt.value}"

    def _held(self, _values: dict[str, Any], moment: Moment) -> None:
        if self.memory.held_ms is None and moment.before in BEFORE_START:
            self.memory.held_ms = 0

    def _cancelled(self, _values: dict[str, Any], moment: Moment) -> None:
        """Whatever calls a start off: it has to be armed and held anew."""
        self.memory.held_ms = None
        if moment.before in BEFORE_START and moment.mode in BEFORE_START | {"starting"}:
            raise Violation(f"I4: a start that was called off goes on in {moment.mode}")

    def _stop(self, values: dict[str, Any], moment: Moment) -> None:
        """A stop of anybody; a second press of the operator's, a second later, makes it the machine's own."""
        one = self.memory
        self._cancelled(values, moment)
        if moment.before in MOVING and moment.mode not in ENDED:
            raise Violation(f"I3: a stop was asked for in {moment.before}, and the mode is {moment.mode}")
        again = one.pressed_ms is not None and one.pressed_ms > PRESS_AGAIN_MS
        if values["by"] != "operator":
            return
        if again and moment.before in ENDING and not self.still() and not self._stop_left(moment):
            raise Violation(f"stop pressed again after {one.pressed_ms} ms, and no stop frame has left")
        one.pressed_ms = 0 if one.pressed_ms is None else one.pressed_ms

    def _stop_left(self, moment: Moment) -> bool:
        """A stop frame has left in this stop, or none may: a machine that toggles and is seen to stand."""
        left = self.memory.framed or any(isinstance(one, StopBelt) for one in moment.commands)
        return left or (not self.profile.stop_repeat_ok and (self.memory.rested or self.memory.relinked))

    def _acknowledged(self, values: dict[str, Any], moment: Moment) -> None:
        if moment.before in ENDED and moment.mode in {"idle", "disconnected"}:
            if self.memory.severe is not None and not values["key_tested"]:
                raise Violation(f"{self.memory.severe} was acknowledged without a test of the safety key")
            if self.memory.link and not self.still():
                raise Violation(f"I1: {moment.before} was acknowledged without a confirmed standstill")
            self.memory.stopped, self.memory.pressed_ms, self.memory.severe = False, None, None

    def _wanted(self, values: dict[str, Any], _moment: Moment) -> None:
        self.memory.wanted_ckph = values["speed_ckph"]

    def _answered(self, values: dict[str, Any], _moment: Moment) -> None:
        if values["kind"] == "stop":
            self.memory.stop_refused = values["answer"] == "rejected"
            return
        self.memory.out = False
        if values["kind"] != "start":
            self.memory.refused = values["answer"] != "accepted"

    def _target(self, values: dict[str, Any], moment: Moment) -> None:
        """A target well below the only one that was in force for long is somebody else's wish, and a ceiling."""
        one, speed_ckph, dpct = self.memory, values["speed_ckph"], values["incline_dpct"]
        if moment.before != "running":
            return
        one.yielded = one.yielded or (speed_ckph is not None and speed_ckph < one.set_ckph)
        if one.steady_ms < self.excused_ms:
            return
        deck_step_dpct = self.profile.capabilities.incline_increment_dpct
        if dpct is not None and dpct < one.set_dpct - deck_step_dpct and one.tilt_ms >= AXES_APART_MS:
            one.lowered_dpct = dpct if one.lowered_dpct is None else min(one.lowered_dpct, dpct)
        if speed_ckph is None:
            return
        if speed_ckph > one.set_ckph + self.increment_ckph:
            self._stop_due({"what": f"somebody else's target of {speed_ckph} ckph"}, moment)
        if speed_ckph < one.set_ckph - self.increment_ckph:
            ceiling_ckph = max(speed_ckph, self.lowest_ckph)
            one.lowered_ckph = ceiling_ckph if one.lowered_ckph is None else min(one.lowered_ckph, ceiling_ckph)

    def _control_lost(self, values: dict[str, Any], moment: Moment) -> None:
        if values["notice"] == "another program took control":
            self.memory.control_lost = True
        if values["notice"] != "started at the console":
            self._stop_due(values, moment)
        if moment.before in BEFORE_START and moment.mode in BEFORE_START | {"starting"}:
            raise Violation(f"I4: {moment.mode} after the machine said: {values['notice']}")

    def _stop_due(self, values: dict[str, Any], moment: Moment) -> None:
        """What takes a moving belt out of our hands: a stop frame leaves in this very step."""
        if moment.before in MOVING and (moment.mode not in ENDED or not self._stop_left(moment)):
            raise Violation(f"I3: {values or 'a fault'} in {moment.before}: {moment.mode}, and no stop frame has left")

    def _overdue(self, values: dict[str, Any], moment: Moment) -> None:
        if moment.before in MOVING | {"stopping"} and moment.mode not in {"escalated", "latched", "fault"}:
            raise Violation(f"a command hangs in the link ({values}), and the mode is {moment.mode}")

    def _sleeps(self, _values: dict[str, Any], moment: Moment) -> None:
        self.memory.sleeps, self.memory.held_ms = True, None
        if moment.before in MOVING and moment.mode not in ENDED:
            raise Violation(f"R19: the computer goes to sleep, and the mode is {moment.mode}")

    def _suspended(self, values: dict[str, Any], moment: Moment) -> None:
        self.memory.sleeps, self.memory.slept, self.memory.held_ms = False, True, None
        self._forget_zeros()
        self._stop_due(values, moment)

    def _check_answered(self, _values: dict[str, Any], _moment: Moment) -> None:
        """A press soon after another one is a key that repeats itself: nobody's answer."""
        one, every_ms = self.memory, self.person.asked_every_ms
        if every_ms is not None and one.answer_ms >= every_ms and one.key_ms >= PRESSES_APART_MS:
            one.answer_ms = 0
        one.key_ms = 0

    def _heart(self, values: dict[str, Any], _moment: Moment) -> None:
        if values["bpm"] not in (None, 0, 255) and values["contact"] is not False:
            self.memory.heart_ms = 0

    def _turn_asked(self, _values: dict[str, Any], moment: Moment) -> None:
        """A turn that is refused does not replace the one that is shown."""
        one = self.memory
        if one.turn != moment.turn:
            one.on_rails = one.faced = False
        one.turn = moment.turn

    def _turn_confirmed(self, values: dict[str, Any], _moment: Moment) -> None:
        one = self.memory
        row_ms = one.first_zero_ms - one.report_ms if one.zeros else 0
        if row_ms < TURN_MS or one.zeros < TURN_REPORTS or (one.deck_dpct or 0) > TURN_DECK_DPCT:
            return
        first = values["what"].startswith("feet off")
        one.on_rails, one.faced = one.on_rails or first, one.faced or (one.on_rails and not first)

    def _symptom(self, values: dict[str, Any], moment: Moment) -> None:
        self.memory.symptom = True
        if moment.before in MOVING and moment.mode not in ENDED:
            raise Violation(f"R15: {values['what']} was said in {moment.before}, and the mode is {moment.mode}")
        if values["what"].startswith(("stop now", "pain or pressure in the chest", "dizzy")):
            self._stop_due(values, moment)

    def _pain(self, values: dict[str, Any], _moment: Moment) -> None:
        one = self.memory
        one.pain, one.before = values["level"], one.before if one.moved else values["level"]

    def _effort(self, values: dict[str, Any], _moment: Moment) -> None:
        self.memory.effort = values["level"]

    def _hurts(self) -> bool:
        """More than five of ten, or three more than before the first start."""
        one = self.memory
        return one.pain > 5 or (one.before is not None and one.pain >= one.before + 3)

    def _waited(self, values: dict[str, Any], _moment: Moment) -> None:
        """The explorer lets a long time pass at once: what is long over for the judge too."""
        if values["what"] == "the stop":
            self.memory.long_stop = True
        if values["what"] == "the strap":
            self.memory.heart_ms += values["ms"]
        if values["what"] == "the check":
            self.memory.answer_ms += values["ms"]
        if values["what"] == "the sleep":
            self.memory.sleeps = False
        if values["what"] == "the press" and self.memory.pressed_ms is not None:
            self.memory.pressed_ms = PRESS_AGAIN_MS

    # --- what is known ------------------------------------------------------------------------------------------

    def still(self) -> bool:
        """Three zeros or more, two seconds or more from the first to the last, no gap among or after them."""
        one = self.memory
        row_ms = one.first_zero_ms - one.report_ms
        return one.link and one.zeros >= STILL_REPORTS and row_ms >= STILL_MS and one.report_ms <= self.late_ms

    # --- modes --------------------------------------------------------------------------------------------------

    def _modes(self, moment: Moment) -> None:
        before, mode, names = moment.before, moment.mode, [name for name, _ in moment.heard]
        person = "Acknowledged" in names
        if before == "escalated" and mode not in {"escalated", "fault"} and not (person and mode == "latched"):
            raise Violation(f"I10: an escalation ended in {mode} without a person")
        if before == "latched" and mode not in ENDED and not person:
            raise Violation(f"I1: a latch went over into {mode} without a person")
        if before == "fault" and mode not in ENDED:
            raise Violation(f"R22: a fault went over into {mode} without a restart")
        if before in MOVING | ENDING and mode in {"latched", "paused", "fault", "idle"} and not self.still():
            raise Violation(f"I6: {before} ended in {mode} without a confirmed standstill")
        if mode == "running" and before not in {"running", "starting"}:
            raise Violation(f"I4: {before} went over into {mode}")
        if mode == "starting" and before not in {"starting", "countdown"}:
            raise Violation(f"I4: {before} went over into {mode}")
        if mode in MOVING and before in ENDED:
            raise Violation(f"I1: {before} went over into {mode}")
        if moment.elapsed_ms > GAP_MS:
            self._stop_due({"what": f"a gap of {moment.elapsed_ms} ms"}, moment)
            if before in BEFORE_START and mode in BEFORE_START | {"starting"}:
                raise Violation(f"I4: {mode} after a gap of {moment.elapsed_ms} ms (limit {GAP_MS} ms)")
        self._causes(moment, person)

    def _causes(self, moment: Moment, person: bool) -> None:
        if moment.mode in ENDED and not moment.hazards:
            raise Violation(f"I19: {moment.mode} without a cause")
        kept = moment.hazards[: len(moment.hazards_before)] == moment.hazards_before
        if not kept and not person and "LinkWentDown" not in [name for name, _ in moment.heard]:
            raise Violation(f"I19: the causes {moment.hazards_before} became {moment.hazards}")

    def _follow(self, moment: Moment) -> None:
        one, before, mode = self.memory, moment.before, moment.mode
        one.rested = one.rested or self.still()
        if mode in ENDED:
            one.stopped, one.armed, one.held_ms = True, False, None
            one.severe = one.severe or next((name for name in moment.causes if name in SEVERE), None)
        if mode in {"stopping", "escalated", "pausing"} and before not in {"stopping", "escalated", "pausing"}:
            one.ending_ms = one.fall_ms = 0
            one.framed = any(isinstance(command, StopBelt) for command in moment.commands)
            one.lowest_ckph, one.long_stop = self._speed_of_a_frame if one.framed else None, False
            one.frame_ms = one.vain_ms = 0
            one.rested = one.relinked = False
            if before == "starting":  # what was seen before the start says nothing of what the belt will do
                self._forget_zeros()
        if mode not in BEFORE_START:
            one.held_ms = None
        if mode == "running" and before != "running":
            one.rise_ms = 0
        if mode != "turning":
            one.turn, one.on_rails, one.faced = None, False, False

    # --- commands -----------------------------------------------------------------------------------------------

    def _command(self, command: Command, moment: Moment) -> None:
        if isinstance(command, StopBelt):
            self._stop_frame(moment)
            return
        if self.memory.out:
            raise Violation(f"I17: {command} while another command is with the link")
        if not self.memory.link:
            raise Violation(f"I14: {command} without a link")
        if isinstance(command, StartBelt):
            self._start(command, moment)
        elif isinstance(command, SetSpeed):
            self._set_speed(command.speed_ckph, moment)
        else:
            self._set_incline(command, moment)
        self.memory.out = True

    def _stop_frame(self, moment: Moment) -> None:
        one = self.memory
        if moment.mode not in ENDED | {"pausing", "paused"}:
            raise Violation(f"a stop frame in {moment.mode}")
        toggles = not self.profile.stop_repeat_ok
        if toggles and self.still() and moment.before != "starting":
            raise Violation("a stop frame to a machine that toggles and is seen to stand")
        if toggles and one.relinked and not one.speed_ckph and not one.stop_refused:
            raise Violation("a stop frame to a machine that toggles, and nothing was seen of it on this link")
        faster = (one.speed_ckph or 0) >= (one.lowest_ckph or 0) + ANEW_CKPH
        if one.framed and moment.before in ENDING and not one.relinked:
            if one.frame_ms < REPEAT_MS:
                raise Violation(f"a second stop frame after {one.frame_ms} ms (limit {REPEAT_MS} ms)")
            if toggles and not (one.stop_refused or one.rested or faster):
                raise Violation("a second stop frame to a machine that toggles")
        if not one.framed or one.rested or faster:
            one.lowest_ckph = self._speed_of_a_frame
        if toggles and not one.framed:  # it may have started a belt that was coming to rest
            self._forget_zeros()
        one.framed, one.frame_ms, one.vain_ms = True, 0, 0
        one.relinked, one.stop_refused, one.rested = False, False, False

    def _start(self, command: StartBelt, moment: Moment) -> None:
        one, person = self.memory, self.person
        if (moment.before, moment.mode) != ("countdown", "starting"):
            raise Violation(f"I4: a start from {moment.before} to {moment.mode}")
        if command.belt is not person.belt or command.regardless:
            raise Violation(f"I5: {command} for a run with the belt {person.belt.value}")
        countdown_ms = 10_000 if person.facing is Facing.REAR else 5_000
        lacks = {
            "an arming": one.armed,
            "an acknowledged stop": not one.stopped,
            "a completed hold": one.held_ms is not None,
            f"{countdown_ms} ms of countdown": (one.held_ms or 0) >= countdown_ms,
            "a confirmed standstill": self.still(),
            "a lease": one.beat_ms <= LEASE_MS and not one.revoked,
            "a screen that moves": one.ui_ms <= UI_SLOW_MS,
            "a keyboard that is read": one.input_alive,
            "control of the machine": not one.control_lost,
            "a computer that stays awake": not one.sleeps,
            "a limit above the lowest speed": self.lowest_ckph <= person.speed_max_ckph,
            "a charged battery": one.battery_percent >= 30,
            "a hand on the clicker": not one.let_go,
            "a person who is well": not (one.symptom or self._hurts() or one.effort >= 10),
            "a heart that is seen": not person.heart_needed or one.heart_ms <= HEART_LATE_MS,
        }
        missing = [what for what, there in lacks.items() if not there]
        if missing:
            raise Violation(f"I4: a start without {' and '.join(missing)}")
        one.armed, one.held_ms, one.ran, one.turned = False, None, self._way, None
        one.set_ckph = one.wanted_ckph = one.top_ckph = self.lowest_ckph
        one.set_dpct = one.set_dpct if one.deck_dpct is None else one.deck_dpct
        one.head_mckph = (self.lowest_ckph + self.increment_ckph) * 1000
        one.rise_ms = one.top_ms = one.steady_ms = 0
        one.refused = False

    def _set_speed(self, speed_ckph: int, moment: Moment) -> None:
        one, person, mode = self.memory, self.person, moment.mode
        ceiling_ckph = min(person.speed_max_ckph, self.profile.capabilities.speed_max_ckph)
        if type(speed_ckph) is not int or not self.lowest_ckph <= speed_ckph <= ceiling_ckph:
            raise Violation(f"I2: set to {speed_ckph}, allowed from {self.lowest_ckph} to {ceiling_ckph} ckph")
        if speed_ckph % self.increment_ckph:
            raise Violation(f"I2: set to {speed_ckph}, which is no step of {self.increment_ckph} ckph")
        if mode not in {"running", "pausing", "stopping"} or (one.framed and mode != "running"):
            raise Violation(f"I1: set to {speed_ckph} ckph in {mode}")
        if one.speed_ckph == 0:
            raise Violation(f"set to {speed_ckph} ckph on a belt that reports zero")
        if mode != "running" and (not self.profile.set_never_starts or one.report_ms > self.late_ms):
            raise Violation(
                f"a ramp in {mode} on the strength of {one.report_ms} ms old reports, or where a set starts"
            )
        first_of_a_stop = mode != "running" and moment.before in {"starting", "running"}
        if first_of_a_stop and speed_ckph > max(one.speed_ckph or 0, self.lowest_ckph):
            raise Violation(f"a stop begins at {speed_ckph} ckph on a belt that runs at {one.speed_ckph}")
        if speed_ckph > one.set_ckph:
            self._speed_rise(speed_ckph, moment)
        else:
            one.head_mckph = (speed_ckph + self.increment_ckph) * 1000
            one.lower_due_ms = 0
        one.top_ckph, one.top_ms = (speed_ckph, 0) if speed_ckph >= one.top_ckph else (one.top_ckph, one.top_ms)
        if speed_ckph < one.set_ckph:
            one.top_ms = 0
        one.set_ckph, one.steady_ms, one.yielded = speed_ckph, 0, False

    def _speed_rise(self, speed_ckph: int, moment: Moment) -> None:
        one = self.memory
        if moment.mode != "running":
            raise Violation(f"I1: a rise to {speed_ckph} ckph in {moment.mode}")
        if speed_ckph > one.wanted_ckph:
            raise Violation(f"a rise to {speed_ckph} ckph, wanted {one.wanted_ckph}")
        if one.lowered_ckph is not None and speed_ckph > one.lowered_ckph:
            raise Violation(f"I16: a rise to {speed_ckph} ckph, lowered to {one.lowered_ckph} at the console")
        if speed_ckph * 1000 > one.head_mckph:
            raise Violation(f"I12: a rise to {speed_ckph} ckph; the tier allows {one.head_mckph / 1000:.1f} by now")
        if speed_ckph - one.set_ckph > self.step_ckph or one.rise_ms < RISES_APART_MS:
            raise Violation(f"R3: from {one.set_ckph} to {speed_ckph} ckph, {one.rise_ms} ms after the last rise")
        leash_ckph = self.step_ckph + self.person.rise_ckph_per_s * self.window_ms / 1000
        if speed_ckph > (one.speed_ckph or 0) + leash_ckph:
            raise Violation(f"R3: a rise to {speed_ckph} ckph on a belt that runs at {one.speed_ckph}")
        self._rise("speed", one.tilt_ms)
        one.head_mckph = min(one.head_mckph, (speed_ckph + self.increment_ckph) * 1000)
        one.rise_ms = 0

    def _rise(self, what: str, other_axis_ms: int) -> None:
        one, person = self.memory, self.person
        if other_axis_ms < AXES_APART_MS:
            raise Violation(f"I13: {what} rises {other_axis_ms} ms after the other axis")
        lacks = {
            "fresh reports": one.report_ms <= self.late_ms,
            "a screen that moves": one.ui_ms <= UI_SLOW_MS,
            "cues, a record and the person's reach": one.warned,
            "a heart that is seen": not person.heart or one.heart_ms <= HEART_LATE_MS,
            "a machine that took the last set-point": not one.refused,
            "an unsuspicious speed": not one.over,
            "a person who is well": one.pain < 3 and one.effort < 9,
            "an answer to the check": one.answer_ms < (person.asked_every_ms or NEVER) + UNANSWERED_MS[1],
        }
        missing = [name for name, there in lacks.items() if not there]
        if missing:
            raise Violation(f"I11: {what} rises without {' and '.join(missing)}")

    def _set_incline(self, command: SetIncline, moment: Moment) -> None:
        one, dpct = self.memory, command.incline_dpct
        ceiling_dpct = min(self.person.incline_max_dpct, self.profile.capabilities.incline_max_dpct)
        if type(dpct) is not int or not 0 <= dpct <= ceiling_dpct:
            raise Violation(f"I2: the deck set to {dpct}, allowed from 0 to {ceiling_dpct} dpct")
        if moment.mode != "running" or one.speed_ckph == 0:
            raise Violation(f"I1: the deck set to {dpct} dpct in {moment.mode} at {one.speed_ckph} ckph")
        if dpct > one.set_dpct:
            if one.lowered_dpct is not None and dpct > one.lowered_dpct:
                raise Violation(f"I16: the deck rises to {dpct} dpct, lowered to {one.lowered_dpct} at the console")
            self._rise("the deck", one.rise_ms)
            one.tilt_ms = 0
        one.set_dpct = dpct

    # --- what holds in every moment ------------------------------------------------------------------------------

    def _standing(self, moment: Moment) -> None:
        one, mode = self.memory, moment.mode
        if mode in MOVING:
            self._moving(mode)
            self._answered_in_time(mode)
        if mode == "stopping":
            if one.fall_ms > NO_FALL_MS and one.zeros != 1:
                raise Violation(f"I9: stopping for {one.fall_ms} ms without a visible fall (limit {NO_FALL_MS} ms)")
            if one.long_stop and moment.elapsed_ms:
                raise Violation("I9: still stopping after a minute")
        if mode in ENDING:
            self._repeats()
            self._moves_anew(moment.elapsed_ms)
        self._heeds(mode, moment.elapsed_ms)

    def _moving(self, mode: str) -> None:
        """Nothing moves on without reports, lease, keyboard, link, charge, hand and a person who is well."""
        one = self.memory
        heard = one.report_ms < self.silent_ms and one.beat_ms <= LEASE_MS and one.ui_ms <= UI_DEAD_MS
        well = one.pain <= 5 and one.effort < 10 and not one.symptom and not self._hurts()
        reached = one.input_alive and not one.revoked and not one.let_go and one.link and one.battery_percent >= 10
        if not (heard and well and reached and one.over < 2):
            raise Violation(f"{mode} goes on although {self._why_not()}")

    def _answered_in_time(self, mode: str) -> None:
        every_ms = self.person.asked_every_ms
        if every_ms is not None and mode in {"running", "pausing"}:
            limit_ms = every_ms + UNANSWERED_MS[-1]
            if self.memory.answer_ms >= limit_ms:
                raise Violation(
                    f"R14: {mode} with nobody answering for {self.memory.answer_ms} ms (limit {limit_ms} ms)"
                )

    def _why_not(self) -> str:
        """The first reason why nothing may be moving."""
        one = self.memory
        reasons = {
            f"I7: reports are {one.report_ms} ms old (limit {self.silent_ms} ms)": one.report_ms >= self.silent_ms,
            f"R13: the last beat is {one.beat_ms} ms old (limit {LEASE_MS} ms)": one.beat_ms > LEASE_MS,
            "R13: the program has ended": one.revoked,
            f"R13b: the screen is {one.ui_ms} ms old (limit {UI_DEAD_MS} ms)": one.ui_ms > UI_DEAD_MS,
            "R13b: the keyboard is not read": not one.input_alive,
            "R14: the clicker was let go": one.let_go,
            f"R15: pain {one.pain} was said, {one.before} before the start": self._hurts(),
            f"R15: effort {one.effort} was said": one.effort >= 10,
            "R15: a symptom was said": one.symptom,
            "R17: there is no link": not one.link,
            f"R19: the battery has {one.battery_percent} % (limit 10 %)": one.battery_percent < 10,
            f"I8: {one.over} reports in a row were above {one.top_ckph} ckph": one.over >= 2,
        }
        return next(reason for reason, there in reasons.items() if there)

    def _repeats(self) -> None:
        """A belt that is not seen to obey is told again, where the machine may be told twice."""
        self._speeds_on()
        one = self.memory
        obeys = one.speed_ckph == 0 and one.report_ms <= self.late_ms
        if one.link and not obeys and one.vain_ms > self.vain_ms:
            raise Violation(f"nothing falls, and no stop was sent for {one.vain_ms} ms (limit {self.vain_ms} ms)")

    def _speeds_on(self) -> None:
        """A belt that was speeding up goes on to for as long as its machine takes to react: from there it falls."""
        one = self.memory
        reacts = one.framed and one.frame_ms < self.profile.stop_reaction_ms and one.report_ms <= self.late_ms
        if reacts and one.speed_ckph is not None and one.lowest_ckph is not None:
            faster = one.speed_ckph >= one.lowest_ckph + ANEW_CKPH
            one.lowest_ckph = one.speed_ckph if faster else one.lowest_ckph

    def _moves_anew(self, elapsed_ms: int) -> None:
        """A belt that came to rest behind its stop and moves again is told again, whatever machine it is."""
        one = self.memory
        again = one.link and one.rested and one.moves >= 2 and one.report_ms <= self.late_ms
        one.anew_ms = one.anew_ms + elapsed_ms if again else 0
        if one.anew_ms > REPEAT_MS:
            raise Violation(f"it had come to rest and moves anew, and no stop was sent for {one.anew_ms} ms")

    def _heeds(self, mode: str, elapsed_ms: int) -> None:
        """I15: a lower wish is under way soon after the link is free."""
        one = self.memory
        goal_ckph = max(one.wanted_ckph - one.wanted_ckph % self.increment_ckph, self.lowest_ckph)
        free = not one.out and not one.yielded  # where somebody lowered it, what is in force is theirs
        waits = mode == "running" and free and goal_ckph < one.set_ckph and one.speed_ckph != 0
        one.lower_due_ms = one.lower_due_ms + elapsed_ms if waits else 0
        if one.lower_due_ms > LOWER_WITHIN_MS:
            raise Violation(f"I15: {goal_ckph} ckph was wanted for {one.lower_due_ms} ms, in force {one.set_ckph}")

    # --- the memory made small ----------------------------------------------------------------------------------

    def _small(self, mode: str) -> tuple[Any, ...]:
        """Ages no older than anything asks for, and nothing of what the mode has made meaningless."""
        one = self.memory
        one.report_ms = min(one.report_ms, self.silent_ms + 1)
        row_ms = TURN_MS if mode == "turning" else STILL_MS
        one.zeros = min(one.zeros, TURN_REPORTS if mode == "turning" else STILL_REPORTS)
        one.first_zero_ms = min(one.first_zero_ms, row_ms + self.late_ms + 1)
        one.beat_ms = min(one.beat_ms, LEASE_MS + 1)
        one.ui_ms = min(one.ui_ms, (UI_DEAD_MS if mode in MOVING else UI_SLOW_MS) + 1)
        one.heart_ms = mark(one.heart_ms, HEART_MARKS_MS) if self.person.heart else NEVER
        every_ms = self.person.asked_every_ms
        asked = every_ms is not None and mode in {"running", "pausing"}
        one.answer_ms = mark(one.answer_ms, tuple([(every_ms or 0) + ms for ms in UNANSWERED_MS])) if asked else 0
        one.key_ms = min(one.key_ms, PRESSES_APART_MS) if asked else PRESSES_APART_MS
        one.rise_ms = min(one.rise_ms, AXES_APART_MS if self.deck else RISES_APART_MS)
        one.tilt_ms = min(one.tilt_ms, AXES_APART_MS)
        one.over = min(one.over, 2)
        if mode != "stopping" or one.framed:
            one.pressed_ms = None
        elif one.pressed_ms is not None and one.pressed_ms != PRESS_AGAIN_MS:
            one.pressed_ms = NEVER if one.pressed_ms > PRESS_AGAIN_MS else 0
        if one.held_ms is not None:
            one.held_ms = min(one.held_ms, 10_000)
        self._small_run(mode)
        self._small_end(mode)
        return _ALL(one)

    def _small_run(self, mode: str) -> None:
        one = self.memory
        if mode not in {"starting", "running"}:
            one.wanted_ckph = one.head_mckph = one.lower_due_ms = one.steady_ms = 0
            one.rise_ms, one.yielded = NEVER, False
        if mode not in MOVING:
            one.top_ms = 0
            one.set_ckph = one.set_ckph if mode == "stopping" and not one.framed else 0
            one.refused, one.tilt_ms, one.over = False, NEVER, 0
            one.set_dpct = one.set_dpct if self.deck else 0
            one.top_ckph = 0
        one.top_ms = min(one.top_ms, self.excused_ms)
        if one.top_ms == self.excused_ms or one.top_ckph == one.set_ckph:
            one.top_ckph, one.top_ms = one.set_ckph, 0
        one.steady_ms = min(one.steady_ms, self.excused_ms) if self.targets else 0
        one.head_mckph = min(one.head_mckph, (one.set_ckph + self.step_ckph) * 1000)

    def _small_end(self, mode: str) -> None:
        one = self.memory
        if mode not in ENDING and mode != "pausing":
            one.lowest_ckph, one.ending_ms, one.fall_ms, one.frame_ms, one.vain_ms = None, 0, 0, 0, 0
            one.framed = one.rested = one.relinked = one.long_stop = one.stop_refused = False
        one.ending_ms = min(one.ending_ms, 1)
        one.fall_ms = 0 if mode == "escalated" else min(one.fall_ms, NO_FALL_MS + 1)
        one.frame_ms = min(one.frame_ms, REPEAT_MS) if one.framed else 0
        one.vain_ms = min(one.vain_ms, self.vain_ms + 1) if one.framed and self.profile.stop_repeat_ok else 0
        one.long_stop = one.long_stop and mode == "stopping"
        toggles = not self.profile.stop_repeat_ok
        one.rested = one.rested and toggles
        one.moves, one.anew_ms = (
            (min(one.moves, 2), min(one.anew_ms, REPEAT_MS)) if toggles and mode in ENDING else (0, 0)
        )


def mark(value_ms: int, marks_ms: tuple[int, ...]) -> int:
    """Of a long wait only its beginning, the last moment before each mark, and the marks themselves."""
    kept = 0
    for mark_ms in marks_ms:
        if value_ms >= mark_ms - 1:
            kept = min(value_ms, mark_ms)
    return kept


_TOLD = {
    "Seen": Judge._seen,
    "LinkCameUp": Judge._link_up,
    "LinkWentDown": Judge._link_down,
    "Beat": Judge._beat,
    "LeaseRevoked": Judge._revoked,
    "ArmAsked": Judge._arm,
    "HoldCompleted": Judge._held,
    "StartCancelled": Judge._cancelled,
    "StopAsked": Judge._stop,
    "Acknowledged": Judge._acknowledged,
    "Wanted": Judge._wanted,
    "Answered": Judge._answered,
    "TargetSeen": Judge._target,
    "Said": Judge._control_lost,
    "SelfFault": Judge._stop_due,
    "WriteOverdue": Judge._overdue,
    "HostSleeps": Judge._sleeps,
    "Suspended": Judge._suspended,
    "HeartSeen": Judge._heart,
    "TurnAsked": Judge._turn_asked,
    "TurnConfirmed": Judge._turn_confirmed,
    "AttentionAnswered": Judge._check_answered,
    "SymptomFelt": Judge._symptom,
    "PainSaid": Judge._pain,
    "EffortSaid": Judge._effort,
    "Waited": Judge._waited,
}
