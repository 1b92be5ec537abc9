"""Sessions, trends and comparisons in lines, for a terminal and for a pipe. Pure.

What another program or person wrote cannot steer a terminal: it goes through ``shown``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..sessions.machines.wording import shown
from .comparing import Pair, compared
from .naming import began_here
from .report.facts import event_words, happenings, hits, moment, planned_and_done
from .trends import Sum, Week

if TYPE_CHECKING:
    from ..workouts.timeline import Timeline
    from .store import Listed
    from .whole import Whole

NOTHING = "nothing like it: no session is as asked for"


def line_of(one: Listed) -> str:
    """One session in a line; what another program or person wrote cannot steer a terminal."""
    parts = [f"{began_here(one):%Y-%m-%d %H:%M}  {shown(one.workout)}", *_done(one), *_said(one), *remarks(one)]
    return "; ".join(parts)


def _done(one: Listed) -> Iterator[str]:
    yield f"{one.backward_ms / 60_000:.1f} min backward"
    if one.running_ms:
        yield f"{one.running_ms / 60_000:.1f} min of it running"
    yield f"{one.distance_mm / 1_000_000:.2f} km up to {one.speed_max_ckph / 100:.1f} km/h"


def _said(one: Listed) -> Iterator[str]:
    pain = [(one.pain_before, "before"), (one.pain_during, "in it"), (one.pain_after, "after")]
    told = [f"{value} {when}" for value, when in pain if value is not None]
    if told:
        yield f"pain {', '.join(told)}"
    if one.effort is not None:
        yield f"effort {one.effort}"


def remarks(one: Listed) -> Iterator[str]:
    """What makes it other than a session that went to its end."""
    if one.partial:
        yield "interrupted: totals from what was recorded"
    elif not one.complete:
        yield f"not to its end: {shown(one.ended)}"
    if one.simulated:
        yield "simulated, so no training"


# --- one session ------------------------------------------------------------------------------------------------


def show_lines(one: Listed, whole: Whole, timeline: Timeline | None, intact: bool) -> Iterator[str]:
    """Everything of one session that a person would ask about."""
    yield f"{began_here(one):%Y-%m-%d %H:%M}  {shown(one.workout)}, on {shown(one.treadmill)}"
    yield f"ended: {shown(one.ended)}"
    yield f"{'':<18}{'planned':>22}{'done':>22}"
    yield from (f"{row.what:<18}{row.planned:>22}{row.done:>22}" for row in planned_and_done(whole, timeline))
    yield felt_line(one, whole.morning)
    yield "limits met:"
    for hit in hits(whole):
        again = f" ({hit.times} times)" if hit.times > 1 else ""
        yield f"  {moment(whole, hit.at_ms):%H:%M:%S}  {shown(hit.text)}{again}; {hit.done}: {hit.why}"
    yield "events:"
    for event in happenings(whole):
        yield f"  {moment(whole, event.at_ms):%H:%M:%S}  {shown(event_words(event))}"
    yield f"run {one.run_id}"
    yield f"plan hash {one.plan_hash}"
    yield f"chain head {one.chain_head}; its rows {'hold' if intact else 'do NOT hold'} against it"


def felt_line(one: Listed, morning: int | None) -> str:
    """Pain by its moments, and effort."""
    told = {"before": one.pain_before, "in it": one.pain_during, "after": one.pain_after, "next morning": morning}
    pain = ", ".join(f"{when} {_or_not_said(value)}" for when, value in told.items())
    return f"pain {pain}; effort {_or_not_said(one.effort)}"


def _or_not_said(value: int | None) -> str:
    return "not said" if value is None else f"{value}"


# --- trends -----------------------------------------------------------------------------------------------------

_HEAD = ("sessions", "backward", "running", "distance", "highest", "level", "effort", "pain")
_WIDTHS = (9, 11, 11, 10, 11, 6, 7, 5)


def trend_lines(found: Sequence[Week], in_all: Sum) -> Iterator[str]:
    """A week a line, oldest first, and below them what all chosen sessions come to."""
    yield _row("week of", _HEAD)
    yield from (_row(one.monday.isoformat(), sum_words(one.sum)) for one in found)
    yield _row("in all", sum_words(in_all))


def sum_words(one: Sum) -> tuple[str, ...]:
    """In the order of the columns; a dash where nobody said it."""
    return (
        f"{one.sessions}",
        f"{one.backward_ms / 60_000:.1f} min",
        f"{one.running_ms / 60_000:.1f} min",
        f"{one.distance_mm / 1_000_000:.2f} km",
        f"{one.speed_max_ckph / 100:.1f} km/h",
        *("-" if value is None else f"{value:g}" for value in (one.level, _tenth(one.effort_tenths), one.pain)),
    )


def _tenth(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10


def _row(what: str, words: Sequence[str]) -> str:
    return f"{what:<10}" + "".join(f"{word:>{width}}" for word, width in zip(words, _WIDTHS, strict=True))


# --- comparison -------------------------------------------------------------------------------------------------


def comparison_lines(first: Listed, second: Listed) -> Iterator[str]:
    """Two sessions side by side, and how the second differs."""
    yield f"{'':<20}{began_here(first):%Y-%m-%d %H:%M}  {began_here(second):%Y-%m-%d %H:%M}      change"
    yield from (
        f"{one.what:<20}{number(one, one.first):>16}{number(one, one.second):>18}{change(one):>12}"
        for one in compared(first, second)
    )
    yield f"first:  {shown(first.workout)}, {shown(first.ended)}"
    yield f"second: {shown(second.workout)}, {shown(second.ended)}"


def number(pair: Pair, value: float | None) -> str:
    """A value with its unit; a dash where it is not known."""
    return "-" if value is None else f"{value:{_form(pair)}} {pair.unit}".rstrip()


def change(pair: Pair) -> str:
    """What the second has more, with its sign; nothing where one of the two is not known."""
    if pair.change is None:
        return ""
    rounded = float(f"{pair.change:{_form(pair)}}")
    return "same" if rounded == 0 else f"{rounded:+{_form(pair)}}"


_FORMS = {"": ".0f", "bpm": ".0f", "km": ".2f"}


def _form(pair: Pair) -> str:
    return _FORMS.get(pair.unit, ".1f")
