"""What is said between the cues of a plan, where there is room: posture, half-way, the last one of several.

The engine's cues say what the belt will do, and each has its moment. Remarks have none: they are laid into the
silence that the cues leave, worked out once for a timeline, at plan times, so that they wait whenever the plan waits.
None is laid where it would still be spoken when a cue begins, and they keep so far apart that nobody tires of them.

One of them tells more: before the end of a step too short to name the next one, what comes, if it is slower or stops.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .cues import NEXT_STEP_MIN_S, CueKind, next_cue, step_words
from .gaits import backward_run_throughout, goes_backward
from .phases import Phase
from .phrases import ENGLISH, Phrase, phrase
from .state import EngineState, line_of
from .steps import Step, StepKind
from .timeline import Timeline

WORDS_PER_S = 175 / 60
"""How fast a voice speaks: the 175 words a minute that espeak-ng has as its default; the systems' own are near it."""

BREATH_S = 1.0
"""Between two sentences, so that they are heard as two."""

POSTURE_APART_S = 90.0
"""Between two remarks on posture: rare enough that they stay news, often enough that ten minutes go through all of
them. An engineering proposal."""

POSTURE_AFTER_S = 20.0
"""A step is walked into first; its own words speak of posture already."""

HALF_WAY_MIN_S = 240.0
"""Of a shorter workout half-way is no news."""

ROOM_WITHIN_S = 45.0
"""So much later half-way may be told; then it is not half-way any more."""

SHORT_NEXT_S = 6.0
"""Before the end of a short step what comes is told: two seconds for its own name and its words, the rest to act."""

WALK_POSTURE = ("tall", "eyes-level", "short-steps", "soft-forefoot")
RUN_POSTURE = ("short-steps", "soft-forefoot", "tall", "eyes-level")
"""In running the feet come first: short steps and a soft landing on the forefoot spare the calves."""

