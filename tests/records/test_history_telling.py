"""``retrotread history`` list, show, trends and compare, from the command line."""

from __future__ import annotations

import pytest
from tests.records.conftest import Made, changed
from tests.records.test_history_command import Asking
from tests.records.test_history_command import asking as asking  # noqa: PLC0414  (a fixture)

from retrotread.records.file import NAME


@pytest.fixture
def three(asking: Asking, run: Made) -> Asking:
    """Two sessions of one week, one of them stopped; before them one on a simulated treadmill."""
    changed(run("51m0", "2026-02-25T09:00:00+00:00"), "UPDATE run SET address = 'sim://spiky'")
    run("ab12cd", "2026-03-02T09:00:00+00:00")
    events = "INSERT INTO event VALUES (9, 65000, '2026-03-05T09:01:05', 'ui_slow', 'late by ' || char(27) || '[2J')"
    zero = "UPDATE event SET at_utc = '2026-03-05T09:00:00'"
    changed(run("cd34ef", "2026-03-05T09:00:00+00:00", stop_at_s=150.0), zero, events)
    return asking


# --- list -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ([], ["2026-03-05", "2026-03-02", "2026-02-25"]),
        (["--real"], ["2026-03-05", "2026-03-02"]),
        (["--from", "2026-03-01", "--to", "2026-03-02"], ["2026-03-02"]),
        (["--to-its-end"], ["2026-03-02", "2026-02-25"]),
        (["--about", "TWO", "--level", "1"], ["2026-03-05", "2026-03-02", "2026-02-25"]),
    ],
)
def test_the_list_is_narrowed_by_what_is_asked_for(three: Asking, words: list[str], days: list[str]) -> None:
    code, out, _ = three("history", "list", *words)
    assert (code, [line[:10] for line in out.splitlines()]) == (0, days)
    assert [one["day"] for one in three.object("history", "list", *words)["sessions"]] == days


def test_a_list_of_none_is_told_apart_from_no_history(three: Asking) -> None:
    assert three("history", "list", "--level", "9")[1] == "nothing like it: no session is as asked for\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--from", "tomorrow"], "'tomorrow' is no day; write it as 2026-03-02"),
        (["--from", "2026-03-02", "--to", "2026-03-01"], "--to 2026-03-01 lies before --from 2026-03-02; swap them"),
    ],
)
def test_days_that_cannot_be_meant_are_told(three: Asking, words: list[str], why: str) -> None:
    code, out, err = three("history", "list", *words)
    assert (code, out) == (2, "")
    assert why in " ".join(err.split())


# --- one session ------------------------------------------------------------------------------------------------


def test_one_session_is_told_from_its_plan_to_its_chain(three: Asking) -> None:
    code, out, _ = three("history", "show", "last")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("2026-03-05 09:00  Two bouts, on ")
    assert any(line.split() == ["plan", "time", "5:30", "2:11"] or line.startswith("plan time") for line in lines)
    assert "pain before 0, in it 1, after 0, next morning not said; effort 3" in lines
    assert "  09:01:05  late by [2J; nothing rose: who cannot see the screen move cannot be warned of a rise" in lines
    assert lines[-3:-1] == ["run cd34ef", lines[-2]]
    assert lines[-1].endswith("; its rows hold against it")


def test_rows_that_were_changed_by_hand_are_told(three: Asking) -> None:
    three("history")
    changed(three.folder / NAME, "UPDATE sample SET speed_ckph = 900 WHERE at_ms > 100000 AND session_id = 1")
    assert three("history", "show", "2026-02-25")[1].rstrip().endswith("its rows do NOT hold against it")


def test_one_session_as_an_object_holds_its_curve_its_limits_and_its_events(three: Asking) -> None:
    found = three.object("history", "show", "cd34")
    assert (found["retrotread_session"], found["run_id"], found["intact"]) == (1, "cd34ef", True)
    assert (found["limits"][0]["at"], found["limits"][0]["action"]) == ("2026-03-05T09:01:05+00:00", "freeze_rises")
    assert found["events"][-1]["text"] == "standstill"
    moving = [one for one in found["moments"] if one["speed_kph"] and one["planned_kph"]]
    assert len(moving) > 100
    assert all(abs(one["speed_kph"] - one["planned_kph"]) < 0.6 for one in moving[5:-15])
    assert found["left"][-1]["speed_kph"] < found["left"][0]["speed_kph"] + 1.0
    assert "plan" not in found


@pytest.mark.parametrize("command", ["show", "compare"])
def test_no_such_session_is_told_with_the_mend(three: Asking, command: str) -> None:
    words = ["yesterday"] if command == "show" else ["last", "yesterday"]
    code, out, err = three("history", command, *words)
    assert (code, out) == (2, "")
    assert "no session is meant by 'yesterday'; type last" in err


def test_before_the_first_run_there_is_none_to_show(asking: Asking) -> None:
    assert asking("history", "show", "last") == (
        2, "", "retrotread: there is no session yet; the first run begins the history\n",
    )  # fmt: skip


# --- trends and comparison --------------------------------------------------------------------------------------


def test_trends_are_a_week_a_line_and_nobody_trained_on_a_simulated_treadmill(three: Asking) -> None:
    code, out, _ = three("history", "trends", "--weeks", "2", "--to", "2026-03-05")
    assert code == 0
    _, before, week, in_all = out.splitlines()
    assert before.split() == ["2026-02-23", "0", "0.0", "min", "0.0", "min", "0.00", "km", "0.0", "km/h", "-", "-", "-"]
    assert week.split()[:2] == ["2026-03-02", "2"]
    assert week.split()[-3:] == ["1", "3", "1"]
    assert in_all.split()[2:] == week.split()[1:]


def test_simulated_treadmills_count_when_it_is_said(three: Asking) -> None:
    found = three.object("history", "trends", "--weeks", "2", "--to", "2026-03-05", "--simulated")
    assert found["retrotread_trends"] == 1
    assert [one["sessions"] for one in found["weeks"]] == [1, 2]
    assert found["in_all"]["sessions"] == 3


def test_two_sessions_are_compared_in_the_order_in_which_they_are_named(three: Asking) -> None:
    code, out, _ = three("history", "compare", "2026-03-02", "last")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].split() == ["2026-03-02", "09:00", "2026-03-05", "09:00", "change"]
    (backward,) = [line.split() for line in lines if line.startswith("backward")]
    assert backward[1:3] == ["5.5", "min"]
    assert float(backward[-1]) < 0
    found = three.object("history", "compare", "2026-03-02", "last")
    assert [found[one]["run_id"] for one in ("first", "second")] == ["ab12cd", "cd34ef"]
    assert {"what": "effort", "unit": "", "first": 3.0, "second": 3.0, "change": 0.0} in found["quantities"]
