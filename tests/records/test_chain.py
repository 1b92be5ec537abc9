"""The chain of hashes: the same for the same rows, another for any other."""

from __future__ import annotations

from typing import Any

import pytest

from retrotread.records.chain import BEGINNING, chained, link

RUN = {"run_id": "ab12", "plan": b"retrotread: 1\n", "level": None}
EVENTS = [{"n": 1, "text": "armed"}, {"n": 2, "text": "gréen"}]
REST: dict[str, Any] = {"samples": [[0, 150, None]]}


def test_a_link_is_the_sha256_of_the_one_before_and_the_row_in_one_form() -> None:
    assert link(BEGINNING, {"b": 1, "a": None}) == "951f068ee4119e0fb3ddc1f1c4a7204123eace96523334e29c0b48d56751dd58"
    assert link(BEGINNING, {"b": 1, "a": None}) == link(BEGINNING, {"a": None, "b": 1})


def test_a_run_without_events_has_a_head() -> None:
    assert chained(RUN, [], REST).events == ()
    assert chained(RUN, [], REST).head != chained(RUN, EVENTS, REST).head


@pytest.mark.parametrize(
    ("run", "events", "rest", "first_apart"),
    [
        (RUN | {"level": 0}, EVENTS, REST, 0),
        (RUN | {"plan": b"retrotread: 1"}, EVENTS, REST, 0),
        (RUN, [EVENTS[0], EVENTS[1] | {"text": "green"}], REST, 1),
        (RUN, EVENTS[::-1], REST, 0),
        (RUN, EVENTS, {"samples": [[0, None, 150]]}, 2),
    ],
)
def test_every_change_shows_from_its_own_link_on(
    run: dict[str, Any], events: list[dict[str, Any]], rest: dict[str, Any], first_apart: int
) -> None:
    was, now = chained(RUN, EVENTS, REST), chained(run, events, rest)
    pairs = list(zip((*was.events, was.head), (*now.events, now.head), strict=True))
    assert [before != after for before, after in pairs] == [at >= first_apart for at in range(3)]


@pytest.mark.parametrize("number", [1.5, float("nan"), float("inf"), 2.0])
def test_a_number_that_could_be_written_in_two_ways_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="is not a whole number; keep it in a smaller unit"):
        link(BEGINNING, {"speed": number})
