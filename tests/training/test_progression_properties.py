"""What holds for every history: one step at a time, easier always open, more pain never gives more, silence holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retrotread.training.history import (
    Break,
    CheckIn,
    Cleared,
    Entry,
    Event,
    History,
    Illness,
    Injury,
    Pain,
    Placed,
    Session,
    in_order,
)
from retrotread.training.ladder import HILLY, RUNNING_FROM
from retrotread.training.progression import Recommendation, Trainee, recommend
from retrotread.training.reasons import Advice

BEGIN = date(2026, 1, 1)
SPAN_DAYS = 60
ANYBODY = Trainee()

days = st.integers(0, SPAN_DAYS).map(lambda n: BEGIN + timedelta(days=n))
scale = st.one_of(st.none(), st.sampled_from([0, 0, 1, 2, 3, 5, 6, 10]))
events = st.frozensets(st.sampled_from([one for one in Event if one is not Event.SYMPTOM_STOP]), max_size=1)
calm = st.one_of(st.just(frozenset[Event]()), st.just(frozenset[Event]()), events)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """A session at any step, well or badly taken; the good ones are frequent, or nothing would ever rise."""
    step = draw(st.sampled_from(HILLY))
    well = draw(st.booleans())
    pain = Pain(0, 1, 0, 0) if well else Pain(draw(scale), draw(scale), draw(scale), draw(scale))
    ran_min = step.dose.work_s / 60 if step.level.runs else 0.0
    return Session(
        draw(days),
        step.level.number,
        walked_min=step.session_min - ran_min,
        ran_min=ran_min,
        dose=draw(st.sampled_from([step.dose, None])),
        done_share=1.0 if well else draw(st.sampled_from([0.5, 0.9, 1.0])),
        device=draw(st.sampled_from(["home", "home", "home", "hotel"])),
        pain=pain,
        effort=3 if well else draw(scale),
        events=frozenset() if well else draw(calm),
    )


others: st.SearchStrategy[Entry] = st.one_of(
    st.builds(CheckIn, days, scale, st.booleans()),
    st.builds(Break, days),
    st.builds(lambda day, n: Illness(day, day + timedelta(days=n)), days, st.integers(0, 10)),
    st.builds(Injury, days, st.just("the ankle")),
    st.builds(Cleared, days, st.just("a doctor")),
    st.builds(Placed, days, st.integers(0, 4), st.just("a coach")),
)
histories = st.lists(st.one_of(sessions(), sessions(), sessions(), others), max_size=25).map(in_order)
climbs = st.lists(sessions(), min_size=1, max_size=25).map(in_order)
TODAY = BEGIN + timedelta(days=SPAN_DAYS + 1)


def place(advised: Recommendation) -> int:
    return HILLY.index(advised.step)


@given(histories)
def test_never_more_than_one_step_above_what_is_earned(history: History) -> None:
    advised = recommend(history, ANYBODY, TODAY)
    assert place(advised) <= HILLY.index(advised.earned) + 1
    assert (place(advised) == HILLY.index(advised.earned) + 1) is (advised.then is Advice.PROMOTE)


@given(climbs)
def test_from_day_to_day_what_is_earned_rises_by_one_step_at_most(history: History) -> None:
    highest = 0
    for n in range(1, len(history) + 1):
        day = history[n - 1].day
        if n < len(history) and history[n].day == day:
            continue
        earned = HILLY.index(recommend(history[:n], ANYBODY, day).earned)
        done = sum(one.day <= day for one in history)
        assert earned <= min(highest + done, len(HILLY) - 1)
        assert earned <= done // 2, "the lowest steps ask for two good days each"
        highest = max(highest, earned)


@given(histories)
def test_easier_is_always_open_unless_it_is_locked(history: History) -> None:
    advised = recommend(history, ANYBODY, TODAY)
    assert advised.easier == (() if advised.advice is Advice.LOCKED else HILLY[: place(advised) + 1])


@given(histories)
def test_every_recommendation_has_a_reason_and_a_day_that_is_not_past(history: History) -> None:
    advised = recommend(history, ANYBODY, TODAY)
    assert advised.reasons
    assert all(one.text and one.source for one in advised.reasons)
    assert advised.not_before >= TODAY
    assert (advised.not_before > TODAY) is (advised.advice is Advice.REST_DAY) or advised.advice is Advice.LOCKED


def worse(pain: Pain, by: int) -> Pain:
    """The same answers with more pain in the session, after it and next morning."""
    more = (None if one is None else min(10, one + by) for one in (pain.during, pain.after, pain.next_morning))
    return Pain(pain.before, *more)


@given(climbs, st.data(), st.integers(1, 10))
def test_more_pain_never_gives_more(history: History, data: st.DataObject, by: int) -> None:
    at = data.draw(st.integers(0, len(history) - 1))
    hurt = history[at]
    assert isinstance(hurt, Session)
    in_pain = (*history[:at], replace(hurt, pain=worse(hurt.pain, by)), *history[at + 1 :])
    day = history[-1].day + timedelta(days=data.draw(st.integers(0, 40)))
    assert place(recommend(in_pain, ANYBODY, day)) <= place(recommend(history, ANYBODY, day))


@given(climbs, st.data(), st.integers(1, 10))
def test_more_effort_never_gives_more(history: History, data: st.DataObject, by: int) -> None:
    at = data.draw(st.integers(0, len(history) - 1))
    hard = history[at]
    assert isinstance(hard, Session)
    effort = None if hard.effort is None else min(10, hard.effort + by)
    harder = (*history[:at], replace(hard, effort=effort), *history[at + 1 :])
    day = history[-1].day + timedelta(days=data.draw(st.integers(0, 40)))
    assert place(recommend(harder, ANYBODY, day)) <= place(recommend(history, ANYBODY, day))


@given(climbs, st.data(), st.sampled_from([one for one in Event if one is not Event.SYMPTOM_STOP]))
def test_no_event_ever_gives_more(history: History, data: st.DataObject, event: Event) -> None:
    at = data.draw(st.integers(0, len(history) - 1))
    entry = history[at]
    assert isinstance(entry, Session)
    with_it = (*history[:at], replace(entry, events=entry.events | {event}), *history[at + 1 :])
    day = history[-1].day + timedelta(days=data.draw(st.integers(0, 40)))
    assert place(recommend(with_it, ANYBODY, day)) <= place(recommend(history, ANYBODY, day))


@given(climbs, st.integers(0, 40))
def test_silence_never_leads_up(history: History, after: int) -> None:
    """Whatever came before: a last session that nothing is said of is followed by no step up."""
    last = history[-1]
    assert isinstance(last, Session)
    silent = (*history[:-1], replace(last, pain=Pain(), effort=None, events=frozenset()))
    advised = recommend(silent, ANYBODY, last.day + timedelta(days=after))
    assert advised.then is not Advice.PROMOTE


@given(histories)
def test_nobody_runs_who_has_not_walked_every_level_of_walking(history: History) -> None:
    advised = recommend(history, ANYBODY, TODAY)
    if advised.step.level.number >= RUNNING_FROM:
        walked = [one for one in history if isinstance(one, Session) and one.level >= 4]
        assert len(walked) >= 6
