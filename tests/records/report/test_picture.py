"""The profile of a session as a picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from retrotread.records.curve import NOTHING, Curve, Moment
from retrotread.records.report.picture import LEFT, RIGHT, WIDTH, Mark, picture

LEVEL = tuple(Moment(float(n), 2.0, 0.0, None, 2.0) for n in range(120))


def drawn(curve: Curve, *marks: Mark) -> ElementTree.Element:
    return picture(curve, marks)


def paths(made: ElementTree.Element, kind: str) -> list[list[tuple[float, float]]]:
    """The corners of every path of a kind."""
    found = [one.get("d", "") for one in made.iter("path") if one.get("class") == kind]
    return [[(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)] for path in found]


def words(made: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in made.iter("text")]


def test_a_speed_that_holds_is_a_straight_line_from_end_to_end() -> None:
    ((first, last),) = paths(drawn(Curve(LEVEL)), "done")
    assert (first[0], last[0]) == (LEFT, WIDTH - RIGHT)
    assert first[1] == last[1]


def test_a_faster_belt_stands_higher() -> None:
    faster = Curve((*LEVEL, Moment(120.0, 4.0), Moment(121.0, 4.0)))
    ((first, *_, last),) = paths(drawn(faster), "done")
    assert last[1] < first[1]


def test_what_was_planned_is_an_area_down_to_the_foot() -> None:
    ((*outline, right, left),) = paths(drawn(Curve(LEVEL)), "planned")
    assert [x for x, _ in outline] == [LEFT, WIDTH - RIGHT]
    assert right[1] == left[1] > outline[0][1]


def test_where_the_plan_waited_and_where_nothing_was_told_there_is_a_gap() -> None:
    silent = (*LEVEL[:30], *(Moment(float(n)) for n in range(30, 60)), *LEVEL[60:])
    made = drawn(Curve(silent))
    assert [len(paths(made, kind)) for kind in ("planned", "done")] == [2, 2]


def test_the_rest_of_a_plan_is_drawn_behind_what_was_done() -> None:
    made = drawn(Curve(LEVEL, ((119.0, 2.0), (239.0, 1.0))))
    ((begins, ends),) = paths(made, "left-over")
    ((_, done),) = paths(made, "done")
    assert done[0] == begins[0] < ends[0] == WIDTH - RIGHT


def test_a_heart_and_an_incline_have_panels_of_their_own_and_only_where_there_were_any() -> None:
    assert not {"beats/min", "incline %"} & set(words(drawn(Curve(LEVEL))))
    uphill = Curve((Moment(0.0, 2.0, 0.0, 98), Moment(1.0, 2.0, 3.0, 143)))
    found = words(drawn(uphill))
    assert [one for one in found if not one[0].isdigit()] == ["km/h", "beats/min", "incline %"]
    assert {"80", "160"} <= set(found)


def test_a_mark_stands_over_its_moment() -> None:
    made = drawn(Curve(LEVEL), Mark(3, 59.5))
    (line,) = [one for one in made.iter("line") if one.get("class") == "mark"]
    assert float(line.get("x1", "")) == round((LEFT + WIDTH - RIGHT) / 2, 1)
    assert "3" in words(made)


def test_who_hears_the_page_is_told_what_the_picture_shows() -> None:
    title = drawn(Curve(LEVEL)).find("title")
    assert title is not None
    assert title.text == "Speed over 2 minutes: up to 2.0 km/h measured, 2.0 km/h planned"


def test_without_a_report_of_the_belt_a_sentence_takes_its_place() -> None:
    assert drawn(NOTHING).text == "No report of the belt was recorded: there is no profile."
