"""A history as text: what is written is read back, and what is wrong is said with its place."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.machine import BeltDirection
from retrotread.training.history import (
    Break,
    CheckIn,
    Cleared,
    Dose,
    Event,
    HistoryError,
    Illness,
    Injury,
    Pain,
    Placed,
    Screened,
    Session,
    joined,
)
from retrotread.training.history_file import ENTRIES_MAX, history_as_json, history_from_json

DAY = date(2026, 3, 2)
LATER = date(2026, 3, 9)
OF_EVERY_KIND = (
    Screened(DAY, frozenset({"fall", "pregnant"})),
    Cleared(DAY, "a doctor"),
    Placed(DAY, 3, "a coach"),
    CheckIn(DAY, 1, True),
    Session(
        DAY,
        7,
        12.5,
        3.0,
        forward_min=20.0,
        dose=Dose(6, 30, 6.0, 2.5),
        done_share=0.9,
        device="ble://Home",
        belt=BeltDirection.REVERSED,
        pain=Pain(0, 1, None, 2),
        effort=4,
        events=frozenset({Event.STUMBLE, Event.KEY_PULL}),
        heart_over_ceiling=False,
        supervised=True,
    ),
    Break(DAY, None, "holiday"),
    Illness(DAY, LATER),
    Injury(LATER, "the ankle"),
)


def test_every_kind_of_entry_is_read_as_it_was_written() -> None:
    assert history_from_json(history_as_json(OF_EVERY_KIND)) == OF_EVERY_KIND


def test_entries_are_put_in_order_of_time() -> None:
    assert history_from_json(history_as_json(OF_EVERY_KIND[::-1]))[-1] == OF_EVERY_KIND[-1]


def with_entry(entry: object) -> str:
    return json.dumps({"retrotread_history": 1, "entries": [entry]})


def with_session(**changes: object) -> str:
    return with_entry({"kind": "session", "day": "2026-03-02", "level": 3, "walked_min": 20, **changes})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is not JSON"),
        ("[]", "it is not an object"),
        ("[" * 100_000, "it is not JSON"),
        ("{}", "retrotread_history is None; this version reads 1"),
        ('{"retrotread_history": 2, "entries": []}', "retrotread_history is 2"),
        ('{"retrotread_history": 1}', "entries is not a list"),
        ('{"retrotread_history": 1, "entries": {}}', "entries is not a list"),
        ('{"retrotread_history": 1, "entries": [], "x": 1}', "'x' is not known here"),
        (with_entry(3), "entry 1: its kind is none of session, check-in"),
        (with_entry({"kind": "sesion"}), "entry 1: its kind is none of session, check-in"),
        (with_entry({"kind": ["session"]}), "entry 1: its kind is none of"),
        (with_entry({"kind": "injury", "day": "2026-03-02"}), "entry 1: where"),
        (with_session(day="yesterday"), "entry 1: day"),
        (with_session(day="2026-02-30"), "entry 1: day"),
        (with_session(level="3"), "entry 1: level"),
        (with_session(level=11), "entry 1: level is 11; it goes from 0 to 10"),
        (with_session(level=True), "entry 1: level"),
        (with_session(walked_min=-1), "walked_min is -1; it goes from 0 to 1440"),
        (with_session(walked_min=float("nan")), "NaN is no number"),
        (with_session(done_share=1.1), "done_share is 1.1; it goes from 0 to 1"),
        (with_session(effort=11), "effort is 11; it goes from 0 to 10"),
        (with_session(pain={"before": 11}), "pain before is 11; it goes from 0 to 10"),
        (with_session(pain={"now": 1}), "entry 1: pain.now"),
        (with_session(events=["flying"]), "entry 1: events"),
        (with_session(dose={"bouts": 0, "bout_s": 30, "speed_kph": 2}), "bouts is 0; it goes from 1 to 1000"),
        (with_session(dose={"bouts": 1, "bout_s": 30, "speed_kph": 13}), "speed_kph is 13; it goes from 0 to 12"),
        (with_session(speed=3), "entry 1: speed"),
        (with_session().replace(" 20}", " 1e999}"), "walked_min"),
        (with_entry({"kind": "placed", "day": "2026-03-02", "level": 5, "by": "me"}), "it goes from 0 to 4"),
        (
            with_entry({"kind": "break", "day": "2026-03-02", "until": "2026-03-01"}),
            "it ends on 2026-03-01, before it began on 2026-03-02",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, words: str) -> None:
    with pytest.raises(HistoryError) as error:
        history_from_json(text)
    assert words in str(error.value)


def test_there_is_an_end_to_how_much_is_read() -> None:
    cheap = [{"kind": "check-in", "day": "2026-03-02"}] * (ENTRIES_MAX + 1)
    with pytest.raises(HistoryError, match="at most 20,000"):
        history_from_json(json.dumps({"retrotread_history": 1, "entries": cheap}))
    with pytest.raises(HistoryError, match="characters; at most 16,000,000"):
        history_from_json(" " * 16_000_001)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_whatever_a_field_holds_is_a_session_or_a_sentence(value: object) -> None:
    for field in ("day", "level", "walked_min", "pain", "events", "dose", "belt"):
        try:
            history = history_from_json(with_session(**{field: value}))
        except HistoryError:
            continue
        assert isinstance(history[0], Session)


# --- two histories ----------------------------------------------------------------------------------------------


def test_what_was_written_down_of_a_day_stands_for_what_was_recorded_on_it() -> None:
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    written = (Session(monday, 3, 20.0), CheckIn(tuesday, pain=4))
    recorded = (CheckIn(monday, pain=1), Session(monday, 3, 19.5), CheckIn(tuesday, pain=0), Session(tuesday, 3, 10.0))
    assert joined(written, recorded) == (
        Session(monday, 3, 20.0),
        CheckIn(monday, pain=1),
        CheckIn(tuesday, pain=4),
        Session(tuesday, 3, 10.0),
    )
