"""Records in, findings out. Pure.

Every figure is taken from what a report shows, and so is never shorter than what a person would wait for: a lag ends
with the first report that shows the change, and may be one report period too long. Speeds in km/h, times in seconds.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...guardian.trials import Trial, TrialPhase
from ...machine import BeltDirection, MachineNotice, SetSpeed, StartBelt, StopBelt
from ...safety.inputs import Answer, CommandKind
from .record import Came, Linked, Noticed, Record, Reported, Sent

# A change that is seen: more than the rounding of a console with one decimal.
CHANGE_KPH = 0.1
# No belt of a trial can rise or fall so far between two reports and back: such a report is wrong.
SPIKE_KPH = 5.0
# Reports further apart than this many medians have a hole between them, and say nothing of the period.
HOLE = 3.0
# Confirmed standstill, as the guardian has it: three zeros over two seconds.
STILL_REPORTS = 3
STILL_S = 2.0
# A start that leads to this much more than the first start did has kept an earlier speed.
KEPT_KPH = 0.4
# A belt that gains 1.2 km/h in a second, as quick ones do, shows two speeds on the way through 0.8 at four reports.
ECHO_KPH = 0.8
ECHO_GAP_S = 0.35
ECHO_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Findings:
    """What the trials have shown so far; None (or empty) where no trial has shown it.

    lowest_set_kph, lowest_reported_kph   the lowest speed as it was set, and as it was reported then
    countdown_s                           start sent -> first report of motion
    lag_s                                 set-point sent -> first report that shows it; the longest
    rise_kph_per_s                        the slowest rise to a set-point
    fall_kph_per_s                        the slowest fall, to a set-point or by a stop
    period_s, longest_gap_s               between two reports: on average, and at most
    spikes, zeros, watched_s              lone wild reports and lone zeros of a moving belt, in so long
    stop_reaction_s                       stop sent -> first report of a fall; the longest
    answer_s                              command handed over -> its answer; the longest
    stop_obeyed                           every stop brought the belt to rest without a hand
    stop_repeat_ok, set_never_starts, start_toggles    as in ``DeviceProfile``
    runs_on_when_link_lost                as the reports after the link was back have it
    incline_moves                         the reported incline followed
    restarts                              the belt moved again after it had come to rest, unasked
    echoes                                every change of a set-point is reported at once and whole: no belt does that
    keeps_speed                           a start leads to the speed before the last stop
    key_seen, key_told                    the belt came to rest by the key; the machine said so
    console_seen, console_told            the same for the console's stop
    reverses                              started backwards it was told to run so, and forwards again when started so
    wrong_way                             a start was followed by reports of the other way
    """

    lowest_set_kph: float | None = None
    lowest_reported_kph: float | None = None
    countdown_s: float | None = None
    lag_s: float | None = None
    rise_kph_per_s: float | None = None
    fall_kph_per_s: float | None = None
    period_s: float | None = None
    longest_gap_s: float | None = None
    spikes: int = 0
    zeros: int = 0
    watched_s: float = 0.0
    stop_reaction_s: float | None = None
    answer_s: float | None = None
    stop_obeyed: bool | None = None
    stop_repeat_ok: bool | None = None
    set_never_starts: bool | None = None
    start_toggles: bool | None = None
    runs_on_when_link_lost: bool | None = None
    incline_moves: bool | None = None
    restarts: bool | None = None
    keeps_speed: bool | None = None
    echoes: bool | None = None
    key_seen: bool | None = None
    key_told: bool | None = None
    console_seen: bool | None = None
    console_told: bool | None = None
    reverses: bool | None = None
    wrong_way: bool | None = None


def measured(records: Sequence[Record]) -> Findings:
    """What these records show, in the order in which they were made."""
    gaps = _gaps(records)
    wrong = [_wrong(one.reports) for one in records]
    set_kph, reported_kph = _lowest(records)
    stops = [one for record in records for one in _stops(record)]
    return Findings(
        lowest_set_kph=set_kph,
        lowest_reported_kph=reported_kph,
        countdown_s=_longest(_countdown(one) for one in records),
        lag_s=_longest(lag for record in records for lag in _lags(record)),
        rise_kph_per_s=_least(rate for record in records for rate in _rises(record)),
        fall_kph_per_s=_fall(records, stops),
        period_s=statistics.fmean(gaps) if gaps else None,
        longest_gap_s=max(gaps, default=None),
        spikes=sum(spikes for spikes, _ in wrong),
        zeros=sum(zeros for _, zeros in wrong),
        watched_s=sum(_moving_s(one.reports) for one in records),
        stop_reaction_s=_longest(_reaction(*one) for one in stops),
        answer_s=_longest(answer for record in records for answer in _answers(record)),
        stop_obeyed=_obeyed(records),
        stop_repeat_ok=_harmless(_last(records, Trial.STOP_TWICE), StopBelt),
        set_never_starts=_harmless(_last(records, Trial.SET_WHILE_STOPPED), SetSpeed),
        start_toggles=_toggles(_last(records, Trial.START_WHILE_RUNNING)),
        runs_on_when_link_lost=_ran_on(_last(records, Trial.DISCONNECT_WHILE_RUNNING)),
        incline_moves=_tilted(_last(records, Trial.INCLINE)),
        restarts=any(map(_restarted, records)) if records else None,
        keeps_speed=_keeps_speed(records),
        echoes=_echoes(records),
        key_seen=_stopped_by_hand(_last(records, Trial.KEY_PULL)),
        key_told=_told(_last(records, Trial.KEY_PULL), MachineNotice.SAFETY_KEY_PULLED),
        console_seen=_stopped_by_hand(_last(records, Trial.CONSOLE_STOP)),
        console_told=_told(_last(records, Trial.CONSOLE_STOP), MachineNotice.STOPPED_AT_CONSOLE),
        reverses=_reverses(_last(records, Trial.REVERSE)),
        wrong_way=_wrong_way(_last(records, Trial.REVERSE)),
    )


def _last(records: Sequence[Record], trial: Trial) -> Record | None:
    return next((one for one in reversed(records) if one.trial is trial), None)


def _longest(figures: Iterable[float | None]) -> float | None:
    return max((one for one in figures if one is not None), default=None)


def _least(figures: Iterable[float | None]) -> float | None:
    return min((one for one in figures if one is not None), default=None)


# --- reports ------------------------------------------------------------------------------------------------


def _lone(before: Reported, one: Reported, after: Reported) -> bool:
    """A report that both its neighbours contradict: far above them, or a zero between two speeds."""
    wild = one.speed_kph - max(before.speed_kph, after.speed_kph) > SPIKE_KPH
    zero = one.speed_kph == 0 and before.speed_kph > 0 and after.speed_kph > 0
    return wild or zero


def clean(reports: Sequence[Reported]) -> tuple[Reported, ...]:
    """The reports without the lone wrong ones."""
    inner = range(1, len(reports) - 1)
    wrong = {index for index in inner if _lone(reports[index - 1], reports[index], reports[index + 1])}
    return tuple(one for index, one in enumerate(reports) if index not in wrong)


def _wrong(reports: Sequence[Reported]) -> tuple[int, int]:
    """Lone spikes and lone zeros among the reports."""
    trios = zip(reports, reports[1:], reports[2:], strict=False)
    lone = [one for before, one, after in trios if _lone(before, one, after)]
    zeros = sum(one.speed_kph == 0 for one in lone)
    return len(lone) - zeros, zeros


def _moving_s(reports: Sequence[Reported]) -> float:
    pairs = itertools.pairwise(reports)
    return sum(after.at_s - before.at_s for before, after in pairs if before.speed_kph > 0)


def _gaps(records: Sequence[Record]) -> list[float]:
    """Times between neighbouring reports, without the holes that a lost link leaves."""
    gaps = [
        after.at_s - before.at_s
        for record in records
        for before, after in itertools.pairwise(record.reports)
        if after.at_s > before.at_s
    ]
    usual_s = statistics.median(gaps) if gaps else 0.0
    return [gap for gap in gaps if gap <= HOLE * usual_s]


def _between(record: Record, from_s: float, to_s: float) -> list[Reported]:
    return [one for one in clean(record.reports) if from_s <= one.at_s < to_s]


def _steady_kph(record: Record, before_s: float) -> float | None:
    """The speed of the last three reports before a moment, where they agree."""
    last = [one.speed_kph for one in clean(record.reports) if one.at_s < before_s][-3:]
    return last[-1] if last and max(last) - min(last) < CHANGE_KPH else None


# --- commands -----------------------------------------------------------------------------------------------

_KINDS = {StartBelt: CommandKind.START, SetSpeed: CommandKind.SPEED, StopBelt: CommandKind.STOP}


@dataclass(frozen=True, slots=True)
class _Span:
    """A command that was taken, to the next one of any kind or to the end of the record."""

    sent: Sent
    to_s: float

    @property
    def from_s(self) -> float:
        """When it was handed to the link: an answer may come long after the belt has begun to obey."""
        return self.sent.at_s


def _spans(record: Record) -> list[_Span]:
    """Every start, set-point and stop that was taken."""
    sent = [one for one in record.entries if isinstance(one, Sent)]
    ends = [*(one.at_s for one in sent[1:]), float("inf")]
    spans = []
    for one, to_s in zip(sent, ends, strict=False):  # one end is left over where nothing was sent
        answer = _answer(record, one)
        if type(one.command) in _KINDS and (answer is None or answer.answer is Answer.ACCEPTED):
            spans.append(_Span(one, to_s))
    return spans


def _answer(record: Record, sent: Sent) -> Came | None:
    kind = _KINDS.get(type(sent.command))
    came = (one for one in record.entries if isinstance(one, Came) and one.kind is kind and one.at_s >= sent.at_s)
    return next(came, None)


def _answers(record: Record) -> list[float]:
    sent = [one for one in record.entries if isinstance(one, Sent)]
    answers = [(one, _answer(record, one)) for one in sent]
    return [answer.at_s - one.at_s for one, answer in answers if answer is not None]


def _countdown(record: Record) -> float | None:
    span = next((one for one in _spans(record) if isinstance(one.sent.command, StartBelt)), None)
    if span is None or _steady_kph(record, span.sent.at_s) not in (None, 0.0):
        return None
    moves = next((one.at_s for one in _between(record, span.from_s, span.to_s) if one.speed_kph > 0), None)
    return None if moves is None else moves - span.from_s


def _changes(record: Record) -> list[tuple[_Span, float, list[Reported]]]:
    """Set-points that changed a steady speed: the span, the speed before, and the reports that show the change."""
    changes = []
    for span in _spans(record):
        base_kph = _steady_kph(record, span.sent.at_s)
        if not isinstance(span.sent.command, SetSpeed) or not base_kph:
            continue
        after = [one for one in _between(record, span.from_s, span.to_s) if _differs(one, base_kph)]
        if after:
            changes.append((span, base_kph, after))
    return changes


def _differs(one: Reported, base_kph: float) -> bool:
    return abs(one.speed_kph - base_kph) >= CHANGE_KPH


def _lags(record: Record) -> list[float]:
    return [after[0].at_s - span.from_s for span, _, after in _changes(record)]


def _rises(record: Record) -> list[float]:
    return [
        rate
        for _, base_kph, after in _changes(record)
        if after[-1].speed_kph > base_kph and (rate := _slope(after)) is not None
    ]


def _echoes(records: Sequence[Record]) -> bool | None:
    """Whether all changes of 0.8 km/h or more showed no speed in between, at reports close enough to show one."""
    jumps = [
        abs(after[0].speed_kph - after[-1].speed_kph) < CHANGE_KPH
        for record in records
        for span, base_kph, after in _changes(record)
        if abs(after[-1].speed_kph - base_kph) >= ECHO_KPH and _gap_s(record, after[0]) <= ECHO_GAP_S
    ]
    return all(jumps) if len(jumps) >= ECHO_CHANGES else None


def _gap_s(record: Record, report: Reported) -> float:
    """The time between a report and the one before it."""
    return report.at_s - max((one.at_s for one in record.reports if one.at_s < report.at_s), default=report.at_s)


def _slope(reports: Sequence[Reported]) -> float | None:
    """How fast the speed goes to its last value, in km/h per s, from the reports on the way; two at least."""
    last_kph = reports[-1].speed_kph if reports else 0.0
    way = [one for one in reports if abs(one.speed_kph - last_kph) > 1e-6]
    if len(way) < 2 or way[-1].at_s <= way[0].at_s:
        return None
    return abs(way[-1].speed_kph - way[0].speed_kph) / (way[-1].at_s - way[0].at_s)


def _lowest(records: Sequence[Record]) -> tuple[float | None, float | None]:
    """The lowest speed that was set, and what was reported when it had settled."""
    spans = [(one, span) for one in records for span in _spans(one) if isinstance(span.sent.command, SetSpeed)]
    settled = [
        (span.sent.command.speed_ckph / 100, kph)
        for record, span in spans
        if isinstance(span.sent.command, SetSpeed) and (kph := _steady_kph(record, span.to_s))
        and _between(record, span.from_s, span.to_s)[-1:] and record.trial is not Trial.SET_WHILE_STOPPED
        and _settled(record, span)
    ]  # fmt: skip
    return min(settled, default=(None, None))


def _settled(record: Record, span: _Span) -> bool:
    """The span was long enough for its speed to be reached: another set-point or a hand-over ended it, not a stop."""
    return len(_between(record, span.from_s, span.to_s)) >= STILL_REPORTS


# --- stops --------------------------------------------------------------------------------------------------


def _stops(record: Record) -> list[tuple[Record, _Span, float]]:
    """First stops of a moving belt, with the speed that it had."""
    for span in _spans(record):
        if isinstance(span.sent.command, StopBelt):
            before = [one for one in clean(record.reports) if one.at_s <= span.sent.at_s]
            if before and before[-1].speed_kph > 0:
                return [(record, span, before[-1].speed_kph)]
    return []


def _reaction(record: Record, span: _Span, base_kph: float) -> float | None:
    """From a stop of a steady belt to the first report that shows it; None where the belt was not steady."""
    before = [one.speed_kph for one in clean(record.reports) if one.at_s <= span.from_s][-STILL_REPORTS:]
    if len(before) < STILL_REPORTS or min(before) == 0 or max(before) - min(before) > CHANGE_KPH / 2:
        return None
    low_kph = max(0.0, base_kph - CHANGE_KPH)
    after = [one for one in clean(record.reports) if one.at_s >= span.from_s and one.speed_kph <= low_kph]
    return after[0].at_s - span.from_s if after else None


def _fall(records: Sequence[Record], stops: Sequence[tuple[Record, _Span, float]]) -> float | None:
    """The slowest fall, to a set-point or by a stop.

    Where too few reports lie on every way down, the best of what each way proves: it cannot have been slower.
    """
    changes = [one for record in records for one in _changes(record)]
    ways = [after for _, base_kph, after in changes if after[-1].speed_kph < base_kph]
    seen = _least(_slope(way) for way in (*ways, *(_way_down(*stop) for stop in stops)))
    return _longest(_slowest_fall(*stop) for stop in stops) if seen is None else seen


def _way_down(record: Record, span: _Span, base_kph: float) -> list[Reported]:
    """The reports of a stop from the first one that shows it to the first zero."""
    after = [one for one in clean(record.reports) if one.at_s >= span.from_s and one.speed_kph < base_kph]
    still = next((index for index, one in enumerate(after) if one.speed_kph == 0), None)
    return [] if still is None else after[: still + 1]


def _slowest_fall(record: Record, span: _Span, base_kph: float) -> float | None:
    """From the last report of the whole speed to the first zero: the belt cannot have taken longer."""
    way = _way_down(record, span, base_kph)
    held = [one for one in clean(record.reports) if way and one.at_s < way[0].at_s]
    return base_kph / (way[-1].at_s - held[-1].at_s) if held else None


def _obeyed(records: Sequence[Record]) -> bool | None:
    """Whether every stop of a moving belt brought it to rest; None before the first one."""
    stopped = [(one, stop) for one in records for stop in _stops(one)]
    if not stopped:
        return None
    return all(bool(_way_down(*stop)) and not record.alarm for record, stop in stopped)


# --- quirks -------------------------------------------------------------------------------------------------


def _rests(record: Record) -> list[tuple[float, float | None]]:
    """Confirmed standstills: when, and the moment of the first report of motion behind each, if there is one."""
    rests: list[tuple[float, float | None]] = []
    zeros: list[Reported] = []
    moved = False
    for one in clean(record.reports):
        if one.speed_kph > 0:
            if moved and _confirmed(zeros):
                rests.append((zeros[-1].at_s, one.at_s))
            moved, zeros = True, []
        else:
            zeros.append(one)
    return [*rests, (zeros[-1].at_s, None)] if moved and _confirmed(zeros) else rests


def _confirmed(zeros: Sequence[Reported]) -> bool:
    return len(zeros) >= STILL_REPORTS and zeros[-1].at_s - zeros[0].at_s >= STILL_S - 0.1


def _restarted(record: Record) -> bool:
    """The belt moved again after a rest, and nobody had sent it anything since."""
    sent = [one.at_s for one in record.entries if isinstance(one, Sent)]
    for still_s, moves_s in _rests(record):
        began_s = _rest_began_s(record, still_s)
        if moves_s is not None and not any(began_s <= at_s <= moves_s for at_s in sent):
            return True
    return False


def _rest_began_s(record: Record, still_s: float) -> float:
    """When the row of zeros began that was still unbroken at that moment."""
    moving = [one.at_s for one in clean(record.reports) if one.at_s <= still_s and one.speed_kph > 0]
    return moving[-1] if moving else still_s


def _harmless(record: Record | None, kind: type[StopBelt] | type[SetSpeed]) -> bool | None:
    """A command to a resting belt set nothing in motion; None where the trial did not get so far."""
    if record is None:
        return None
    if record.done:
        return True
    moves = [one.at_s for one in clean(record.reports) if one.speed_kph > 0]
    late = [one for one in record.entries if isinstance(one, Sent) and isinstance(one.command, kind)]
    rested = [moves_s for _, moves_s in _rests(record) if moves_s is not None]
    if kind is SetSpeed:
        return False if late and moves and len(moves) > 1 else None
    return False if rested and len(late) > 1 and not _restarted(record) else None


def _toggles(record: Record | None) -> bool | None:
    starts = [] if record is None else [one for one in record.entries if isinstance(one, Sent)][1:]
    if record is None or not starts:
        return None
    second = starts[0]
    stop_s = next((one.at_s for one in starts if isinstance(one.command, StopBelt)), float("inf"))
    base_kph = _steady_kph(record, second.at_s)
    after = _between(record, second.at_s, stop_s)
    if base_kph is None or (not record.done and not after):
        return None
    return any(one.speed_kph <= base_kph - CHANGE_KPH for one in after)


def _ran_on(record: Record | None) -> bool | None:
    """What the first reports say after the link was back; None where it never was."""
    if record is None:
        return None
    back_s = next(
        (one.at_s for one in record.entries if isinstance(one, Linked) and one.up and _gone(record, one)), None
    )
    if back_s is None:
        return None
    first = _between(record, back_s, float("inf"))[:2]
    return any(one.speed_kph > 0 for one in first) if first else None


def _gone(record: Record, back: Linked) -> bool:
    return any(isinstance(one, Linked) and not one.up and one.at_s <= back.at_s for one in record.entries)


def _tilted(record: Record | None) -> bool | None:
    if record is None or not record.done:
        return None
    inclines = [one.incline_percent for one in record.reports if one.incline_percent is not None]
    return max(inclines) - min(inclines) > 0 if inclines else False


def _keeps_speed(records: Sequence[Record]) -> bool | None:
    """A start behind a stop at a higher speed leads to that speed; None where no start followed such a stop."""
    first_kph: float | None = None
    last_kph = 0.0
    for record in records:
        begins_kph = _first_kph(record)
        if begins_kph is not None:
            if first_kph is None:
                first_kph = begins_kph
            elif last_kph > first_kph + KEPT_KPH:
                return begins_kph > first_kph + KEPT_KPH
        last_kph = _stops(record)[0][2] if _stops(record) else last_kph
    return None


def _first_kph(record: Record) -> float | None:
    """The speed that the start led to, before anything else was asked for."""
    span = next((one for one in _spans(record) if isinstance(one.sent.command, StartBelt)), None)
    return None if span is None or span.to_s == float("inf") else _steady_kph(record, span.to_s)


def _stopped_by_hand(record: Record | None) -> bool | None:
    """The belt came to rest without a command, while a hand was waited for."""
    if record is None:
        return None
    asked_s = record.reached(TrialPhase.HAND_NOW)
    if asked_s is None:
        return None
    stops = [one.at_s for one in record.entries if isinstance(one, Sent) and isinstance(one.command, StopBelt)]
    rests = [still_s for still_s, _ in _rests(record) if still_s >= asked_s]
    return bool(rests) and not any(at_s <= rests[0] for at_s in stops)


def _told(record: Record | None, notice: MachineNotice) -> bool | None:
    if record is None or record.reached(TrialPhase.HAND_NOW) is None:
        return None
    return any(isinstance(one, Noticed) and one.notice is notice for one in record.entries)


def _ways(record: Record) -> list[tuple[BeltDirection, list[BeltDirection | None]]]:
    """Of each start: the way that it asked for, and that of every report of motion until the next command."""
    sent = [one for one in record.entries if isinstance(one, Sent)]
    ends = [*(one.at_s for one in sent[1:]), float("inf")]
    return [
        (one.command.belt, [seen.belt for seen in _between(record, one.at_s, to_s) if seen.speed_kph > 0])
        for one, to_s in zip(sent, ends, strict=False)  # one end is left over where nothing was sent
        if isinstance(one.command, StartBelt)
    ]


def _reverses(record: Record | None) -> bool | None:
    """The whole trial went by, and every report of motion told the way of its start; both ways were started."""
    if record is None:
        return None
    ways = _ways(record)
    as_started = all(len(seen) >= STILL_REPORTS and set(seen) == {way} for way, seen in ways)
    return record.done and as_started and {way for way, _ in ways} == set(BeltDirection)


def _wrong_way(record: Record | None) -> bool | None:
    if record is None:
        return None
    return any(told not in (None, way) for way, seen in _ways(record) for told in seen)
