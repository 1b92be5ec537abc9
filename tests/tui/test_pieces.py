"""The small pure parts of the screens: choice, checklist, picture, large letters, bells, frames."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from tests.tui.conftest import (
    HARD,
    REAL,
    SIMULATED,
    TIMELINE,
    FakeControls,
    a_snapshot,
    a_view,
    an_offer,
    still,
)

from retrotread.safety.modes import Mode
from retrotread.tui.bells import ALARM_PERIOD_S, ALARM_PULSES_S, rings
from retrotread.tui.bigtext import rows
from retrotread.tui.choice import (
    READING,
    Choice,
    Shown,
    other_company,
    other_offer,
    other_shown,
    other_treadmill,
    window,
    with_offers,
)
from retrotread.tui.door import Cells, StopDoor
from retrotread.tui.frame import Frame, Run, next_frame
from retrotread.tui.profile import column_at, cursor_line, picture
from retrotread.workouts.engine import Phase

# --- choice -----------------------------------------------------------------------------------------------------

CHOICE = Choice((SIMULATED, REAL), offers=(an_offer(), HARD))


def test_a_workout_with_problems_hinders_and_one_without_does_not() -> None:
    assert CHOICE.hindrance() is None
    assert other_offer(CHOICE, 1).hindrance() == (
        "60:60 backward intervals cannot be run on this treadmill as it is; the reasons are above"
    )


def test_nothing_goes_on_before_the_workouts_are_read() -> None:
    assert Choice().hindrance() == READING
    assert other_treadmill(CHOICE, 1).hindrance() == READING


def test_workouts_read_for_a_treadmill_that_is_no_longer_chosen_are_not_taken() -> None:
    other = other_treadmill(CHOICE, 1)
    assert with_offers(other, SIMULATED.address, False, (HARD,)).offers is None
    assert with_offers(other, REAL.address, False, (HARD,)).offers == (HARD,)


def test_workouts_read_for_company_are_not_taken_once_the_person_is_alone() -> None:
    alone = other_company(CHOICE)
    assert alone.hindrance() == READING
    assert with_offers(alone, SIMULATED.address, False, (HARD,)).offers is None
    assert with_offers(alone, SIMULATED.address, True, (HARD,)).offers == (HARD,)


EASY, BRISK = an_offer(key="easy", level=2), an_offer(key="brisk", level=5)
FREE = an_offer(key="free", level=None)
MANY = with_offers(Choice((SIMULATED,)), SIMULATED.address, False, (an_offer(), EASY, BRISK, FREE, HARD))


def test_what_can_be_run_is_listed_first_and_a_key_goes_through_the_other_lists() -> None:
    lists, choice = [], MANY
    for _ in range(6):
        lists.append((choice.shown, [one.key for one in choice.listed]))
        choice = other_shown(choice)
    assert lists == [
        (Shown.OPEN, ["first", "easy", "brisk", "free"]),
        (Shown.ALL, ["first", "easy", "brisk", "free", "intervals"]),
        (Shown.FIRST, ["first", "easy"]),
        (Shown.BRISK, ["brisk"]),
        (Shown.RUNS, ["intervals"]),
        (Shown.OPEN, ["first", "easy", "brisk", "free"]),
    ]


def test_the_marked_workout_stays_marked_where_the_other_list_has_it() -> None:
    brisk = other_offer(MANY, 2)
    assert brisk.offer == BRISK
    everything = other_shown(brisk)
    assert (everything.offer, other_shown(everything).offer) == (BRISK, an_offer())
    assert other_offer(MANY, 9).offer == FREE
    assert other_offer(everything, 9).offer == HARD


def test_what_was_asked_for_is_listed_though_it_cannot_be_run() -> None:
    asked = with_offers(Choice((SIMULATED,)), SIMULATED.address, False, (HARD, EASY))
    assert (asked.shown, asked.offer, asked.listed) == (Shown.ALL, HARD, (HARD, EASY))


def test_before_the_workouts_are_read_there_is_no_other_list() -> None:
    unread = Choice((SIMULATED,))
    assert (other_shown(unread), unread.listed, unread.offer) == (unread, (), None)


def test_the_ends_of_the_list_of_workouts_hold() -> None:
    assert other_offer(CHOICE, -1).offer_index == 0
    assert other_offer(CHOICE, 9).offer_index == 1


@pytest.mark.parametrize("chosen", range(20))
def test_the_chosen_row_is_among_those_shown(chosen: int) -> None:
    assert chosen in window(20, chosen, 5)
    assert len(window(20, chosen, 5)) == 5
    assert list(window(2, min(chosen, 1), 5)) == [0, 1]


# --- picture and letters ----------------------------------------------------------------------------------------


def test_the_picture_fills_its_room_and_its_highest_speed_reaches_the_top() -> None:
    lines = picture(TIMELINE, 40, 4)
    assert [len(line) for line in lines] == [40] * 4
    assert "█" in lines[0]
    assert set(lines[3]) <= {"█", "▇", "▆", "▅", "▄"}, "even the lowest speed of a plan is seen"


def test_a_short_fast_step_is_not_lost_between_two_columns() -> None:
    assert picture(TIMELINE, 6, 8)[0] == " ████ ", "three steps of a minute, in columns of two"


def test_there_is_no_picture_without_room() -> None:
    assert picture(TIMELINE, 0, 4) == []
    assert picture(TIMELINE, 10, 0) == []


def test_the_cursor_walks_from_the_first_column_to_the_last() -> None:
    assert column_at(TIMELINE, 0.0, 40) == 0
    assert column_at(TIMELINE, TIMELINE.total_s / 2, 40) == 20
    assert column_at(TIMELINE, TIMELINE.total_s + 5, 40) == 39
    assert cursor_line(3, 6) == "   ▼  "


def test_every_digit_is_told_from_every_other() -> None:
    assert len({tuple(rows(digit)) for digit in "0123456789.-"}) == 12


def test_large_letters_are_rectangles_of_five_rows_a_scale() -> None:
    for scale in (1, 2):
        lines = rows("12.0", scale)
        assert len(lines) == 5 * scale
        assert len({len(line) for line in lines}) == 1


def test_a_struck_number_has_a_line_through_its_middle() -> None:
    plain, struck = rows("2.5"), rows("2.5", struck=True)
    assert [a == b for a, b in zip(plain, struck, strict=True)] == [True, True, False, True, True]
    assert set(struck[2]) == {"━"}


# --- frames and bells -------------------------------------------------------------------------------------------

RUN = Run(FakeControls(), an_offer(), SIMULATED)


def frames(*steps: tuple[float, FakeControls], stop_pressed_s: float | None = None) -> list[Frame]:
    """The frames of these moments and states, one after another."""
    done: list[Frame] = []
    for now_s, controls in steps:
        before = done[-1] if done else None
        stop_s = stop_pressed_s if before is None else before.stop_pressed_s
        done.append(next_frame(before, replace(RUN, controls=controls), now_s, stop_s))
    return done


LIVE = FakeControls(a_view(snapshot=a_snapshot()))
ALARM = FakeControls(a_view(snapshot=a_snapshot(Mode.ESCALATED, alarm=True)))


def test_a_frame_knows_how_long_its_stage_and_its_mode_have_lasted() -> None:
    pausing = FakeControls(a_view(Phase.PAUSED, a_snapshot(Mode.PAUSING)))
    paused = FakeControls(a_view(Phase.PAUSED, still(Mode.PAUSED)))
    last = frames((0.0, LIVE), (1.0, pausing), (3.0, paused), (4.5, paused))[-1]
    assert (last.stage_s, last.mode_s) == (3.5, 1.5)


def test_a_pressed_stop_is_remembered_until_a_rest_that_comes_after_it() -> None:
    stopping = FakeControls(a_view(Phase.STOPPED, a_snapshot(Mode.STOPPING)))
    latched = FakeControls(a_view(Phase.STOPPED, still(Mode.LATCHED)))
    shown = frames((0.0, LIVE), (2.0, stopping), (2.5, latched), (3.0, latched), stop_pressed_s=0.0)
    assert [frame.stop_pressed for frame in shown] == [True, True, False, False]
    older_news = frames((0.5, FakeControls(a_view(snapshot=still(Mode.IDLE)))), stop_pressed_s=0.0)
    assert older_news[0].stop_pressed


def test_the_alarm_rings_two_groups_of_five_and_begins_again() -> None:
    moments = [100.0 + i / 10 for i in range(round(2 * ALARM_PERIOD_S * 10))]
    shown = frames((99.9, LIVE), *((moment, ALARM) for moment in moments))
    rung = [round(b.now_s - 100.0, 1) for a, b in pairwise(shown) if rings(a, b)]
    expected = [*ALARM_PULSES_S, *(ALARM_PERIOD_S + pulse_s for pulse_s in ALARM_PULSES_S)]
    assert rung == pytest.approx(expected, abs=0.11), "to the next turn of the screen"
    assert len(ALARM_PULSES_S) == 10


def test_the_bell_rings_at_a_new_step_and_with_each_second_of_the_countdown() -> None:
    next_step = FakeControls(a_view(snapshot=a_snapshot(), step_index=2))
    a, b, c = frames((0.0, LIVE), (0.1, LIVE), (0.2, next_step))
    assert (rings(a, b), rings(b, c)) == (False, True)
    counts = [
        FakeControls(a_view(Phase.READY, still(Mode.COUNTDOWN, start_in_s=left_s))) for left_s in (9.95, 9.5, 8.99, 8.9)
    ]
    shown = frames(*((float(at), controls) for at, controls in enumerate(counts)))
    assert [rings(a, b) for a, b in pairwise(shown)] == [False, True, False]


# --- the door ---------------------------------------------------------------------------------------------------


def test_a_run_that_cannot_tell_whether_it_moves_is_taken_to_move() -> None:
    class Broken(FakeControls):
        def stop_keys_live(self) -> bool:
            raise RuntimeError("no answer")

    door = StopDoor()
    assert not door.live()
    door.controls = Broken()
    assert door.live()


def test_the_stop_bar_is_hit_inside_its_cells_only() -> None:
    cells = Cells(1, 21, 78, 3)
    assert cells.hold(1, 21)
    assert cells.hold(78.9, 23.9)
    assert not [point for point in ((0, 22), (79, 22), (40, 20), (40, 24)) if cells.hold(*point)]
