"""The profile of a session as a picture: what was planned as an area, what was measured as a line. Pure.

Below the speed stand heart rate and incline, where there were any. Nothing is told by colour alone: a page is printed
on paper without any.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..curve import Curve, Moment
from .html import Element, element

WIDTH, LEFT, RIGHT = 720.0, 28.0, 6.0
SPEED_HEIGHT, PANEL_HEIGHT, ABOVE, BETWEEN, FOOT = 124.0, 36.0, 15.0, 17.0, 20.0
"""In units of the picture, which is drawn as wide as the page: a quarter of a millimetre on A4."""

TICKS_MAX = 8
STEPS = (1, 2, 5, 10, 20, 40, 50, 100)
"""From one line of a scale to the next, so that its numbers are round."""

MINUTES = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that the page speaks of elsewhere, under that number."""

    number: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Panel:
    """A stripe of the picture with a scale of its own, from ``low`` at its foot to ``high``."""

    label: str
    value: Callable[[Moment], float | None]
    top: float
    height: float
    low: float
    high: float
    step: float

    def y(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.top + self.height * (1.0 - share)


@dataclass(frozen=True, slots=True)
class Across:
    """The time of the picture, in seconds."""

    begins_s: float
    ends_s: float

    def x(self, at_s: float) -> float:
        span_s = max(1.0, self.ends_s - self.begins_s)
        return LEFT + (WIDTH - LEFT - RIGHT) * (at_s - self.begins_s) / span_s


def picture(curve: Curve, marks: Sequence[Mark] = ()) -> Element:
    """The profile; a sentence in its place where nothing was recorded."""
    if not curve.moments:
        return element("p", {"class": "none"}, "No report of the belt was recorded: there is no profile.")
    across = Across(curve.begins_s, max([curve.ends_s, *(at_s for at_s, _ in curve.left)]))
    panels = tuple(_panels(curve))
    bottom = panels[-1].top + panels[-1].height
    box = {"viewBox": f"0 0 {WIDTH:g} {bottom + FOOT:g}", "role": "img", "xmlns": "http://www.w3.org/2000/svg"}
    drawn = element("svg", box, element("title", None, _in_words(curve)))
    drawn.extend(_planned(curve, across, panels[0]))
    for panel in panels:
        drawn.extend(_scale(panel))
        drawn.extend(_line(panel, curve.moments, across))
    drawn.extend(_minutes(across, bottom))
    drawn.extend(_marks(marks, across, panels[0]))
    return drawn


def _in_words(curve: Curve) -> str:
    """For who hears the page: what the picture shows, in numbers."""
    top_kph = max((one.speed_kph or 0.0 for one in curve.moments), default=0.0)
    planned_kph = max((one.planned_kph or 0.0 for one in curve.moments), default=0.0)
    minutes = (curve.ends_s - curve.begins_s) / 60
    return f"Speed over {minutes:.0f} minutes: up to {top_kph:.1f} km/h measured, {planned_kph:.1f} km/h planned"


# --- panels -----------------------------------------------------------------------------------------------------


def _panels(curve: Curve) -> Iterator[Panel]:
    planned = [one.planned_kph or 0.0 for one in curve.moments] + [kph for _, kph in curve.left]
    speeds = [one.speed_kph or 0.0 for one in curve.moments]
    top = ABOVE
    yield _panel("km/h", lambda one: one.speed_kph, (0.0, max(*planned, *speeds, 1.0)), (top, SPEED_HEIGHT))
    top += SPEED_HEIGHT + BETWEEN
    hearts = [one.heart_bpm for one in curve.moments if one.heart_bpm]
    if hearts:
        yield _panel("beats/min", lambda one: one.heart_bpm, (min(hearts), max(hearts)), (top, PANEL_HEIGHT))
        top += PANEL_HEIGHT + BETWEEN
    inclines = [one.incline_percent or 0.0 for one in curve.moments]
    if any(inclines):
        ends = (min(0.0, *inclines), max(0.0, *inclines))
        yield _panel("incline %", lambda one: one.incline_percent, ends, (top, PANEL_HEIGHT))


def _panel(
    label: str, value: Callable[[Moment], float | None], ends: tuple[float, float], place: tuple[float, float]
) -> Panel:
    """A panel whose scale goes from one round number below all values to one above."""
    lines = 5 if place[1] == SPEED_HEIGHT else 2
    span = max(1.0, ends[1] - ends[0])
    step = next((one for one in STEPS if span / one <= lines), STEPS[-1])
    low, high = math.floor(ends[0] / step) * step, math.ceil(ends[1] / step) * step
    return Panel(label, value, *place, low, high if high > low else low + step, step)


def _scale(panel: Panel) -> Iterator[Element]:
    yield element("text", {"x": LEFT, "y": panel.top - 4}, panel.label)
    value = panel.low
    while value <= panel.high:
        y = round(panel.y(value), 1)
        yield element("line", {"x1": LEFT, "x2": WIDTH - RIGHT, "y1": y, "y2": y, "class": "grid"})
        yield element("text", {"x": LEFT - 5, "y": y + 3, "class": "left"}, f"{value:g}")
        value += panel.step


def _minutes(across: Across, bottom: float) -> Iterator[Element]:
    span_min = (across.ends_s - across.begins_s) / 60
    apart = next((one for one in MINUTES if span_min / one <= TICKS_MAX), MINUTES[-1])
    for minute in range(0, math.floor(span_min) + 1, apart):
        x = round(across.x(across.begins_s + minute * 60), 1)
        yield element("line", {"x1": x, "x2": x, "y1": bottom, "y2": bottom + 4, "class": "axis"})
        yield element("text", {"x": x, "y": bottom + 14, "class": "middle"}, f"{minute} min" if minute else "0")


# --- what was planned and what was done -------------------------------------------------------------------------


def _planned(curve: Curve, across: Across, panel: Panel) -> Iterator[Element]:
    """An area for each stretch in which the plan went on; the rest of a plan that was left early, hatched by a line."""
    runs = [(one.at_s, one.planned_kph) for one in curve.moments]
    for waits, stretch in groupby(runs, key=lambda one: one[1] is None):
        points = [(at_s, kph) for at_s, kph in stretch if kph is not None]
        if not waits:
            yield _area(points, across, panel)
    if curve.left:
        yield element("path", {"d": _path(curve.left, across, panel), "class": "left-over"})


def _area(points: Sequence[Point], across: Across, panel: Panel) -> Element:
    foot = panel.y(0.0)
    first, last = across.x(points[0][0]), across.x(points[-1][0])
    outline = _path(points, across, panel)
    return element("path", {"d": f"{outline} L{last:.1f} {foot:.1f} L{first:.1f} {foot:.1f} Z", "class": "planned"})


def _line(panel: Panel, moments: Sequence[Moment], across: Across) -> Iterator[Element]:
    """What was told, in one stroke from gap to gap."""
    told = [(one.at_s, panel.value(one)) for one in moments]
    for silent, stretch in groupby(told, key=lambda one: one[1] is None):
        points = [(at_s, value) for at_s, value in stretch if value is not None]
        if not silent:
            yield element("path", {"d": _path(points, across, panel), "class": "done"})


def _path(points: Iterable[Point], across: Across, panel: Panel) -> str:
    corners = _corners([(round(across.x(at_s), 1), round(panel.y(value), 1)) for at_s, value in points])
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in corners)


def _corners(points: Sequence[Point]) -> list[Point]:
    """Without the points on a level line: a speed that holds is two of them."""
    inner = [
        here
        for before, here, after in zip(points, points[1:], points[2:], strict=False)
        if not before[1] == here[1] == after[1]
    ]
    return [points[0], *inner, points[-1]]


def _marks(marks: Sequence[Mark], across: Across, panel: Panel) -> Iterator[Element]:
    foot = panel.top + panel.height
    for mark in marks:
        x = round(across.x(mark.at_s), 1)
        yield element("line", {"x1": x, "x2": x, "y1": panel.top, "y2": foot, "class": "mark"})
        yield element("text", {"x": x, "y": panel.top - 3, "class": "middle number"}, f"{mark.number}")
