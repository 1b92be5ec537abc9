"""What holds for every history: one step at a time, easier always open, more pain never gives more, silence holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from retrotread.training.history import CheckIn, Entry, Event, History, Pain, Session
from retrotread.training.ladder import HILLY, Step
from retrotread.training.progression import Recommendation, Trainee, recommend
from retrotread.training.reasons import Advice
from retrotread.training.standing import resumed, standing_after

BEGIN = date(2026, 1, 1)
HELPED = Trainee(clinic=True, harness=True)
"""For whom the whole ladder is open."""

EVENTS = [one for one in Event if one not in {Event.SYMPTOM_STOP, Event.FALL}]
"""Those that do not lock."""
WELL = Pain(0, 1, 0, 0)
MOMENTS = ["before", "during", "after", "next_morning"]
some = settings(max_examples=100, deadline=None)
"""Each example asks for a dozen recommendations after up to a year."""


def session(step: Step, day: date, pain: Pain = WELL, effort: int | None = 3, **changes: object) -> Session:
    ran_min = step.dose.work_s / 60 if step.level.runs else 0.0
    walked_min = step.session_min - ran_min
    made = Session(
        day,
        step.level.number,
        walked_min,
        ran_min,
        dose=step.dose,
        pain=pain,
        effort=effort,
        device="home",
        supervised=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def without_a_fault() -> History:
    """To the top of the ladder, every session good, each on the first day on which it is advised."""
    history: list[Entry] = []
    day, top = BEGIN, HILLY[-1]
    while not history or recommend(tuple(history), HELPED, day).earned != top:
        advised = recommend(tuple(history), HELPED, day)
        if advised.advice > Advice.REST_DAY:
            history.append(session(advised.step, day))
        day = max(advised.not_before, day + timedelta(days=1))
    return tuple(history)


CLIMB = without_a_fault()
scale = st.one_of(st.none(), st.sampled_from([0, 1, 2, 3, 5, 6, 7, 10]))
gaps = st.sampled_from([1, 2, 2, 2, 3, 3, 4, 7, 8, 25])
leaps = st.sampled_from([0, 0, 0, 0, -1, 1, 12])


@st.composite
def lives(draw: st.DrawFn) -> History:
    """Some part of that climb, then a few sessions well or badly taken, as advised or not."""
    history = list(CLIMB[: draw(st.integers(0, len(CLIMB)))])
    day = history[-1].day if history else BEGIN
    for _ in range(draw(st.integers(1, 4))):
        day += timedelta(days=draw(gaps))
        advised = place(recommend(tuple(history), HELPED, day))
        step = HILLY[max(0, min(advised + draw(leaps), len(HILLY) - 1))]
        history.append(draw(st.one_of(st.just(session(step, day)), sessions_of(step, day))))
    return tuple(history)


def sessions_of(step: Step, day: date) -> st.SearchStrategy[Session]:
    """That step with one thing that was otherwise: a pain, the effort, how much was done, an event."""
    good = session(step, day)
    pains = st.builds(lambda when, level: replace(WELL, **{when: level}), st.sampled_from(MOMENTS), scale)
    return st.one_of(
        pains.map(lambda pain: replace(good, pain=pain)),
        scale.map(lambda effort: replace(good, effort=effort)),
        st.sampled_from([0.5, 0.9]).map(lambda share: replace(good, done_share=share)),
        st.sampled_from(EVENTS).map(lambda event: replace(good, events=frozenset({event}))),
    )


def place(advised: Recommendation) -> int:
    return HILLY.index(advised.step)


def earned(advised: Recommendation) -> int:
    return HILLY.index(advised.earned)


def last(history: History) -> Session:
    found = history[-1]
    assert isinstance(found, Session)
    return found


# --- one step at a time -----------------------------------------------------------------------------------------


@some
@given(lives(), st.integers(0, 30))
def test_nothing_is_advised_above_the_step_after_the_earned_one(history: History, after: int) -> None:
    advised = recommend(history, HELPED, last(history).day + timedelta(days=after))
    assert place(advised) <= earned(advised) + 1
    assert (place(advised) == earned(advised) + 1) is (advised.then is Advice.PROMOTE)


@some
@given(lives(), st.sampled_from(HILLY))
def test_a_session_earns_what_was_advised_for_it_at_most(history: History, step: Step) -> None:
    """However high it was."""
    day = last(history).day
    before = recommend(history[:-1], HELPED, day)
    after = recommend((*history[:-1], session(step, day)), HELPED, day)
    assert earned(after) <= max(place(before), earned(before))


# --- easier is open, and every advice has a reason --------------------------------------------------------------


@some
@given(lives(), st.integers(0, 30))
def test_everything_easier_is_open(history: History, after: int) -> None:
    advised = recommend(history, HELPED, last(history).day + timedelta(days=after))
    assert advised.easier == HILLY[: place(advised) + 1]


@some
@given(lives(), st.integers(0, 30), scale)
def test_every_advice_has_a_reason_and_a_day_that_is_not_past(history: History, after: int, pain: int | None) -> None:
    day = last(history).day + timedelta(days=after)
    advised = recommend((*history, CheckIn(day, pain)), HELPED, day)
    assert advised.reasons
    assert all(one.text and one.source for one in advised.reasons)
    assert (advised.not_before > day) is (advised.advice is Advice.REST_DAY)


# --- worse never gives more -------------------------------------------------------------------------------------


def never_gives_more(history: History, data: st.DataObject, worse: Callable[[Session], Session]) -> None:
    """One of the last sessions went worse: neither the step afterwards is higher, nor the count of good days at it."""
    at = len(history) - data.draw(st.integers(1, min(3, len(history))), "how long ago")
    entry = history[at]
    assert isinstance(entry, Session)
    day = last(history).day + timedelta(days=data.draw(st.integers(0, 30), "days later"))
    changed = (*history[:at], worse(entry), *history[at + 1 :])
    assert place(recommend(changed, HELPED, day)) <= place(recommend(history, HELPED, day))
    assert got_to(changed, day) <= got_to(history, day)


def got_to(history: History, day: date) -> tuple[int, int]:
    """The earned step, and how many good days there were at it."""
    standing = resumed(standing_after(history), day, None, None)
    return standing.at, min(len(standing.good_days), standing.good_days_needed)


def more(level: int | None, by: int) -> int | None:
    return None if level is None else min(10, level + by)


@some
@given(lives(), st.data(), st.sampled_from([2, 10]))
def test_more_pain_never_gives_more(history: History, data: st.DataObject, by: int) -> None:
    def worse(one: Session) -> Session:
        pain = one.pain
        return replace(
            one, pain=Pain(pain.before, more(pain.during, by), more(pain.after, by), more(pain.next_morning, by))
        )

    never_gives_more(history, data, worse)


@some
@given(lives(), st.data(), st.sampled_from([2, 10]))
def test_more_effort_never_gives_more(history: History, data: st.DataObject, by: int) -> None:
    never_gives_more(history, data, lambda one: replace(one, effort=more(one.effort, by)))


@some
@given(lives(), st.data(), st.sampled_from(EVENTS))
def test_no_event_ever_gives_more(history: History, data: st.DataObject, event: Event) -> None:
    never_gives_more(history, data, lambda one: replace(one, events=one.events | {event}))


@some
@given(lives(), st.data())
def test_what_was_not_said_never_gives_more(history: History, data: st.DataObject) -> None:
    never_gives_more(
        history,
        data,
        lambda one: replace(one, effort=None) if one.effort in (None, 0, 1, 2, 3) and one.pain == WELL else one,
    )


@some
@given(lives(), st.integers(0, 30))
def test_silence_never_leads_up(history: History, after: int) -> None:
    """Whatever came before: a last session that nothing is said of is followed by no step up."""
    silent = (*history[:-1], replace(last(history), pain=Pain(), effort=None, events=frozenset()))
    advised = recommend(silent, HELPED, last(history).day + timedelta(days=after))
    assert advised.then is not Advice.PROMOTE