_WORD = re.compile(r"[^\W\d]+|\d{1,2}|[%/]|(?<=\d)[.,](?=\d)")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say at plan time ``at_s`` of the step with that index. ``owed``: it tells of a change."""

    at_s: float
    step: int
    said: Phrase
    owed: bool = False


Span = tuple[float, float]


def speaks_s(text: str) -> float:
    """About how long a voice needs for ``text``; in "6.5 %" four words are spoken."""
    return len(_WORD.findall(text)) / WORDS_PER_S


def remarks_of(line: Timeline) -> tuple[Remark, ...]:
    """Every remark of a timeline, in order."""
    busy = sorted(span for step in line.steps if step.on_belt for span in _busy(line, step))
    laid = [*_short_steps(line)]
    for one in (*_last_ones(line, busy), *_half_way(line, busy)):
        laid.append(one)
        busy = sorted((*busy, (one.at_s, one.at_s + _lasts_s(one.said))))
    laid += _posture(line, busy, [one.at_s for one in laid])
    return tuple(sorted(laid, key=lambda one: one.at_s))


def remarks_between(
    line: Timeline, remarks: Sequence[Remark], before: EngineState, after: EngineState
) -> tuple[Remark, ...]:
    """Those whose moment has come between two states of one run. In a hold and on a way plan time waits."""
    if after.phase is not Phase.RUNNING or after.way is not None:
        return ()
    same = before.step_index == after.step_index and before.phase is Phase.RUNNING
    from_s = before.plan_time_s if same else line.steps[after.step_index].starts_s
    if from_s >= after.plan_time_s:
        return ()
    first = bisect_right(remarks, from_s, key=lambda one: one.at_s)
    last = bisect_right(remarks, after.plan_time_s, key=lambda one: one.at_s)
    return tuple(one for one in remarks[first:last] if one.step == after.step_index)


class Companion:
    """The remarks of one run; worked out again only when a person has changed its speeds."""

    def __init__(self) -> None:
        self._line: Timeline | None = None
        self._remarks: tuple[Remark, ...] = ()

    def between(self, timeline: Timeline, before: EngineState, after: EngineState) -> tuple[Remark, ...]:
        """What is to be remarked between two states."""
        line = line_of(timeline, after)
        if line is not self._line:
            self._line, self._remarks = line, remarks_of(line)
        return remarks_between(line, self._remarks, before, after)


# --- where the plan speaks ------------------------------------------------------------------------------------------


def _busy(line: Timeline, step: Step) -> Iterator[Span]:
    """When the plan's own cues are spoken in a step; from the name of the next one on nothing else is.

    Its own name waits for a rise that was announced before it.
    """
    waits_s = line.waits_at_s(step.index)
    named_s = step.starts_s
    for due in line.dues(step.index):
        at_s = waits_s - due.before_s
        of_the_end = due.cue.kind in (CueKind.NEXT_STEP, CueKind.ENDING)
        yield at_s, step.ends_s if of_the_end else at_s + speaks_s(due.cue.text)
        if due.rise_before_s is not None:
            rise_s = waits_s - due.rise_before_s
            yield at_s, rise_s
            named_s = max(named_s, rise_s) if at_s <= step.starts_s <= rise_s else named_s
    name = step_words(step) if step.say is None else f"{step_words(step)}. {step.say}"
    yield named_s, named_s + speaks_s(name)


def _room(busy: Sequence[Span], from_s: float, until_s: float, lasts_s: float) -> float | None:
    """The first moment from ``from_s`` on at which ``lasts_s`` are free, with a breath on both sides."""
    at_s = from_s
    for begins_s, ends_s in busy:
        if begins_s >= at_s + lasts_s + BREATH_S:
            break
        if ends_s + BREATH_S > at_s:
            at_s = ends_s + BREATH_S
    return at_s if at_s + lasts_s + BREATH_S <= until_s else None


def _lasts_s(said: Phrase) -> float:
    return speaks_s(ENGLISH.text(said))


# --- what there is to remark ----------------------------------------------------------------------------------------


def _short_steps(line: Timeline) -> Iterator[Remark]:
    """Before the end of a step too short for it by the plan: what is slower, flatter, or stands."""
    for step in line.steps:
        if not step.on_belt or step.length_m is not None or step.length_s >= NEXT_STEP_MIN_S:
            continue
        after = line.after(step.index)
        if after is None or not after.on_belt or _falls(step, after):
            said = next_cue(step, after).phrase
            assert said is not None, "the cues of the table have phrases"
            if after is None:
                said = phrase("ending", seconds=f"{min(SHORT_NEXT_S, step.length_s):.0f}")
            yield Remark(max(step.starts_s + 0.1, step.ends_s - line.lead_s - SHORT_NEXT_S), step.index, said, True)


def _falls(step: Step, after: Step) -> bool:
    slower = after.entry.speed_kph < step.target.speed_kph
    return slower or after.entry.incline_percent < step.target.incline_percent


def _half_way(line: Timeline, busy: Sequence[Span]) -> Iterator[Remark]:
    """Not where a length in metres makes it a guess."""
    if line.total_s < HALF_WAY_MIN_S or any(step.length_m is not None for step in line.steps):
        return
    half_s = line.total_s / 2
    step, said = line.step_at(half_s), phrase("half-way")
    if step.on_belt:
        at_s = _room(busy, half_s, min(step.ends_s, half_s + ROOM_WITHIN_S), _lasts_s(said))
        if at_s is not None:
            yield Remark(at_s, step.index, said)


def _last_ones(line: Timeline, busy: Sequence[Span]) -> Iterator[Remark]:
    """The last of several equal steps, where it is the hardest kind of them: nobody counts the rests."""
    equal: dict[tuple[object, ...], list[Step]] = {}
    for step in line.steps:
        if step.on_belt and step.kind is not StepKind.COOL_DOWN:
            equal.setdefault((step.kind, step.length_s, step.length_m, step.entry, step.target), []).append(step)
    repeated = [steps for steps in equal.values() if len(steps) > 1]
    hardest_kph = max((steps[0].target.speed_kph for steps in repeated), default=0.0)
    for steps in repeated:
        last, said = steps[-1], phrase("last-one")
        if last.target.speed_kph == hardest_kph:
            at_s = _room(busy, last.starts_s, last.starts_s + last.length_s / 2, _lasts_s(said))
            if at_s is not None:
                yield Remark(at_s, last.index, said)


def _posture(line: Timeline, busy: Sequence[Span], others_s: Sequence[float]) -> Iterator[Remark]:
    """One after the other, only where the person goes backward."""
    told, last_s = {WALK_POSTURE: 0, RUN_POSTURE: 0}, -POSTURE_APART_S
    for step in line.steps:
        if not goes_backward(step):
            continue
        words = RUN_POSTURE if backward_run_throughout(step) else WALK_POSTURE
        while True:
            said = phrase(words[told[words] % len(words)])
            from_s = max(step.starts_s + POSTURE_AFTER_S, last_s + POSTURE_APART_S)
            at_s = _room(busy, from_s, step.ends_s, _lasts_s(said))
            if at_s is None:
                break
            if any(abs(at_s - one) < POSTURE_AFTER_S for one in others_s):
                last_s = at_s - POSTURE_APART_S + POSTURE_AFTER_S
                continue
            yield Remark(at_s, step.index, said)
            told[words], last_s = told[words] + 1, at_s
