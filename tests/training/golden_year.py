"""Two years of a beginner on the ladder, decision by decision.

The log is written anew by: python tests/training/golden_year.py

The person wants to train on Mondays, Wednesdays and Fridays, does what is recommended, and lives: good weeks, sore
calves, a knee, a holiday, a bad night, a fall, influenza, another machine; in the second year runs of a minute, and
weeks with time for five minutes and no more. Pain before a session is told at the start, where there is any. The log is
to be read as a therapist would; a change of it is meant, or it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from retrotread.training.history import (
    Break,
    CheckIn,
    Cleared,
    Dose,
    Entry,
    Event,
    Illness,
    Pain,
    Session,
)
from retrotread.training.ladder import Step
from retrotread.training.progression import Recommendation, Trainee, recommend
from retrotread.training.reasons import Advice

LOG = Path(__file__).with_name("golden-year.txt")
FIRST, LAST = date(2026, 1, 5), date(2027, 12, 31)
TRAINING_DAYS = frozenset({0, 2, 4})
HOME, HOTEL = "the treadmill at home", "the treadmill of a hotel"
EASY = Pain(0, 1, 0, 0)


@dataclass(frozen=True)
class Day:
    """What is different on a day: in the session, or instead of it."""

    note: str
    pain: Pain = EASY
    effort: int | None = 3
    done_share: float = 1.0
    events: frozenset[Event] = frozenset()
    device: str = HOME
    entry: Entry | None = None
    supervised: bool | None = True


def _d(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


LIFE: dict[date, Day] = {
    _d(1, 16): Day("the calves are sore", Pain(0, 2, 2, 1)),
    _d(1, 28): Day("a long day at work before it", effort=5),
    _d(2, 6): Day("a fall while getting off; nothing but a bruise", Pain(0, 3, 2, 1), events=frozenset({Event.FALL})),
    _d(2, 11): Day("a physiotherapist has looked at it", entry=Cleared(_d(2, 11), "a physiotherapist")),
    _d(2, 23): Day("influenza", entry=Illness(_d(2, 23), _d(3, 1))),
    _d(3, 13): Day("no answer on the next morning", Pain(0, 1, 0, None)),
    _d(3, 30): Day("twelve days by the sea", entry=Break(_d(3, 30), _d(4, 10), "holiday")),
    _d(4, 20): Day("the kneecap aches before it, and a little more in it", Pain(1, 3, 2, 1)),
    _d(5, 4): Day("the kneecap again", Pain(1, 3, 3, 1)),
    _d(5, 6): Day("and again", Pain(1, 3, 2, 1)),
    _d(6, 3): Day("a grab at the rails with the hands free", events=frozenset({Event.RAIL_GRAB})),
    _d(6, 10): Day("a bad night", entry=CheckIn(_d(6, 10), pain=0, slept_badly=True)),
    _d(7, 1): Day("hard in the heat", effort=7),
    _d(7, 24): Day("the knee aches before it", Pain(3, 3, 3, 3)),
    _d(7, 27): Day("it still aches", Pain(3, 3, 3, 3)),
    _d(8, 3): Day("a stumble", events=frozenset({Event.STUMBLE})),
    _d(11, 9): Day("the shin aches", Pain(3, 3, 1, 0), entry=CheckIn(_d(11, 9), pain=3)),
    _d(11, 18): Day("the calf hurts, and more next morning", Pain(0, 3, 5, 3)),
    _d(12, 7): Day("away for work, on another machine", device=HOTEL),
    _d(12, 14): Day("dizzy, stopped for it", done_share=0.5, events=frozenset({Event.SYMPTOM_STOP})),
    _d(12, 17): Day("the doctor found nothing against it", entry=Cleared(_d(12, 17), "a doctor")),
    _d(3, 26, 2027): Day("a key pulled on purpose, to see that it works", events=frozenset({Event.KEY_PULL})),
    _d(4, 26, 2027): Day("the last two of the minutes were hard", effort=7),
    _d(5, 14, 2027): Day("the Achilles tendon is stiff next morning", Pain(0, 2, 2, 1)),
    _d(5, 31, 2027): Day("a stumble, and it pulled the key", events=frozenset({Event.STUMBLE, Event.KEY_PULL})),
}
ONCE = frozenset({0})
SMALL = (_d(8, 2, 2027), _d(10, 4, 2027))
AWAY = ((_d(2, 23), _d(3, 1)), (_d(3, 30), _d(4, 10)))


@dataclass
class Year:
    """The history as it grows, and the log of it."""

    history: list[Entry] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def live(self) -> Iterator[str]:
        """The log, line by line."""
        day = FIRST
        while day <= LAST:
            self._day(day)
            yield from self.lines
            self.lines.clear()
            day += timedelta(days=1)

    def _day(self, day: date) -> None:
        life = LIFE.get(day)
        if life is not None and life.entry is not None:
            self.history.append(life.entry)
            self.lines.append(f"{_named(day)}  {life.note}")
        elif life is not None and life.pain.before:
            self.history.append(CheckIn(day, life.pain.before))
        little = SMALL[0] <= day <= SMALL[1]
        if any(first <= day <= last for first, last in AWAY) or day.weekday() not in (
            ONCE if little else TRAINING_DAYS
        ):
            return
        device = HOME if life is None else life.device
        advised = recommend(tuple(self.history), Trainee(device=device), day)
        self.lines.extend(_told(advised, not any(isinstance(one, Session) for one in self.history)))
        if little:
            self._walk_a_little(day)
        elif advised.advice > Advice.REST_DAY:
            self._train(day, advised.step, life or Day(""))

    def _walk_a_little(self, day: date) -> None:
        """Whatever was recommended."""
        self.history.append(
            Session(day, 0, 5.0, dose=Dose(1, 300, 2.0), device=HOME, pain=EASY, effort=2, supervised=False)
        )
        self.lines.append(f"{'':16}no time: five minutes at 2 km/h instead")

    def _train(self, day: date, step: Step, life: Day) -> None:
        share, work_min = life.done_share, step.dose.work_s / 60
        ran_min = work_min if step.level.runs else 0.0
        session = Session(
            day,
            step.level.number,
            walked_min=round((step.session_min - ran_min) * share, 2),
            ran_min=round(ran_min * share, 2),
            dose=step.dose,
            done_share=share,
            device=life.device,
            pain=life.pain,
            effort=life.effort,
            events=life.events,
            supervised=life.supervised,
        )
        self.history.append(session)
        if life.note and life.entry is None:
            self.lines.append(f"{'':16}{life.note}: {_taken(session)}")


def _told(advised: Recommendation, first: bool) -> list[str]:
    """One line for the decision, and one for each reason but the count of good sessions, which stands beside it."""
    count = advised.reasons[-1].text
    head = "begin here" if first else advised.advice.words
    if advised.advice is Advice.REST_DAY:
        head += f" until {advised.not_before}, then {advised.then.words}"
    step = "" if advised.advice is Advice.LOCKED else f": {advised.step.text}"
    counts = advised.then in (Advice.HOLD, Advice.REFAMILIARISE) and advised.advice is not Advice.LOCKED
    counted = f" ({count})" if counts else ""
    lines = [f"{_named(advised.day)}  {head}{step}{counted}"]
    counted_apart = advised.advice is not Advice.LOCKED
    reasons = advised.reasons[:-1] if counted_apart else advised.reasons
    lines += [f"{'':16}because {reason.text}" for reason in reasons]
    if advised.advice is Advice.PROMOTE:
        lines.append(f"{'':16}because {count}")
    return lines + [f"{'':16}note: {note}" for note in advised.notes]


def _taken(session: Session) -> str:
    pain = session.pain
    said = [
        f"pain {pain.before} before, {pain.during} during, {pain.after} after",
        f"{_number(pain.next_morning)} next morning",
        f"effort {_number(session.effort)}",
    ]
    if session.done_share < 1:
        said.append(f"{session.done_share:.0%} done")
    return "; ".join(said)


def _number(value: int | None) -> str:
    return "not said" if value is None else str(value)


def _named(day: date) -> str:
    return f"{day:%a} {day}"


def the_log() -> str:
    """The whole year."""
    return "\n".join(Year().live()) + "\n"


if __name__ == "__main__":
    LOG.write_text(the_log(), encoding="utf-8")
