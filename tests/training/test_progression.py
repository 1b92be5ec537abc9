"""From a history to the next step: what leads up, what holds, what leads back, what rests and what locks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from retrotread.machine import BeltDirection
from retrotread.training.history import (
    Break,
    CheckIn,
    Cleared,
    Dose,
    Entry,
    Event,
    History,
    HistoryError,
    Illness,
    Injury,
    Pain,
    Placed,
    Screened,
    Session,
)
from retrotread.training.ladder import HILLY, LADDER, Step, steps_of
from retrotread.training.progression import Recommendation, Trainee, recommend
from retrotread.training.reasons import Advice
from retrotread.training.standing import standing_after

BEGIN = date(2026, 3, 2)
ANYBODY = Trainee()
WELL = Pain(0, 1, 0, 0)


def session(step: Step, day: date, **changes: object) -> Session:
    """A good session of a step."""
    ran_min = step.dose.work_s / 60 if step.level.runs else 0.0
    made = Session(
        day,
        step.level.number,
        walked_min=step.session_min - ran_min,
        ran_min=ran_min,
        dose=step.dose,
        device="home",
        pain=WELL,
        effort=3,
        supervised=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def first_of(number: int) -> Step:
    return steps_of(LADDER[number])[0]


def last_of(number: int) -> Step:
    return steps_of(LADDER[number])[-1]


class Climb:
    """A history that grows: every session is what was recommended, on the first day on which it was."""

    def __init__(self, trainee: Trainee = ANYBODY) -> None:
        self.trainee = trainee
        self.history: list[Entry] = []
        self.day = BEGIN

    def advised(self, day: date | None = None) -> Recommendation:
        return recommend(tuple(self.history), self.trainee, day or self.day)

    def wait(self) -> Recommendation:
        """Until a day on which something may be done."""
        advised = self.advised()
        while advised.advice <= Advice.REST_DAY:
            assert advised.advice is not Advice.LOCKED, advised.reasons
            self.day = advised.not_before
            advised = self.advised()
        return advised

    def train(self, **changes: object) -> Session:
        done = session(self.wait().step, self.day, **changes)
        self.history.append(done)
        self.day += timedelta(days=1)
        return done

    def to(self, number: int) -> Climb:
        """Up to the first step of a level, which is then earned and not yet done."""
        while self.wait().step.level.number < number:
            self.train()
        return self


def climbed(number: int, trainee: Trainee = ANYBODY) -> Climb:
    """Somebody who was placed as high as a placement goes, and has climbed from there with good sessions."""
    climb = Climb(trainee)
    climb.history.append(Placed(BEGIN, min(number, 4), "a coach"))
    return climb.to(number)


def rules(advised: Recommendation) -> list[str]:
    return [one.rule for one in advised.reasons]


# --- up ---------------------------------------------------------------------------------------------------------


def test_a_beginner_begins_with_the_first_step_beside_a_spotter() -> None:
    advised = recommend((), ANYBODY, BEGIN)
    assert (advised.step, advised.advice) == (HILLY[0], Advice.HOLD)
    assert advised.notes == ("level 0 needs: spotter, rails",)
    assert advised.easier == HILLY[:1]


@pytest.mark.parametrize(("number", "needed"), [(0, 2), (3, 2), (4, 3), (6, 3)])
def test_two_good_days_lead_up_and_three_from_level_4_on(number: int, needed: int) -> None:
    climb = climbed(number)
    step = climb.wait().step
    for _ in range(needed):
        assert climb.wait().step == step
        climb.train()
    advised = climb.wait()
    assert advised.advice is Advice.PROMOTE
    assert advised.step == HILLY[HILLY.index(step) + 1]
    assert f"{needed} good sessions" in advised.reasons[-1].text


def test_two_sessions_on_one_day_are_one_good_day() -> None:
    day = BEGIN
    history = (session(HILLY[0], day), session(HILLY[0], day))
    assert recommend(history, ANYBODY, day + timedelta(days=3)).advice is Advice.HOLD


def test_who_is_offered_more_and_stays_goes_on_standing_there() -> None:
    history = tuple(session(HILLY[0], BEGIN + timedelta(days=2 * n)) for n in range(6))
    advised = recommend(history, ANYBODY, BEGIN + timedelta(days=13))
    assert (advised.advice, advised.step, advised.earned) == (Advice.PROMOTE, HILLY[1], HILLY[0])


def test_a_leap_ahead_is_said_and_earns_nothing() -> None:
    leap = tuple(session(last_of(10), BEGIN + timedelta(days=3 * n)) for n in range(4))
    advised = recommend(leap, ANYBODY, leap[-1].day + timedelta(days=5))
    assert (advised.advice, advised.step) == (Advice.HOLD, HILLY[0])
    told = {one.rule: one.text for one in advised.reasons}
    assert told["far above"] == f"a session at level 10 on {leap[-1].day}, where level 0 was open; it earns nothing"
    assert told["good sessions"].startswith("0 of 2")


@pytest.mark.parametrize(("speed_kph", "counts"), [(1.3, True), (1.4, False), (6.0, False)])
def test_a_session_that_is_far_too_fast_for_its_level_earns_nothing(speed_kph: float, counts: bool) -> None:
    """As one of a workout without a level, which stands at level 0."""
    climb = Climb()
    climb.train(dose=replace(HILLY[0].dose, speed_kph=speed_kph))
    told = {one.rule: one.text for one in climb.wait().reasons}
    assert told["good sessions"].startswith("1 of 2" if counts else "0 of 2")
    assert ("far above" in told) is not counts
    assert counts or f"a session at {speed_kph:g} km/h on {BEGIN}, where level 0 was open" in told["far above"]


def test_a_session_at_the_level_of_the_next_step_counts_for_the_one_that_was_earned() -> None:
    climb = Climb()
    for _ in range(3):
        climb.train()
    climb.wait()
    climb.history.append(session(first_of(1), climb.day))
    climb.day += timedelta(days=1)
    advised = climb.wait()
    assert (advised.advice, advised.step, advised.earned) == (Advice.PROMOTE, first_of(1), HILLY[1])


def test_a_few_steps_at_the_level_of_the_next_step_earn_nothing() -> None:
    climb = Climb()
    for _ in range(3):
        climb.train()
    climb.wait()
    climb.history.append(session(first_of(1), climb.day, dose=Dose(1, 6, 0.8)))
    climb.day += timedelta(days=1)
    assert (climb.wait().advice, climb.wait().earned) == (Advice.HOLD, HILLY[1])


def test_what_was_earned_before_comes_back_with_one_good_day_fewer() -> None:
    climb = climbed(5)
    climb.train(pain=Pain(0, 6, 2, 0))
    assert climb.wait().step == steps_of(LADDER[4])[1]
    climb.train()
    climb.train()
    assert climb.wait().advice is Advice.PROMOTE


@pytest.mark.parametrize("confirms", [(False, "you confirm"), (True, "you and the supervisor confirm")])
def test_somebody_always_confirms(confirms: tuple[bool, str]) -> None:
    assert recommend((), Trainee(clinic=confirms[0]), BEGIN).confirm == confirms[1]


# --- it holds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "rule", "words"),
    [
        ({"pain": Pain(1, 3, 1, 1)}, "amber pain", "pain of 3 of 10"),
        ({"pain": Pain(0, 1, 0, 1)}, "amber pain", "1 more than before"),
        ({"effort": 5}, "effort", "effort 5 of 10"),
        ({"effort": 7}, "effort", "effort 7 of 10"),
        ({"events": frozenset({Event.STUMBLE})}, "event", "a stumble"),
        ({"events": frozenset({Event.KEY_PULL})}, "event", "a pull of the safety key"),
        ({"events": frozenset({Event.UNPLANNED_STOP})}, "event", "an unplanned stop"),
        ({"heart_over_ceiling": True}, "heart rate", "over its ceiling"),
        ({"done_share": 0.89}, "not done", "89% of the session"),
        ({"pain": Pain(0, 1, 0, None)}, "silence", "the pain on the next morning"),
        ({"pain": Pain(None, 1, 0, 0)}, "silence", "the pain before it"),
        ({"pain": Pain(0, None, None, 0)}, "silence", "the pain in it or after it"),
        ({"effort": None}, "silence", "the effort"),
    ],
)
def test_what_keeps_a_session_from_counting_says_so(changes: dict[str, object], rule: str, words: str) -> None:
    climb = Climb()
    climb.train()
    climb.train(**changes)
    advised = climb.wait()
    assert (advised.advice, advised.step) == (Advice.HOLD, HILLY[0])
    told = {one.rule: one.text for one in advised.reasons}
    assert words in told[rule]
    assert told["good sessions"].startswith("0 of 2")


def test_nine_tenths_and_a_hand_at_the_rails_where_hands_belong_are_good() -> None:
    climb = Climb()
    climb.train(done_share=0.9)
    climb.train(events=frozenset({Event.RAIL_GRAB}), heart_over_ceiling=False)
    assert climb.wait().advice is Advice.PROMOTE


def test_a_grab_at_the_rails_holds_where_hands_are_free() -> None:
    climb = climbed(4)
    climb.train(events=frozenset({Event.RAIL_GRAB}))
    assert "event" in rules(climb.wait())


@pytest.mark.parametrize(
    ("number", "supervised", "harness", "counts"),
    [
        (0, False, None, False),
        (0, None, True, False),
        (0, True, None, True),
        (3, None, None, True),
        (7, None, None, False),
        (7, False, False, False),
        (7, None, True, True),
        (7, True, None, True),
    ],
)
def test_where_somebody_is_needed_silence_about_them_is_no_yes(
    number: int, supervised: bool | None, harness: bool | None, counts: bool
) -> None:
    climb = climbed(number)
    climb.train(supervised=supervised, harness=harness)
    advised = climb.wait()
    assert advised.reasons[-1].text.startswith("1 of" if counts else "0 of")
    assert ("alone" in rules(advised)) is not counts


def test_a_check_in_on_the_day_after_answers_for_the_morning() -> None:
    silent = session(HILLY[0], BEGIN, pain=Pain(0, 1, 0, None))
    day = BEGIN + timedelta(days=1)
    for check_in, counts in (
        (CheckIn(day, 0), True),
        (CheckIn(day, 1), False),
        (CheckIn(day), False),
        (CheckIn(day + timedelta(days=1), 0), False),
        (CheckIn(BEGIN, 0), False),
    ):
        advised = recommend((silent, check_in), ANYBODY, BEGIN + timedelta(days=3))
        assert advised.reasons[-1].text.startswith("1 of 2" if counts else "0 of 2")
    own = session(HILLY[0], BEGIN, pain=Pain(0, 1, 0, 2))
    assert "red pain" in rules(recommend((own, CheckIn(day, 0)), ANYBODY, BEGIN + timedelta(days=3)))


def test_at_level_8_an_effort_of_6_is_easy_enough_and_7_is_not() -> None:
    for effort, expected in ((6, "1 of 3"), (7, "0 of 3")):
        climb = climbed(8)
        climb.train(effort=effort)
        assert climb.wait().reasons[-1].text.startswith(expected)


def test_a_bad_night_or_pain_today_keeps_from_a_step_up_and_a_good_day_gives_it_back() -> None:
    for check_in, rule in ((CheckIn(BEGIN, 0, True), "a bad night"), (CheckIn(BEGIN, 3), "some pain today")):
        climb = Climb()
        climb.train()
        climb.train()
        climb.wait()
        climb.history.append(replace(check_in, day=climb.day))
        today, tomorrow = climb.advised(), climb.advised(climb.day + timedelta(days=1))
        assert (today.advice, today.step) == (Advice.HOLD, HILLY[0])
        assert rule in rules(today)
        assert tomorrow.advice is Advice.PROMOTE


def test_pain_above_5_today_is_a_rest_day() -> None:
    advised = recommend((CheckIn(BEGIN, 6),), ANYBODY, BEGIN)
    assert (advised.advice, advised.not_before) == (Advice.REST_DAY, BEGIN + timedelta(days=1))


# --- back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "rule", "level"),
    [
        ({"pain": Pain(3, 6, 3, 3)}, "red pain", 4),
        ({"pain": Pain(0, 3, 0, 0)}, "red pain", 4),
        ({"pain": Pain(0, 1, 1, 2)}, "red pain", 4),
        ({"events": frozenset({Event.NEAR_FALL})}, "near-fall", 4),
    ],
)
def test_one_session_can_lead_back(changes: dict[str, object], rule: str, level: int) -> None:
    climb = climbed(5)
    climb.train(**changes)
    advised = climb.wait()
    assert advised.advice is Advice.BACK_ONE
    assert advised.step.level.number == level
    assert rule in rules(advised)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"effort": 7}, "hard twice"), ({"pain": Pain(1, 3, 2, 1)}, "amber twice")],
)
def test_once_holds_and_twice_in_a_row_leads_back(changes: dict[str, object], rule: str) -> None:
    climb = climbed(5)
    climb.train(**changes)
    assert climb.wait().advice is Advice.HOLD
    climb.train()
    climb.train(**changes)
    assert climb.wait().advice is Advice.HOLD
    climb.train(**changes)
    advised = climb.wait()
    assert (advised.advice, advised.step.level.number) == (Advice.BACK_ONE, 4)
    assert rule in rules(advised)


def test_what_holds_somebody_back_locks_and_is_told_once() -> None:
    held = Trainee(held="you fell")
    advised = recommend((), held, BEGIN)
    assert (advised.advice, rules(advised)) == (Advice.LOCKED, ["held"])
    assert rules(recommend((Injury(BEGIN, "knee"),), held, BEGIN)) == ["injury"]


@pytest.mark.parametrize("event", [Event.STUMBLE, Event.KEY_PULL, Event.UNPLANNED_STOP])
def test_a_small_event_holds_and_in_three_sessions_in_a_row_leads_back(event: Event) -> None:
    climb = climbed(5)
    for _ in range(2):
        climb.train(events=frozenset({event}))
        assert climb.wait().advice is Advice.HOLD
    climb.train()
    for _ in range(3):
        assert climb.wait().step.level.number == 5
        climb.train(events=frozenset({event}))
    advised = climb.wait()
    assert (advised.advice, advised.step.level.number) == (Advice.BACK_ONE, 4)
    assert rules(advised)[:2] == ["events again", "event"]


def test_a_stumble_that_pulls_the_key_is_a_near_fall_and_is_told_once() -> None:
    climb = climbed(5)
    climb.train(events=frozenset({Event.STUMBLE, Event.KEY_PULL}))
    advised = climb.wait()
    assert (advised.advice, advised.step.level.number) == (Advice.BACK_ONE, 4)
    assert rules(advised) == ["stumble and key", "good sessions"]


@pytest.mark.parametrize(("number", "matters"), [(0, True), (1, True), (2, True), (3, False), (8, False)])
def test_an_easy_walk_alone_takes_no_good_day_from_who_is_far_above_it(number: int, matters: bool) -> None:
    climb = climbed(number)
    climb.train()
    day = climb.wait().day
    climb.history.append(session(first_of(min(number, 1)), day, supervised=False, effort=1))
    climb.day += timedelta(days=1)
    assert ("alone" in rules(climb.wait())) is matters


def test_who_has_learned_it_again_is_told_that_it_goes_on() -> None:
    climb = climbed(5)
    climb.train()
    climb.day += timedelta(days=30)
    day = climb.train().day
    assert f"level 1 went well on {day}, so on from here: 0 of" in climb.wait().reasons[-1].text
    climb.train()
    assert "so on from here" not in climb.wait().reasons[-1].text


def test_pain_that_stays_leads_back_once_and_holds_from_then_on() -> None:
    climb, seen = climbed(5), []
    for _ in range(5):
        climb.train(pain=Pain(3, 3, 3, 3))
        advised = climb.wait()
        seen.append((advised.advice, advised.step.level.number))
    hold, back = Advice.HOLD, Advice.BACK_ONE
    assert seen == [(hold, 5), (back, 4), (hold, 4), (hold, 4), (hold, 4)]


def test_two_check_ins_with_pain_are_as_good_as_two_sessions_and_one_without_begins_anew() -> None:
    for between, level in ((None, 4), (0, 5)):
        climb = climbed(5)
        climb.train()
        for pain in (3, between, 4):
            climb.history.append(CheckIn(climb.day, pain))
            climb.day += timedelta(days=1)
        advised = climb.wait()
        assert advised.step.level.number == level
        assert ("lasting pain" in rules(advised)) is (level == 4)


@pytest.mark.parametrize(("pain", "level"), [(2, 7), (3, 6), (5, 6)])
def test_nobody_runs_while_the_pain_told_last_is_above_2(pain: int, level: int) -> None:
    climb = climbed(7)
    climb.train()
    climb.wait()
    climb.history.append(CheckIn(climb.day, pain))
    advised = climb.advised()
    assert advised.step.level.number == level
    assert (advised.advice is Advice.EASIER) is (level == 6) is ("no run" in rules(advised))
    assert advised.earned.level.number == 7


def test_a_first_run_waits_for_it_too_and_comes_when_it_is_over() -> None:
    climb = climbed(6)
    while climb.wait().step.level.number < 7:
        climb.train()
    climb.history.append(CheckIn(climb.day, 3))
    climb.day += timedelta(days=1)
    assert "no first run" in rules(climb.wait())
    climb.history.append(CheckIn(climb.day, 2))
    assert climb.wait().step == first_of(7)


@pytest.mark.parametrize(
    ("days", "advice", "level"),
    [
        (7, Advice.HOLD, 5),
        (8, Advice.BACK_ONE, 4),
        (21, Advice.BACK_ONE, 4),
        (22, Advice.REFAMILIARISE, 1),
        (120, Advice.REFAMILIARISE, 0),
    ],
)
def test_time_off(days: int, advice: Advice, level: int) -> None:
    climb = climbed(5)
    last = climb.train().day
    advised = climb.advised(last + timedelta(days=days))
    assert (advised.advice, advised.step.level.number) == (advice, level)


def test_a_long_time_off_leads_two_levels_back_after_level_1_went_well() -> None:
    climb = climbed(5)
    climb.history.append(Break(climb.train().day, None, "holiday"))
    climb.day += timedelta(days=25)
    again = climb.wait()
    assert (again.step, again.earned.level.number) == (first_of(1), 3)
    assert "26 days" in again.reasons[0].text
    assert "(holiday)" in again.reasons[0].text
    climb.train()
    assert climb.wait().step.level.number == 3


SHORT = {"walked_min": 3.0, "ran_min": 0.0, "dose": Dose(1, 180, 2.0)}
TINY: dict[str, tuple[Step, dict[str, object]]] = {
    "one short walk a week": (HILLY[0], SHORT),
    "forward all the way": (first_of(8), {"walked_min": 0.0, "ran_min": 0.0, "forward_min": 30.0, "dose": None}),
    "broken off after 6 s": (first_of(8), {"done_share": 0.01, "dose": None}),
    "a few steps of it": (first_of(8), {"dose": Dose(1, 6, 6.0)}),
}


@pytest.mark.parametrize("kind", TINY)
@pytest.mark.parametrize(("weeks", "level"), [(2, 7), (4, 6), (40, 1)])
def test_sessions_that_are_not_the_step_are_time_off(kind: str, weeks: int, level: int) -> None:
    """Time off is counted from the day on which the earned step, or one of the level below, was done last."""
    climb, (step, changes) = climbed(8), TINY[kind]
    last = climb.train().day
    climb.history += [session(step, last + timedelta(days=7 * n), **changes) for n in range(1, weeks + 1)]
    advised = climb.advised(last + timedelta(days=7 * weeks + 4))
    assert (advised.earned.level.number == level) if weeks < 40 else (advised.earned.level.number <= level)
    assert (advised.step == first_of(1)) is (weeks == 4) or weeks == 40


def test_it_is_said_since_when_it_was_not_done() -> None:
    climb = climbed(8)
    last = climb.train().day
    climb.history.append(session(HILLY[0], last + timedelta(days=7)))
    advised = climb.advised(last + timedelta(days=14))
    assert f"14 days since level 8, or the one below it, was last done without a setback, on {last}" in told(advised)
    climb.history.append(session(HILLY[0], last + timedelta(days=14)))
    again = climb.advised(last + timedelta(days=23))
    assert (again.advice, again.step, again.earned.level.number) == (Advice.REFAMILIARISE, first_of(1), 6)


def told(advised: Recommendation) -> str:
    return "; ".join(one.text for one in advised.reasons)


@pytest.mark.parametrize(("number", "silent"), [(8, {}), (7, {}), (8, {"pain": Pain(), "effort": None})])
def test_the_level_below_keeps_up_what_was_earned_and_so_does_silence(number: int, silent: dict[str, object]) -> None:
    climb = climbed(8)
    last = climb.train().day
    climb.history += [session(first_of(number), last + timedelta(days=7 * n), **silent) for n in range(1, 20)]
    assert climb.advised(last + timedelta(days=7 * 19 + 4)).earned.level.number == 8


@pytest.mark.parametrize(("pain", "level"), [(5, 5), (6, 0), (9, 0)])
def test_after_much_pain_and_silence_it_is_the_easiest_step(pain: int, level: int) -> None:
    """Nobody has said that it is over; that of a day before stays until less is told."""
    climb = climbed(5)
    last = climb.train().day
    climb.history.append(CheckIn(last + timedelta(days=1), pain=pain))
    advised = climb.advised(last + timedelta(days=3))
    assert advised.step.level.number == level
    assert ("until it is 5 or less" in told(advised)) is (level == 0)
    climb.history.append(CheckIn(last + timedelta(days=3), pain=1))
    assert climb.advised(last + timedelta(days=3)).step.level.number > 0


@pytest.mark.parametrize(("weeks", "runs"), [(2, True), (4, False), (52, False)])
def test_walks_keep_up_no_run(weeks: int, runs: bool) -> None:
    """Whoever only walks for four weeks goes through the gate to the first run again."""
    climb = climbed(7)
    last = climb.train().day
    climb.history += [session(first_of(6), last + timedelta(days=7 * n)) for n in range(1, weeks + 1)]
    advised = climb.advised(last + timedelta(days=7 * weeks + 4))
    assert advised.earned.level.runs is advised.step.level.runs is runs or not advised.step.level.runs
    assert runs or not advised.earned.level.runs


def test_good_days_older_than_four_weeks_lead_nowhere() -> None:
    """Two of three, half a year of the level below, and one more: that is one of three."""
    climb = climbed(8)
    climb.train()
    last = climb.train().day
    climb.history += [session(first_of(7), last + timedelta(days=7 * n)) for n in range(1, 27)]
    climb.history.append(session(first_of(8), last + timedelta(days=7 * 27)))
    climb.day = last + timedelta(days=7 * 27 + 1)
    advised = climb.wait()
    assert (advised.advice, advised.step) == (Advice.HOLD, first_of(8))
    assert advised.reasons[-1].text.startswith("1 of 3")


@pytest.mark.parametrize(("weeks", "level"), [(1, 8), (26, 6)])
def test_what_waits_on_a_machine_waits_four_weeks(weeks: int, level: int) -> None:
    climb = climbed(8)
    last = climb.train().day
    for n in range(3 * weeks):
        climb.history.append(session(first_of(6 if n else 1), last + timedelta(days=2 + 7 * n // 3), device="hotel"))
    climb.trainee = Trainee(device="home")
    advised = climb.advised(last + timedelta(days=7 * weeks))
    assert (advised.earned.level.number, advised.step.level.number) == (level, level)


def test_what_asks_for_the_same_is_done_once() -> None:
    """Influenza of ten days is two levels, and not two for the illness and one more for the days off."""
    climb = climbed(6)
    last = climb.train().day
    climb.history.append(Illness(last + timedelta(days=1), last + timedelta(days=11)))
    advised = climb.advised(last + timedelta(days=12))
    assert (advised.advice, advised.step.level.number) == (Advice.BACK_TWO, 4)


@pytest.mark.parametrize(
    ("trainee", "rule", "earned"),
    [
        (Trainee(device="hotel"), "new machine", 3),
        (Trainee(belt=BeltDirection.REVERSED), "new direction", 3),
    ],
)
def test_another_machine_and_another_direction_are_learned_at_level_1(trainee: Trainee, rule: str, earned: int) -> None:
    climb = climbed(5)
    climb.train()
    climb.trainee = trainee
    advised = climb.wait()
    assert (advised.advice, advised.step) == (Advice.REFAMILIARISE, first_of(1))
    assert rule in rules(advised)
    if trainee.uphill:
        assert advised.earned.level.number == earned


def test_on_a_strange_machine_there_is_no_step_up_in_three_sessions() -> None:
    climb = climbed(5)
    climb.train()
    climb.trainee = Trainee(device="hotel")
    climb.train(device="hotel")
    step = climb.wait().step
    assert step == steps_of(LADDER[3])[1]
    for n in (1, 2):
        assert "strange machine" in rules(climb.wait())
        assert climb.train(device="hotel").level == step.level.number == 3, n
    assert climb.wait().advice is Advice.PROMOTE


def test_nor_does_a_session_of_the_next_step_earn_it_there() -> None:
    climb = climbed(5)
    climb.train()
    climb.trainee = Trainee(device="hotel")
    for _ in range(2):
        climb.train(device="hotel")
    advised = climb.wait()
    upper = HILLY[HILLY.index(advised.step) + 1]
    climb.history.append(session(upper, climb.day, device="hotel"))
    climb.day += timedelta(days=1)
    assert climb.wait().earned == advised.step


def test_a_machine_that_is_known_goes_on_from_where_it_was_left() -> None:
    climb = climbed(5)
    climb.train()
    earned = climb.wait().earned
    climb.train(device="hotel")
    climb.trainee = Trainee(device="home")
    advised = climb.wait()
    assert (advised.advice, advised.earned) == (Advice.HOLD, earned)


def test_what_led_back_on_the_strange_machine_holds_on_the_known_one_too() -> None:
    climb = climbed(5)
    climb.train()
    climb.trainee = Trainee(device="hotel")
    climb.train(device="hotel")
    climb.train(device="hotel", events=frozenset({Event.NEAR_FALL}))
    climb.train(device="hotel")
    climb.trainee = Trainee(device="home")
    assert climb.wait().earned.level.number < 3


def test_a_session_far_above_level_1_does_not_learn_a_strange_machine() -> None:
    climb = climbed(5)
    climb.train()
    climb.wait()
    climb.history.append(session(first_of(5), climb.day, device="hotel"))
    climb.trainee = Trainee(device="hotel")
    climb.day += timedelta(days=1)
    advised = climb.wait()
    assert (advised.advice, advised.step) == (Advice.REFAMILIARISE, first_of(1))
    assert "where level 1 was open" in {one.rule: one.text for one in advised.reasons}["far above"]


def test_a_reversed_belt_goes_round_every_incline() -> None:
    assert not Trainee(belt=BeltDirection.REVERSED).uphill
    climb = climbed(4, Trainee(hills=False)).to(6)
    inclines = {one.dose.incline_percent for one in climb.history if isinstance(one, Session) and one.dose}
    assert inclines == {0}


# --- running ----------------------------------------------------------------------------------------------------


def test_nobody_is_placed_above_level_4_and_running_is_walked_for() -> None:
    with pytest.raises(ValueError, match="a placement's level is 5; it goes from 0 to 4"):
        Placed(BEGIN, 5, "a coach")
    climb = climbed(7)
    levels = [one.level for one in climb.history if isinstance(one, Session)]
    assert set(levels) == {4, 5, 6}
    assert climb.wait().step == first_of(7)


def test_a_placement_lifts_and_takes_nothing_away() -> None:
    climb = climbed(5)
    climb.train()
    climb.history.append(Placed(climb.day, 2, "a coach"))
    assert climb.wait().earned.level.number == 5


@pytest.mark.parametrize(
    ("days", "level", "rule"),
    [(0, 4, None), (7, 4, None), (8, 3, "time off"), (22, 1, "long time off"), (28, 1, "long time off"), (29, 0, None)],
)
def test_a_placement_grows_old_as_a_session_does_and_after_four_weeks_counts_no_more(
    days: int, level: int, rule: str | None
) -> None:
    advised = recommend((Placed(BEGIN, 4, "a coach"),), ANYBODY, BEGIN + timedelta(days=days))
    assert advised.step.level.number == level
    assert [one for one in rules(advised) if one != "good sessions"] == ([] if rule is None else [rule])
    assert advised.earned.level.number == {29: 0, 22: 2, 28: 2}.get(days, level)


@pytest.mark.parametrize(("level", "stands_at"), [(1, 2), (2, 3), (3, 4), (4, 4)])
def test_a_placement_counts_on_only_where_its_level_or_the_one_below_was_done(level: int, stands_at: int) -> None:
    """Four weeks of first steps are no evidence of what somebody saw once."""
    walked = [session(first_of(level), BEGIN + timedelta(days=3 * n), effort=5) for n in range(1, 10)]
    advised = recommend((Placed(BEGIN, 4, "a coach"), *walked), ANYBODY, BEGIN + timedelta(days=30))
    assert advised.earned.level.number == stands_at


@pytest.mark.parametrize(
    "event",
    [
        {"events": frozenset({Event.FALL})},
        {"events": frozenset({Event.SYMPTOM_STOP})},
        {"pain": Pain(0, 6, 6, 0)},
        Illness,
        Injury,
    ],
    ids=["fall", "symptom", "pain", "illness", "injury"],
)
@pytest.mark.parametrize("trained", [0, 1], ids=["at once", "a session later"])
def test_nobody_is_placed_past_what_something_that_happened_has_taken(event: Any, trained: int) -> None:
    climb = climbed(4)
    climb.train()
    if isinstance(event, dict):
        climb.train(**event)
    else:
        climb.history.append(event(climb.day, climb.day) if event is Illness else event(climb.day, "knee"))
        climb.day += timedelta(days=1)
    climb.history.append(Cleared(climb.day, "a doctor"))
    for _ in range(trained):
        climb.train()
    led_back = climb.advised(climb.day + timedelta(days=3)).earned
    climb.history.append(Placed(climb.day, 4, "a coach"))
    assert climb.advised(climb.day + timedelta(days=3)).earned == led_back
    assert led_back.level.number < 4


def test_what_is_still_to_lead_back_is_not_placed_over() -> None:
    climb = climbed(2)
    climb.train(pain=Pain(0, 6, 6, 0))
    led_back = climb.advised(climb.day + timedelta(days=3)).earned
    climb.history.append(Placed(climb.day, 4, "a coach"))
    assert climb.advised(climb.day + timedelta(days=3)).earned == led_back


def test_who_has_earned_it_again_can_be_placed_after_time_off() -> None:
    climb = climbed(2)
    climb.train(pain=Pain(0, 6, 6, 0))
    climb.to(3)
    climb.train()
    climb.day += timedelta(days=60)
    assert climb.train().level == 0
    climb.history.append(Placed(climb.day, 4, "a coach"))
    assert climb.wait().step == first_of(4)


@pytest.mark.parametrize(
    ("two_more", "leads_to"),
    [({}, first_of(7)), ({"walked_min": 5.0, "dose": None}, last_of(6))],
    ids=["long", "short"],
)
def test_before_the_first_run_come_six_good_walks_in_four_weeks(two_more: dict[str, object], leads_to: Step) -> None:
    """Who walks once a week walks too seldom to run, however well; and five minutes more are no walk of these six."""
    climb = climbed(6)
    while climb.wait().earned != last_of(6):
        climb.train()
    climb.day = climb.train().day
    for _ in range(5):
        climb.day += timedelta(days=7)
        climb.history.append(session(last_of(6), climb.day))
    seldom = climb.advised(climb.day + timedelta(days=7))
    assert (seldom.step, seldom.advice) == (last_of(6), Advice.HOLD)
    assert "4 good walks of level 4 or above in the last 28 days; 6 come" in seldom.reasons[0].text
    climb.history += [session(last_of(6), climb.day + timedelta(days=n), **two_more) for n in (2, 4)]
    assert climb.advised(climb.day + timedelta(days=7)).step == leads_to


@pytest.mark.parametrize(
    ("level", "changes", "runs"),
    [
        (4, {"walked_min": 5.0, "dose": None}, False),
        (4, {"walked_min": 14.9, "dose": Dose(1, 600, 3.0)}, False),
        (4, {"walked_min": 15.0, "dose": Dose(1, 600, 3.0)}, True),
        (4, {"walked_min": 16.0, "dose": Dose(1, 960, 1.0)}, False),
        (5, {"walked_min": 12.0}, True),
    ],
)
def test_a_short_walk_asks_no_calf(level: int, changes: dict[str, object], runs: bool) -> None:
    """Before the first run a walk counts from a quarter of an hour, or where it did a step of its level."""
    climb = climbed(5)
    day = climb.wait().day
    standing = standing_after((*climb.history, session(first_of(level), day, **changes)))
    assert (standing.walked_well[-1] == day) is runs


def test_weeks_of_short_walks_lead_back_from_the_first_run() -> None:
    climb = climbed(6)
    while climb.wait().earned != last_of(6):
        climb.train()
    last = [climb.train().day for _ in range(3)][-1]
    five_min = [session(first_of(4), last + timedelta(days=3 * n), walked_min=5.0, dose=None) for n in range(1, 33)]
    advised = recommend((*climb.history, *five_min), ANYBODY, last + timedelta(days=99))
    assert advised.step.level.number < 7


def test_runs_before_their_time_lead_nowhere() -> None:
    runs = tuple(session(last_of(8), BEGIN + timedelta(days=4 * n)) for n in range(60))
    advised = recommend(runs, ANYBODY, runs[-1].day + timedelta(days=5))
    assert (advised.step, advised.advice) == (HILLY[0], Advice.HOLD)


def test_between_runs_lie_two_days_and_there_are_two_a_week() -> None:
    climb = climbed(7)
    first = climb.train().day
    assert climb.advised(first + timedelta(days=1)).advice is Advice.REST_DAY
    assert climb.wait().day - first == timedelta(days=2)
    climb.train()
    advised = climb.advised()
    assert "sessions a week" in rules(advised)
    assert advised.not_before == first + timedelta(days=7)


@pytest.mark.parametrize(("walks", "waits_days"), [((3,), 0), ((3, 4), 0), ((1, 3, 4), 1)])
def test_walks_beside_the_runs_are_no_runs_and_all_of_them_together_are_four_a_week(
    walks: tuple[int, ...], waits_days: int
) -> None:
    climb = climbed(7)
    ran, today = climb.train().day, climb.day + timedelta(days=5)
    climb.history += [session(first_of(4), ran + timedelta(days=n), walked_min=8.0) for n in walks]
    advised = climb.advised(today)
    assert advised.step == first_of(7)
    assert advised.not_before == today + timedelta(days=waits_days)


@pytest.mark.parametrize(("harness", "clinic", "level"), [(False, False, 8), (True, False, 8), (True, True, 9)])
def test_level_9_is_for_a_harness_and_a_supervisor(harness: bool, clinic: bool, level: int) -> None:
    climb = climbed(8, Trainee(harness=harness, clinic=clinic))
    while climb.wait().earned != last_of(8):
        climb.train()
    for _ in range(4):
        climb.train()
    advised = climb.wait()
    assert advised.step.level.number == level
    assert ("harness" in rules(advised)) is (level == 8)
    assert advised.step.dose.speed_kph < 8 or level == 9


def test_without_a_harness_nobody_is_led_to_8_kilometres_an_hour_again() -> None:
    climb = climbed(9, Trainee(harness=True, clinic=True))
    climb.train()
    assert climb.wait().step == first_of(9)
    climb.trainee = Trainee(harness=True)
    advised = climb.wait()
    assert (advised.advice, advised.step, advised.earned) == (Advice.EASIER, last_of(8), first_of(9))
    assert advised.reasons[0].text == "8 km/h backward is for a harness and a supervisor"


def test_the_ladder_has_an_end() -> None:
    climb = climbed(10, Trainee(harness=True, clinic=True))
    while climb.wait().earned != HILLY[-1]:
        climb.train()
    for _ in range(4):
        climb.train()
    advised = climb.wait()
    assert (advised.step, advised.advice) == (HILLY[-1], Advice.HOLD)
    assert "top" in rules(advised)


# --- rest -------------------------------------------------------------------------------------------------------


def test_the_day_of_a_session_is_over() -> None:
    climb = Climb()
    day = climb.train().day
    advised = climb.advised(day)
    assert (advised.advice, advised.not_before) == (Advice.REST_DAY, day + timedelta(days=2))


def test_the_first_three_sessions_lie_two_days_apart() -> None:
    climb = Climb()
    days = [climb.train().day for _ in range(3)]
    assert [(after - before).days for before, after in pairwise(days)] == [2, 2]


@pytest.mark.parametrize(("pain", "days"), [(Pain(1, 3, 2, 1), 2), (Pain(0, 6, 5, 3), 3)])
def test_what_hurts_gets_days_to_settle(pain: Pain, days: int) -> None:
    climb = climbed(5)
    for _ in range(4):
        climb.train()
    day = climb.train(pain=pain).day
    advised = climb.advised(day + timedelta(days=1))
    assert "soreness" in rules(advised)
    assert advised.not_before >= day + timedelta(days=days)


def test_after_two_days_running_there_is_a_day_off() -> None:
    history = tuple(session(first_of(4), BEGIN + timedelta(days=n)) for n in (0, 2, 4, 7, 8))
    advised = recommend((Placed(BEGIN, 4, "a coach"), *history), ANYBODY, BEGIN + timedelta(days=9))
    assert "two days running" in rules(advised)


def test_a_heavy_day_is_followed_by_a_day_off() -> None:
    usual = [session(first_of(4), BEGIN + timedelta(days=n)) for n in (0, 2, 4, 7)]
    heavy = session(first_of(4), BEGIN + timedelta(days=9), walked_min=38.0)
    told = rules(recommend((*usual, heavy), ANYBODY, BEGIN + timedelta(days=10)))
    assert "heavy day" in told
    same = session(first_of(4), BEGIN + timedelta(days=9), walked_min=37.0)
    assert "heavy day" not in rules(recommend((*usual, same), ANYBODY, BEGIN + timedelta(days=10)))


@pytest.mark.parametrize(
    ("before_min", "now_min", "rests"),
    [(100.0, 90.0, False), (100.0, 91.0, True), (20.0, 60.0, False), (20.0, 61.0, True)],
)
def test_a_week_grows_by_a_fifth_or_ten_minutes_and_freely_up_to_90(
    before_min: float, now_min: float, rests: bool
) -> None:
    """A session of level 4 to come has 25 minutes, of the first step; 30 from the second on."""
    step = steps_of(LADDER[4])[1]
    history: History = (
        Placed(BEGIN, 4, "a coach"),
        *(session(first_of(4), BEGIN + timedelta(days=n), walked_min=before_min / 2) for n in (0, 3)),
        *(session(first_of(4), BEGIN + timedelta(days=n), walked_min=now_min / 2) for n in (8, 10)),
    )
    advised = recommend(history, ANYBODY, BEGIN + timedelta(days=12))
    assert advised.step == step
    assert ("minutes a week" in rules(advised)) is rests
    assert advised.week.backward_min == now_min


def test_the_fullest_of_four_weeks_is_the_measure_and_not_one_before_a_long_time_off() -> None:
    """Two thin weeks do not shut the door on what was usual before them."""
    full = [session(first_of(4), BEGIN + timedelta(days=n), walked_min=50.0) for n in (1, 3)]
    thin = [session(first_of(4), BEGIN + timedelta(days=n), walked_min=10.0) for n in (8, 15, 22)]
    placed = Placed(BEGIN, 4, "a coach")
    today = BEGIN + timedelta(days=24)
    assert recommend((placed, *full, *thin), ANYBODY, today).week.limit_min == 120
    long_off = recommend(
        (placed, *full, session(first_of(1), BEGIN + timedelta(days=26))), ANYBODY, BEGIN + timedelta(days=28)
    )
    assert long_off.week.limit_min == 90


def test_the_share_of_backward_minutes_is_told_when_it_is_most_of_the_week() -> None:
    for forward_min, told in ((30.0, False), (10.0, True)):
        history = (session(first_of(3), BEGIN, forward_min=forward_min),)
        advised = recommend(history, ANYBODY, BEGIN + timedelta(days=2))
        assert any("beside other training" in note for note in advised.notes) is told
    assert recommend((session(first_of(3), BEGIN),), ANYBODY, BEGIN).week.share is None


# --- locked -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        (session(HILLY[0], BEGIN, events=frozenset({Event.SYMPTOM_STOP})), "symptom"),
        (session(HILLY[0], BEGIN, events=frozenset({Event.FALL})), "fall"),
        (Injury(BEGIN, "the ankle"), "injury"),
        (Screened(BEGIN, frozenset({"fall"})), "screen"),
    ],
)
def test_what_locks_is_cleared_by_somebody_whose_trade_it_is(entry: Entry, rule: str) -> None:
    locked = recommend((entry,), ANYBODY, BEGIN + timedelta(days=5))
    assert (locked.advice, locked.easier, rules(locked)) == (Advice.LOCKED, (), [rule])
    cleared = (entry, Cleared(BEGIN + timedelta(days=5), "a doctor"))
    assert recommend(cleared, ANYBODY, BEGIN + timedelta(days=5)).advice > Advice.REST_DAY


@pytest.mark.parametrize("event", [Event.SYMPTOM_STOP, Event.FALL])
def test_after_a_cleared_fall_or_symptom_it_goes_on_two_levels_lower(event: Event) -> None:
    climb = climbed(5)
    day = climb.train(events=frozenset({event})).day
    assert climb.advised(day + timedelta(days=5)).advice is Advice.LOCKED
    climb.history.append(Cleared(day + timedelta(days=2), "a doctor"))
    advised = climb.advised(day + timedelta(days=3))
    assert (advised.advice, advised.step.level.number) == (Advice.BACK_TWO, 3)
    assert "cleared on" in advised.reasons[0].text


def test_an_injury_leads_two_levels_back_when_it_is_cleared() -> None:
    climb = climbed(5)
    climb.train()
    climb.history += [Injury(climb.day, "the ankle"), Cleared(climb.day + timedelta(days=3), "a physiotherapist")]
    assert climb.advised(climb.day + timedelta(days=3)).step.level.number == 3


def test_new_answers_to_the_questions_take_the_place_of_the_old_ones() -> None:
    history = (Screened(BEGIN, frozenset({"pregnant"})), Screened(BEGIN + timedelta(days=300)))
    assert recommend(history, ANYBODY, BEGIN + timedelta(days=299)).advice is Advice.LOCKED
    assert recommend(history, ANYBODY, BEGIN + timedelta(days=300)).advice is Advice.HOLD


def test_nobody_trains_while_ill() -> None:
    for until, ill_on_day_2 in ((None, True), (BEGIN + timedelta(days=2), True), (BEGIN + timedelta(days=1), False)):
        advised = recommend((Illness(BEGIN, until),), ANYBODY, BEGIN + timedelta(days=2))
        assert (advised.advice is Advice.LOCKED) is ill_on_day_2


def test_under_18_is_for_a_clinic() -> None:
    assert recommend((), Trainee(adult=False), BEGIN).advice is Advice.LOCKED
    assert recommend((), Trainee(adult=False, clinic=True), BEGIN).advice is Advice.HOLD


# --- the history itself -----------------------------------------------------------------------------------------


def test_a_history_out_of_order_is_refused_with_its_days() -> None:
    later, earlier = session(HILLY[0], BEGIN + timedelta(days=1)), session(HILLY[0], BEGIN)
    with pytest.raises(HistoryError, match=f"{BEGIN} stands after that of {BEGIN + timedelta(days=1)}"):
        recommend((later, earlier), ANYBODY, BEGIN)


def test_what_comes_after_today_is_not_looked_at() -> None:
    history = (session(HILLY[0], BEGIN), Injury(BEGIN + timedelta(days=5), "the ankle"))
    assert recommend(history, ANYBODY, BEGIN + timedelta(days=4)).advice is Advice.HOLD


@pytest.mark.parametrize("number", [0, 4, 6])
def test_a_session_without_a_dose_counts_for_the_first_step_of_its_level(number: int) -> None:
    """What nobody measured leads from that step to the second one, and no further."""
    climb = climbed(number)
    for _ in range(6):
        climb.train(dose=None)
    advised = climb.wait()
    assert (advised.earned, advised.step) == steps_of(LADDER[number])[:2]


def test_a_dose_below_the_step_is_easier_and_does_not_count() -> None:
    easier = replace(first_of(0).dose, bouts=3)
    history = tuple(session(HILLY[0], BEGIN + timedelta(days=2 * n), dose=easier) for n in range(3))
    advised = recommend(history, ANYBODY, BEGIN + timedelta(days=7))
    assert advised.reasons[-1].text.startswith("0 of 2")
    assert Dose(4, 30, 0.5).covers(easier)
