"""What may last only so long, judged like all else in ``judge``: with a memory of its own, from the rules in words.

R6    a belt that stays behind its set-point and does not get faster: no rise after 3 s, no run after 10 s
R7    a belt that moves off at rest ends the rest with its second report, and a stop frame leaves at once
R10   counters that stand still for 5 s while motion is reported end it
R12   a plan that leans on the heart rate ends when none has come for a minute
R13b  who has been out of reach for 15 s has no belt that moves
R21   the minutes of a session and of a block: no rise after them, and a minute later no run
R22   two looks that are late within 10 s end it
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from operator import attrgetter
from typing import Any

from retrotread.machine import DeviceProfile, SetIncline, SetSpeed, StartBelt, StopBelt

from .judge import ENDING, HEART_MARKS_MS, MOVING, NEVER, Heard, Moment, Person, Violation, mark

FOREVER_MS = 10_000_000
REORDERED_MS = 301
"""A report that is older than this is never told behind a younger one."""
AT_REST = frozenset({"idle", "armed", "countdown", "paused", "turning", "latched"})
AWAY_MS = 15_000
STUCK_MS = 5_000
LATE_LOOK_MS, TWICE_WITHIN_MS = 350, 10_000
OVER_MS = 60_000
HEART_GONE_MS = HEART_MARKS_MS[-1]
# Behind by half a km/h, or a tenth of the set-point, without getting faster for as long as a slow motor needs.
BEHIND_CKPH, RISING_MS = 50, 1_500
NO_RISE_BEHIND_MS, NO_RUN_BEHIND_MS = 3_000, 10_000


@dataclass(slots=True)
class Lasted:
    """What has lasted how long, in milliseconds; each with a ceiling beyond which nothing depends on it."""

    speed_ckph: int | None = None
    report_ms: int = NEVER
    moves: int = 0
    stuck_ms: int = 0
    late_ms: int | None = None
    away_ms: tuple[int | None, ...] = (None, None, None)
    heart_ms: int = NEVER
    motion_ms: int = 0
    max_ms: int = FOREVER_MS
    wish_ckph: int = 0
    wish_ms: int = 0
    set_ckph: int = 0
    set_dpct: int = 0
    due_ckph: int = 0
    due_ms: int = 0
    rose_ms: int = 0
    behind_ms: int = 0


_ALL = attrgetter(*[field.name for field in fields(Lasted)])
FIRST = astuple(Lasted())


class Lasting:
    """Judges one machine, moment by moment. ``follows``: whether it looks at a belt that stays behind."""

    def __init__(self, profile: DeviceProfile, follows: bool = True) -> None:
        self.profile, self.follows = profile, follows
        # A set-point that was in force for three times the lag and a report is due, whatever came before it.
        self.due_after_ms = 3 * (profile.lag_ms + profile.report_period_ms)
        self.lowest_ckph = profile.capabilities.speed_min_ckph
        self.kept_ms = min(max(3 * profile.report_period_ms, 2_000), 3_000) + 1

    def judge(self, remembered: tuple[Any, ...], person: Person, moment: Moment) -> tuple[Any, ...]:
        """The memory after ``moment``; raises ``Violation`` where something lasts for too long."""
        one = Lasted(*remembered)
        if moment.elapsed_ms:
            self._age(one, moment)
        for heard in moment.heard:
            self._hear(one, heard, moment)
        one.behind_ms = one.behind_ms if self._stays_behind(one) else 0
        self._moved_off(one, moment)
        for command in moment.commands:
            if isinstance(command, StartBelt):
                one.set_ckph = one.due_ckph = one.wish_ckph = self.lowest_ckph
                one.set_dpct = one.due_ms = one.wish_ms = 0
            elif isinstance(command, (SetSpeed, SetIncline)):
                self._set(one, command, person)
        self._lasts(one, person, moment)
        return self._small(one, person, moment.mode)

    def _age(self, one: Lasted, moment: Moment) -> None:
        ms, moved = moment.elapsed_ms, moment.before in MOVING
        one.report_ms += ms
        one.heart_ms += ms
        one.due_ms += ms
        one.rose_ms += ms
        one.away_ms = tuple([None if age_ms is None else age_ms + ms for age_ms in one.away_ms])
        one.motion_ms += ms if moved else 0
        one.late_ms = None if one.late_ms is None or one.late_ms + ms > TWICE_WITHIN_MS else one.late_ms + ms
        if ms > LATE_LOOK_MS:
            if one.late_ms is not None and moment.mode in MOVING:
                raise Violation(f"R22: {moment.mode} after two late looks within {one.late_ms} ms")
            one.late_ms = 0

    def _hear(self, one: Lasted, heard: Heard, moment: Moment) -> None:
        name, values = heard
        if name == "Seen":
            self._seen(one, values)
        elif name == "Beat":
            ages = zip(("focus", "locked", "remote"), one.away_ms, strict=True)
            away = values["unreachable"]
            one.away_ms = tuple([(age_ms or 0) if what in away else None for what, age_ms in ages])
        elif name == "HeartSeen" and values["bpm"] not in (None, 0, 255) and values["contact"] is not False:
            one.heart_ms = 0
        elif name == "ArmAsked" and moment.mode == "armed" != moment.before:
            self._armed(one, values)
        elif name == "Wanted" and values["speed_ckph"] != one.wish_ckph:
            one.wish_ckph, one.wish_ms = values["speed_ckph"], 0
        elif name == "TargetSeen" and values["speed_ckph"] is not None:
            one.due_ckph = min(one.due_ckph, max(values["speed_ckph"], self.lowest_ckph))
        elif name == "LinkCameUp":
            one.speed_ckph, one.report_ms, one.moves, one.stuck_ms = None, NEVER, 0, 0
        elif name == "Waited":
            self._waited(one, values["what"], values["ms"])

    def _seen(self, one: Lasted, values: dict[str, Any]) -> None:
        speed_ckph, age_ms = values["speed_ckph"], values["age_ms"]
        if age_ms > one.report_ms:
            return
        one.moves = one.moves + 1 if speed_ckph else 0
        if values["counters_moved"] or not speed_ckph:
            one.stuck_ms = 0
        elif values["counters_moved"] is False:
            one.stuck_ms += one.report_ms - age_ms
        if speed_ckph > (one.speed_ckph or 0):
            one.rose_ms = 0
        one.speed_ckph, one.report_ms = speed_ckph, age_ms

    def _armed(self, one: Lasted, values: dict[str, Any]) -> None:
        if not values["same_run"]:
            one.motion_ms, one.max_ms = 0, FOREVER_MS
        one.max_ms = min(one.max_ms, values["session_max_ms"])
        if one.motion_ms >= one.max_ms:
            raise Violation(f"R21: armed after {one.motion_ms} ms of motion (limit {one.max_ms} ms)")

    def _waited(self, one: Lasted, what: str, ms: int) -> None:
        """The explorer lets a long time pass at once."""
        if what == "the motion":
            one.motion_ms += ms
        elif what == "the block":
            one.wish_ms += ms
        elif what == "the counters":
            one.stuck_ms += ms
        elif what == "the late tick" and one.late_ms is not None:
            one.late_ms += ms
        elif what == "the strap":
            one.heart_ms += ms
        elif what == "the reach":
            one.away_ms = tuple([None if age_ms is None else max(age_ms, AWAY_MS - 1) for age_ms in one.away_ms])
        elif what == "the following" and self._stays_behind(one):
            one.behind_ms += ms

    def _stays_behind(self, one: Lasted) -> bool:
        if one.speed_ckph is None or one.due_ms < self.due_after_ms or one.rose_ms < RISING_MS:
            return False
        return one.due_ckph - one.speed_ckph > max(BEHIND_CKPH, one.due_ckph // 10)

    def _moved_off(self, one: Lasted, moment: Moment) -> None:
        """At rest nobody waits for a ramp: what stops there is stopped by the machine's own stop, at once."""
        if moment.mode in AT_REST and one.moves >= 2:
            raise Violation(f"R7: {moment.mode} on a belt that was reported to move twice")
        if moment.before not in AT_REST or moment.mode not in ENDING or not one.speed_ckph:
            return
        if "LinkWentDown" in [name for name, _ in moment.heard]:
            return
        if not any(isinstance(command, StopBelt) for command in moment.commands):
            raise Violation(
                f"I3: {moment.before} on a belt that moves at {one.speed_ckph} ckph, and no stop frame left"
            )

    def _set(self, one: Lasted, command: SetSpeed | SetIncline, person: Person) -> None:
        if isinstance(command, SetIncline):
            if command.incline_dpct > one.set_dpct:
                self._rises(one, command, person)
            one.set_dpct = command.incline_dpct
            return
        if command.speed_ckph > one.set_ckph:
            self._rises(one, command, person)
            one.due_ms = 0
        one.set_ckph = one.due_ckph = command.speed_ckph

    def _rises(self, one: Lasted, command: SetSpeed | SetIncline, person: Person) -> None:
        if one.motion_ms >= one.max_ms:
            raise Violation(f"R21: {command} after {one.motion_ms} ms of motion (limit {one.max_ms} ms)")
        if person.block_ms is not None and one.wish_ms > person.block_ms:
            raise Violation(f"R21: {command} after {one.wish_ms} ms of one wish (limit {person.block_ms} ms)")
        if one.behind_ms >= NO_RISE_BEHIND_MS:
            raise Violation(f"R6: {command} to a belt that is behind for {one.behind_ms} ms")

    def _lasts(self, one: Lasted, person: Person, moment: Moment) -> None:
        mode, ms = moment.mode, moment.elapsed_ms
        running = mode == "running"
        one.wish_ms = one.wish_ms + ms if running and person.block_ms is not None else 0
        one.behind_ms = one.behind_ms + ms if running and self._stays_behind(one) else 0
        if mode not in MOVING:
            return
        why = self._moves_too_long(one) or (self._runs_too_long(one, person) if running else None)
        if why is not None:
            rule, _, what = why.partition(": ")
            raise Violation(f"{rule}: {mode} with {what}")

    def _moves_too_long(self, one: Lasted) -> str | None:
        if one.stuck_ms >= STUCK_MS:
            return f"R10: counters that have stood still for {one.stuck_ms} ms (limit {STUCK_MS} ms)"
        for age_ms in one.away_ms:
            if age_ms is not None and age_ms >= AWAY_MS:
                return f"R13b: a person who was out of reach for {age_ms} ms (limit {AWAY_MS} ms)"
        return None

    def _runs_too_long(self, one: Lasted, person: Person) -> str | None:
        if one.motion_ms >= one.max_ms + OVER_MS:
            return f"R21: {one.motion_ms} ms of motion (limit {one.max_ms} ms, and a minute)"
        if person.block_ms is not None and one.wish_ms >= person.block_ms + OVER_MS:
            return f"R21: {one.wish_ms} ms of one wish (limit {person.block_ms} ms, and a minute)"
        if one.behind_ms >= NO_RUN_BEHIND_MS:
            return f"R6: a belt that has been behind for {one.behind_ms} ms (limit {NO_RUN_BEHIND_MS} ms)"
        if person.heart_needed and one.heart_ms >= HEART_GONE_MS:
            return f"R12: no heart rate for {one.heart_ms} ms (limit {HEART_GONE_MS} ms)"
        return None

    def _small(self, one: Lasted, person: Person, mode: str) -> tuple[Any, ...]:
        """Ages no older than anything asks for, and nothing of what the mode has made meaningless."""
        moves, runs = mode in MOVING, mode in {"starting", "running"}
        one.report_ms = min(one.report_ms, self.kept_ms if moves else REORDERED_MS)
        one.moves = min(one.moves, 2) if mode in AT_REST else 0
        one.stuck_ms = mark(one.stuck_ms, (STUCK_MS,)) if moves else 0
        if one.late_ms is not None:
            one.late_ms = mark(one.late_ms, (TWICE_WITHIN_MS + 1,))
        one.away_ms = tuple([None if age_ms is None else mark(age_ms, (AWAY_MS,)) for age_ms in one.away_ms])
        one.heart_ms = mark(one.heart_ms, HEART_MARKS_MS) if person.heart_needed else NEVER
        one.motion_ms = mark(one.motion_ms, (1, one.max_ms, one.max_ms + OVER_MS))
        one.wish_ckph = one.wish_ckph if runs else 0
        if one.wish_ms:
            block_ms = person.block_ms or 0
            one.wish_ms = mark(one.wish_ms, (block_ms, block_ms + OVER_MS))
        one.set_ckph, one.set_dpct = (one.set_ckph, one.set_dpct) if moves else (0, 0)
        watched = runs and self.follows
        one.due_ckph = one.due_ckph if watched else 0
        one.due_ms = min(one.due_ms, self.due_after_ms) if watched else 0
        one.rose_ms = min(one.rose_ms, RISING_MS) if watched and mode == "running" else 0
        one.behind_ms = mark(one.behind_ms, (NO_RISE_BEHIND_MS, NO_RUN_BEHIND_MS)) if watched else 0
        return _ALL(one)
