"""Whether the program, the computer and the person were heeded: the rules that no judge of a session looks at.

    wish        nothing rises above what the program wishes on this connection
    link        a command that is with the link for longer than the machine needs to answer raises the alarm
    I4          nothing is armed whose checklist is not complete
    R7          a belt that moves off at rest is stopped with its second report; so is a run whose console says zero and
                counts from its beginning again
    R10         a machine whose clock stands still for 5 s while it reports motion is stopped; of one that falls silent
                meanwhile the silence is what is minded
    R13         motion is leased: it ends 0.6 s after the last beat, and with the end of the program
    R13b        a screen that stands still for 5 s, a keyboard that is not read, a person who cannot reach the program
                for 15 s end it; a screen of 2 s, and a person who cannot reach it at all, allow no rise
    R14         a clicker that is let go ends it; so does a check that nobody answers for 30 s, and after 10 s of it
                nothing rises. It asks every minute; the frail every 30 s, above 6 km/h every 20 s
    R15         pain above 5 or three more than before, and an effort of 10, end it; from 3 and from 9 on nothing rises
    R15, R19    chest pain, dizziness and "stop now", and a computer that slept, leave no time for a ramp: a stop frame
                leaves at once, unless one has left since the last start or set-point: that stop goes on, and says
                itself when it goes again
    R17         a machine that is lost under a belt that may move is sought three times at most
    R18, R20    a record two seconds behind, or failed, and cues that are not heard, allow no rise
    R19         a battery below 10 %, and a guardian that stood still for over half a second, end it
    R21         nothing rises once the minutes of a run are over, and a minute later it ends
    R22         two looks late by over a quarter of a second within ten seconds end it

The figures are typed a second time on purpose, and nothing comes from the code that decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from retrotread.guardian.messages import Arm, Attend, Feel, Heartbeat, Intent, Rate, ToGuardian
from retrotread.machine import Telemetry

MOVING = frozenset({"starting", "running", "pausing"})
COUNTED_AT_FIRST = 5.0
"""Of a console that has just begun: metres, and seconds."""
ENDING = frozenset({"stopping", "escalated"})
AT_REST = frozenset({"idle", "armed", "countdown", "paused", "turning", "latched"})
BEFORE_START = frozenset({"idle", "disconnected"})

SOON_S = 0.35
"""A look that has just passed, the look that sees it, and what messages lose on the pipe."""

NO_TIME_FOR = ("stop now", "pain or pressure in the chest", "dizzy")

LEASE_S, UI_SLOW_S, UI_DEAD_S, AWAY_S, RECORDER_S = 0.6, 2.0, 5.0, 15.0, 2.0
ASKS_S, ASKS_FRAIL_S, ASKS_FAST_S, FAST_CKPH = 60.0, 30.0, 20.0, 600
UNANSWERED_FREEZE_S, UNANSWERED_STOP_S, PRESS_APART_S = 10.0, 30.0, 1.0
TRIES, STUCK_S = 3, 5.0
LOOK_S, GAP_S, LATE_S, TWICE_WITHIN_S = 0.1, 0.5, 0.25, 10.0
OVER_S = 60.0


class Heeding:
    """Told of the same things as the guardian, in their order; ``note`` takes the rule and a sentence."""

    def __init__(self, tier: str, asks: bool, answers_s: float, note: Callable[[str, str], None]) -> None:
        """``asks``: somebody answers the attention check. ``answers_s``: how long a command may be with the link."""
        self._tier, self._asks, self._answers_s, self._note = tier, asks, answers_s, note
        self._mode, self._step_s, self._late_s = "disconnected", 0.0, -math.inf
        self._beat: Heartbeat | None = None
        self._beat_s = -math.inf
        self._away_s: dict[str, float] = {}
        self._gone = self._unchecked = False
        self._pain, self._effort = 0, 0
        self._pain_before: int | None = None
        self._moved_s, self._max_s = 0.0, math.inf
        self._run_id = ""
        self._answered_s = self._pressed_s = -math.inf
        self._target_ckph = 0
        self._moves = 0
        self._clock_s: float | None = None
        self._stuck_s: float | None = None
        self._stuck_for_s = 0.0
        self._counted: dict[str, float] = {}
        self._restarted = False
        self._out: dict[int, float] = {}
        self._tries = 0
        self._wish_ckph = 0
        self._owed_s: dict[str, float] = {}
        self._frame_owed: dict[str, tuple[float, str]] = {}
        self._stop_is_out = False
        self._told: set[str] = set()

    # --- what is heard --------------------------------------------------------------------------------------

    def heard(self, now_s: float, message: ToGuardian) -> None:
        """A message that counts has reached the guardian."""
        match message:
            case Heartbeat():
                self._beat, self._beat_s = message, now_s
                away = {one.value for one in message.unreachable}
                self._away_s = {one: self._away_s.get(one, now_s) for one in sorted(away)}
            case Intent(speed_kph=speed_kph):
                self._wish_ckph = round(speed_kph * 100)
            case Arm(run_id=run_id, session_max_s=max_s, checklist_done=done):
                self._unchecked = not done
                self._arm(run_id, max_s)
            case Attend():
                if now_s - self._pressed_s >= PRESS_APART_S:
                    self._answered_s = now_s
                self._pressed_s = now_s
            case Rate(pain=pain, effort=effort):
                self._rated(pain, effort)
            case Feel(what=what) if what.value.startswith(NO_TIME_FOR):
                self._owes_a_frame(now_s, "R15", f"somebody said: {what.value}")

    def _arm(self, run_id: str, max_s: float) -> None:
        if self._mode not in {"idle", "paused", "turning"}:
            return
        if run_id != self._run_id:
            self._moved_s, self._max_s = 0.0, math.inf
        self._run_id, self._max_s = run_id, min(self._max_s, max_s)

    def _rated(self, pain: int | None, effort: int | None) -> None:
        if pain is not None:
            self._pain, self._pain_before = pain, self._pain_before if self._moved_s else pain
        self._effort = self._effort if effort is None else effort

    def slept(self, now_s: float) -> None:
        """The computer has slept."""
        self._owes_a_frame(now_s, "R19", "the computer slept")

    def _owes_a_frame(self, now_s: float, rule: str, why: str) -> None:
        if self._mode in MOVING and not self._stop_is_out:
            self._frame_owed.setdefault(rule, (now_s, why))

    def stop_frame(self) -> None:
        """A stop is handed over."""
        self._frame_owed.clear()
        self._stop_is_out = True

    def main_gone(self) -> None:
        """The program has ended."""
        self._gone = True

    def report(self, now_s: float, report: Telemetry) -> None:
        """A report that the guardian hears."""
        if report.speed_kph is None or report.measured_at_s > now_s + LOOK_S:
            return
        self._moves = self._moves + 1 if report.speed_kph > 0 else 0
        stands = report.machine_time_s is not None and report.machine_time_s == self._clock_s and report.speed_kph > 0
        self._stuck_s = (now_s if self._stuck_s is None else self._stuck_s) if stands else None
        self._stuck_for_s = 0.0 if self._stuck_s is None else now_s - self._stuck_s
        self._clock_s = report.machine_time_s
        self._count(report)

    def _count(self, report: Telemetry) -> None:
        counts = {"metres": report.distance_m, "seconds": report.machine_time_s}
        told = {name: count for name, count in counts.items() if count is not None}
        changes = [count - self._counted.get(name, count) for name, count in told.items()]
        anew = min(changes, default=0.0) < 0 and max(changes) <= 0 and max(told.values()) <= COUNTED_AT_FIRST
        self._counted |= told
        self._restarted = self._mode == "running" and (self._restarted or (anew and report.speed_kph == 0))

    def link_lost(self) -> None:
        """Nothing that was reported before counts any more, and no answer comes."""
        self._moves, self._tries, self._stuck_s, self._stuck_for_s = 0, 0, None, 0.0
        self._counted, self._restarted = {}, False
        self._out.clear()

    def tries(self) -> None:
        """The lost machine is sought once more."""
        self._tries += 1
        if self._tries > TRIES and self._mode in ENDING:
            self._once("R17", f"the lost machine is sought for the {self._tries}. time (limit {TRIES})")

    def handed_over(self, now_s: float, number: int) -> None:
        """A command is with the link from now on."""
        self._out[number] = now_s

    def answered(self, number: int) -> None:
        """It has come back, or is given up."""
        self._out.pop(number, None)

    # --- what is done ---------------------------------------------------------------------------------------

    def set_speed(self, now_s: float, speed_ckph: int) -> None:
        """A set-point is handed over; what must not rise does not."""
        rises, self._target_ckph = speed_ckph > self._target_ckph, speed_ckph
        self._stop_is_out = False
        if rises:
            self.rise(now_s, f"{speed_ckph / 100:.2f} km/h")
        if rises and speed_ckph > self._wish_ckph:
            self._once("wish", f"a rise to {speed_ckph / 100:.2f} km/h, wished {self._wish_ckph / 100:.2f} km/h")

    def start(self, speed_ckph: int) -> None:
        """A start is handed over: the belt will run at its lowest speed."""
        self._target_ckph = speed_ckph
        self._stop_is_out = False

    def rise(self, now_s: float, what: str) -> None:
        """Speed or deck are told to rise."""
        for rule, why in self._no_rise(now_s):
            self._once(rule, f"a rise to {what}, although {why}")

    def step(self, now_s: float, mode: str) -> None:
        """A look of the guardian, and the mode that it is in now."""
        passed_s, was = now_s - self._step_s, self._mode
        if was in MOVING:
            self._moved_s += passed_s
            self._late(now_s, passed_s, mode)
        if mode not in {"running", "pausing"} or was not in {"running", "pausing"}:
            self._answered_s = now_s
        if (mode == "starting" and was != "starting") or mode in {"stopping", "escalated"}:
            self._moves = 0
        if mode == "armed" and self._unchecked:
            self._once("I4", "armed without a complete checklist")
        self._mode, self._step_s = mode, now_s
        for rule, (since_s, why) in self._frame_owed.items():
            if now_s - since_s > SOON_S:
                self._once(rule, f"no stop frame {now_s - since_s:.1f} s after {why}")
        owed = self._owed(now_s)
        if owed or self._owed_s:
            self._waited(now_s, owed)

    def _waited(self, now_s: float, owed: dict[str, str]) -> None:
        """What is owed for longer than a moment was not heeded."""
        self._owed_s = {sentence: self._owed_s.get(sentence, now_s) for sentence in owed}
        for sentence, rule in owed.items():
            owed_s = now_s - self._owed_s[sentence]
            if owed_s > SOON_S:
                self._once(rule, f"{self._mode} for {owed_s:.1f} s although {sentence}")

    def _late(self, now_s: float, passed_s: float, mode: str) -> None:
        """One look that is far too late, or two in ten seconds that are late."""
        if passed_s > LOOK_S + GAP_S + 0.05 and mode in MOVING:
            self._once("R19", f"{mode} after {passed_s:.2f} s in which nobody watched")
        if passed_s <= LOOK_S + LATE_S + 0.005:
            return
        if now_s - self._late_s < TWICE_WITHIN_S - 0.5 and mode in MOVING:
            self._once("R22", f"{mode} after two late looks within {now_s - self._late_s:.1f} s")
        self._late_s = now_s

    # --- the rules in words ---------------------------------------------------------------------------------

    def _owed(self, now_s: float) -> dict[str, str]:
        """What is a reason for a stop in this mode, each with its rule."""
        if self._mode in AT_REST:
            return {"the belt was reported to move twice at rest": "R7"} if self._moves >= 2 else {}
        if self._mode not in MOVING and self._mode != "stopping":
            return {}
        if self._out and now_s - min(self._out.values()) > self._answers_s:
            return {"a command hangs in the link": "link"}
        if self._mode == "stopping":
            return {}
        return dict([*self._owed_to_the_machine(), *self._owed_to_the_program(now_s), *self._owed_to_them(now_s)])

    def _owed_to_the_machine(self) -> Iterator[tuple[str, str]]:
        if self._restarted and self._mode == "running":
            yield "the console restarted", "R7"
        if self._stuck_for_s > STUCK_S:
            yield "the clock of the machine stands still", "R10"

    def _owed_to_the_program(self, now_s: float) -> Iterator[tuple[str, str]]:
        if self._gone:
            yield "the program has ended", "R13"
        if now_s - self._beat_s > LEASE_S:
            yield "no beat came within 0.6 s", "R13"
        if self._ui_s(now_s) > UI_DEAD_S:
            yield "the screen stands still", "R13b"
        beat = self._beat
        if beat is not None and not beat.input_alive:
            yield "nobody reads the keyboard", "R13b"
        if self._away_s and now_s - min(self._away_s.values()) >= AWAY_S:
            yield "the person was out of reach for 15 s", "R13b"
        if beat is not None and beat.clicker_held is False:
            yield "the clicker was let go", "R14"
        if beat is not None and (beat.battery_percent or 100) < 10:
            yield "the battery is nearly empty", "R19"

    def _owed_to_them(self, now_s: float) -> Iterator[tuple[str, str]]:
        if self._asks and self._unanswered_s(now_s) > UNANSWERED_STOP_S:
            yield "nobody answered the check", "R14"
        if self._hurts:
            yield "it hurts too much", "R15"
        if self._effort >= 10:
            yield "the effort is 10", "R15"
        if self._mode == "running" and self._moved_s > self._max_s + OVER_S:
            yield "its minutes are over", "R21"

    def _no_rise(self, now_s: float) -> list[tuple[str, str]]:
        beat = self._beat
        recorded = beat is None or not (beat.recorder_failed or beat.recorder_age_s > RECORDER_S)
        reasons = [
            ("R13b", "the screen is slow", self._ui_s(now_s) > UI_SLOW_S + SOON_S),
            ("R13b", "the person cannot reach the program", bool(self._away_s)),
            ("R14", "nobody answered the check", self._unanswered_s(now_s) > UNANSWERED_FREEZE_S + SOON_S),
            ("R15", "it hurts", self._pain >= 3),
            ("R15", "the effort is high", self._effort >= 9),
            ("R18", "the run is not recorded", not recorded),
            ("R20", "no cue is heard", beat is not None and not beat.cues_ok),
            ("R21", "its minutes are over", self._moved_s > self._max_s + SOON_S),
        ]
        return [(rule, sentence) for rule, sentence, holds in reasons if holds]

    def _ui_s(self, now_s: float) -> float:
        return 0.0 if self._beat is None else self._beat.ui_age_s + now_s - self._beat_s

    def _unanswered_s(self, now_s: float) -> float:
        """For how long the check has gone without an answer at least; at its slowest pace, where the speed changed."""
        if not self._asks:
            return 0.0
        every_s = ASKS_FRAIL_S if self._tier == "frail" else ASKS_S
        return now_s - self._answered_s - every_s

    @property
    def _hurts(self) -> bool:
        risen = self._pain_before is not None and self._pain >= self._pain_before + 3
        return self._pain > 5 or risen

    def _once(self, rule: str, sentence: str) -> None:
        if rule not in self._told:
            self._told.add(rule)
            self._note(rule, sentence)
