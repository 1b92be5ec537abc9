"""What the page of one session of the history says. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from textual.content import Content

from ..records.curve import Curve
from ..records.history_lines import felt_line, remarks
from ..records.naming import began_here
from ..records.report.facts import WORK, event_words, happenings, hits, moment, planned_and_done
from ..sessions.machines.wording import shown
from .bars import Point, columns, upright
from .looking import NARROW, WIDE, lines_of

if TYPE_CHECKING:
    from ..records.store import Listed
    from ..records.whole import Whole
    from ..workouts.timeline import Timeline

KEYS = "left newer  right older  Esc back"
READING = "reading the session ..."
NO_PLOT = "No report of the belt was recorded: there is no profile."

PLANNED_ROWS, MEASURED_ROWS, HEART_ROWS = 3, 4, 2
TOLD_ROWS, TOLD_ROWS_LARGE = 5, 12
SCALE = 9
"""Columns before a picture, for the ends of its scale."""


@dataclass(frozen=True, slots=True)
class Told:
    """One session with everything that the page shows of it."""

    listed: Listed
    whole: Whole
    timeline: Timeline | None
    curve: Curve
    intact: bool


def title_text(one: Listed) -> str:
    """When it was and what."""
    level = "" if one.level is None else f"   level {one.level}"
    return f"{began_here(one):%Y-%m-%d %H:%M}   {shown(one.workout)}{level}"


# --- the plot ---------------------------------------------------------------------------------------------------


def plot_text(curve: Curve, large: bool) -> Content:
    """What was planned above what was measured, on one scale and one axis; below them the heart, where it was heard."""
    if not curve.moments:
        return Content(NO_PLOT)
    width, more = (WIDE if large else NARROW) - SCALE, 2 if large else 1
    ends_s = max([curve.ends_s, *(at_s for at_s, _ in curve.left)])
    planned = [(one.at_s, one.planned_kph) for one in curve.moments] + _filled(
        curve.left, (ends_s - curve.begins_s) / width
    )
    measured = [(one.at_s, one.speed_kph) for one in curve.moments]
    top = max((value for _, value in (*planned, *measured) if value is not None), default=0.0) or 1.0
    across = (curve.begins_s, ends_s, width)
    lines = [
        *_picture("planned", planned, across, (top, PLANNED_ROWS * more)),
        *_picture("measured", measured, across, (top, MEASURED_ROWS * more)),
        Content.styled(_axis(curve.begins_s, ends_s, width), "dim"),
    ]
    hearts = [one.heart_bpm for one in curve.moments if one.heart_bpm]
    if hearts:
        lines += _heart(curve, across, (min(hearts), max(hearts)))
    return Content("\n").join(lines)


def _picture(
    label: str, points: list[Point], across: tuple[float, float, int], scale: tuple[float, int]
) -> Iterator[Content]:
    """A picture with the top of its scale and its name at its left."""
    top, height = scale
    words = [f"{top:.1f} km/h", *[""] * (height - 2), label]
    for word, line in zip(words, upright(columns(points, *across), top, height), strict=True):
        yield Content.assemble((f"{word:<{SCALE}}"[:SCALE], "dim"), (line, "$accent" if label == "measured" else "dim"))


def _heart(curve: Curve, across: tuple[float, float, int], ends: tuple[int, int]) -> Iterator[Content]:
    """From a little below its lowest rate to its highest."""
    low, high = ends[0] - 10, ends[1]
    points: list[Point] = [(one.at_s, None if one.heart_bpm is None else one.heart_bpm - low) for one in curve.moments]
    words = (f"{high} bpm", f"{low} bpm")
    for word, line in zip(words, upright(columns(points, *across), high - low, HEART_ROWS), strict=True):
        yield Content.assemble((f"{word:<{SCALE}}", "dim"), line)


def _filled(corners: tuple[tuple[float, float], ...], apart_s: float) -> list[Point]:
    """Straight lines between corners as points that are so far apart."""
    found: list[Point] = []
    for (at_s, kph), (then_s, then_kph) in pairwise(corners):
        count = max(1, round((then_s - at_s) / max(apart_s, 0.1)))
        found += [(at_s + (then_s - at_s) * n / count, kph + (then_kph - kph) * n / count) for n in range(count + 1)]
    return found


def _axis(begins_s: float, ends_s: float, width: int) -> str:
    minutes = f"{(ends_s - begins_s) / 60:.0f} min"
    return " " * SCALE + "0" + " " * (width - 1 - len(minutes)) + minutes


# --- figures and sentences --------------------------------------------------------------------------------------


def figures_text(told: Told) -> str:
    """Done of planned, two quantities a line; the work, which is the longest, has the last one."""
    found = planned_and_done(told.whole, told.timeline)
    rows = [f"{one.what:<15} {one.done} {_of(one.planned)}" for one in sorted(found, key=lambda one: one.what == WORK)]
    pairs = zip(rows[:-1:2], rows[1:-1:2] + [""] * (len(rows) % 2 == 0), strict=True)
    half = NARROW // 2
    return "\n".join([*(f"{left:<{half}}{right}" for left, right in pairs), rows[-1]])


def _of(planned: str) -> str:
    return f"of {planned}" if planned else ""


def told_text(told: Told, large: bool) -> str:
    """What was felt, what was met and what happened, as much of it as there is room for."""
    rows, width = (TOLD_ROWS_LARGE, WIDE) if large else (TOLD_ROWS, NARROW)
    return lines_of(_told(told), width, rows)


def _told(told: Told) -> Iterator[str]:
    met = hits(told.whole)
    if not told.intact:
        yield "Its rows are not as they were kept: hold it against its journal."
    said_below = any(hit.text == told.listed.ended for hit in met)
    others = () if said_below and not told.listed.simulated else remarks(told.listed)
    yield "; ".join([felt_line(told.listed, told.whole.morning), *others])
    for hit in met:
        again = f" ({hit.times} times)" if hit.times > 1 else ""
        yield f"{moment(told.whole, hit.at_ms):%H:%M:%S}  {shown(hit.text)}{again}; {hit.done}"
    for event in happenings(told.whole):
        yield f"{moment(told.whole, event.at_ms):%H:%M:%S}  {shown(event_words(event))}"
