"""The store: who trains here, on what, what was done, and what was said of it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, func, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from ..clock import wall_now
from ..machine import BeltDirection
from ..sessions.pseudonym import drawn
from ..training.history import MINUTES_MAX, CheckIn, Cleared, Dose, Event, History, Pain, Session, in_order
from . import chain
from .file import Damaged, StoreError, unusable
from .tables import EVENT, HEALTH, MORNING, PERSON, PERSON_LIMIT, SAID, SAMPLE, SESSION, TREADMILL
from .whole import Whole, moment_in, whole, words_in

NO_WORK = Dose(1, 1.0, 0.0)
"""Stands for a session without a whole backward block: its minutes count, and it never leads up the ladder."""


class Refused(StoreError):
    """A row that the store does not keep; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is kept of a person beside a pseudonym; None: not known. ``tier`` is the highest that is open to them."""

    adult: bool
    tier: str | None = None
    level: int | None = None
    backward_max_ckph: int | None = None
    heart_ceiling_bpm: int | None = None
    experience: str | None = None
    health: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What the diary tells of somebody's health: held, screened or cleared, in words; ``link`` is that of its entry."""

    link: str
    day: str
    kind: str
    text: str
    said_utc: str


@dataclass(frozen=True, slots=True)
class KeptLimit:
    """A limit with who set it and why. ``what`` names quantity and unit; ``until`` is its last day, None: it stays."""

    what: str
    value: int
    author: str
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class HeardLimit:
    """A limit as the diary tells it, with the moment at which it was written there."""

    what: str
    value: int
    author: str
    reason: str
    until_day: str | None
    made_utc: str


@dataclass(frozen=True, slots=True)
class HeardFree:
    """Limits of a quantity that were set before a moment ended with that day, as the diary tells."""

    what: str
    last_day: str
    said_utc: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One session in a line. Times in ms, the rest in the units of their names; None: not said, or not known."""

    run_id: str
    day: date
    began_utc: str
    workout: str
    level: int | None
    treadmill: str
    address: str
    simulated: bool
    state: str
    ended: str
    partial: bool
    complete: bool
    elapsed_ms: int
    backward_ms: int
    running_ms: int
    distance_mm: int
    speed_max_ckph: int
    heart_max_bpm: int | None
    pain_before: int | None
    pain_during: int | None
    pain_after: int | None
    effort: int | None
    plan_hash: str
    chain_head: str


class Store:
    """The store of one data folder, open. Every method is one transaction; each raises StoreError."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine, self.path = engine, path

    # --- who and on what ------------------------------------------------------------------------------------

    def person_here(self, facts: PersonFacts, pseudonym: str | None = None) -> int:
        """The key of the person of this store, with these facts from now on; made if need be.

        Who is new gets that pseudonym, or one of chance. A level that is not known leaves the one that is.
        """
        said = {name: getattr(facts, name) for name in PersonFacts.__slots__} | {"adult": int(facts.adult)}
        if facts.level is None:
            del said["level"]
        with self.transaction() as connection:
            found = connection.execute(select(PERSON.c.id).where(PERSON.c.here == 1)).scalar()
            if found is None:
                new = {"pseudonym": pseudonym or drawn(), "made_utc": wall_now().isoformat(), "here": 1}
                return inserted(connection, PERSON, new | said)
            connection.execute(PERSON.update().where(PERSON.c.id == found).values(said))
            return int(found)

    def earn(self, person: int, level: int) -> None:
        """Keep the level that good sessions have led somebody to."""
        with self.transaction() as connection:
            connection.execute(PERSON.update().where(PERSON.c.id == person).values(level=level))

    def pseudonym(self, person: int) -> str:
        """What stands for the name of a person everywhere."""
        with self.transaction() as connection:
            return str(connection.execute(select(PERSON.c.pseudonym).where(PERSON.c.id == person)).scalar_one())

    def add_limit(self, person: int, limit: KeptLimit) -> None:
        """Keep a limit beside those that hold already. Raises Refused for one without an author or a reason."""
        row = {
            "person_id": person,
            "what": limit.what,
            "value": limit.value,
            "author": limit.author.strip(),
            "reason": limit.reason.strip(),
            "made_utc": wall_now().isoformat(),
            "until_day": None if limit.until is None else limit.until.isoformat(),
        }
        with self.transaction() as connection:
            inserted(connection, PERSON_LIMIT, row)

    def hear_limits(self, person: int, said: Iterable[HeardLimit | HeardFree]) -> None:
        """Keep what the diary tells of limits, in its order, each once; what was taken away ended the day before."""
        rows, mine = PERSON_LIMIT.c, PERSON_LIMIT.c.person_id == person
        with self.transaction() as connection:
            known = {tuple(row) for row in connection.execute(select(rows.what, rows.made_utc).where(mine))}
            for one in said:
                match one:
                    case HeardLimit() if (one.what, one.made_utc) not in known:
                        connection.execute(PERSON_LIMIT.insert().values(asdict(one) | {"person_id": person}))
                    case HeardFree():
                        still = rows.until_day.is_(None) | (rows.until_day > one.last_day)
                        old = mine & (rows.what == one.what) & (rows.made_utc < one.said_utc) & still
                        connection.execute(PERSON_LIMIT.update().where(old).values(until_day=one.last_day))

    def limits(self, person: int, day: date) -> tuple[KeptLimit, ...]:
        """Those that hold on a day: of each quantity the lowest, and of two alike the first that was set."""
        asked = select(PERSON_LIMIT).where(PERSON_LIMIT.c.person_id == person).order_by(PERSON_LIMIT.c.id)
        with self._reading() as connection:
            set_so_far = tuple(map(_limit, connection.execute(asked).all()))
        lowest: dict[str, KeptLimit] = {}
        for one in set_so_far:
            over = one.until is not None and one.until < day
            if not over and (one.what not in lowest or one.value < lowest[one.what].value):
                lowest[one.what] = one
        return tuple(lowest.values())

    # --- what was done --------------------------------------------------------------------------------------

    def sessions(self) -> tuple[Listed, ...]:
        """Every session of the person of this computer, newest first."""
        with self._reading() as connection:
            return tuple(map(_listed, connection.execute(_list().order_by(SESSION.c.began_utc.desc())).all()))

    def look_through(self) -> None:
        """Read once what everybody reads: a row that no program of ours has kept is found here. Raises StoreError."""
        self.sessions(), self.history()
        with self._reading() as connection:
            for notes, happened in connection.execute(select(SESSION.c.notes, SESSION.c.happened)):
                words_in(notes), words_in(happened)

    def whole(self, run_id: str, began_utc: str | None = None) -> Whole | None:
        """One run with its plan, samples, events and answers; None: it is not kept here.

        ``began_utc`` tells two runs of one number apart; without it, the newest.
        """
        with self._reading() as connection:
            return whole(connection, run_id, began_utc)

    def history(self) -> History:
        """What the person of this computer has done, for the ladder; simulated treadmills carry nobody."""
        carried = TREADMILL.c.simulated == 0, SESSION.c.elapsed_ms > 0, SESSION.c.empty_belt == 0
        real = _sessions().where(*carried).order_by(SESSION.c.began_utc)
        mornings = select(MORNING).join(PERSON).where(PERSON.c.here == 1)
        cleared = select(HEALTH).join(PERSON).where(PERSON.c.here == 1, HEALTH.c.kind == "cleared")
        with self._reading() as connection:
            sessions = map(_session, connection.execute(real).all())
            said = map(_check_in, connection.execute(mornings).all())
            return in_order((*said, *sessions, *map(_cleared, connection.execute(cleared).all())))

    def hear(self, person: int, said: Iterable[Heard]) -> None:
        """Keep what the diary tells of somebody's health; what is here already stays as it is."""
        rows = [asdict(one) | {"person_id": person} for one in said]
        known = select(HEALTH.c.link).where(HEALTH.c.person_id == person)
        with self.transaction() as connection:
            there = set(connection.execute(known).scalars())
            new = [row for row in rows if row["link"] not in there]
            if new:
                connection.execute(HEALTH.insert(), new)

    def morning(self, person: int, said: CheckIn) -> None:
        """Keep what was said on a day before anything moved; what was said last of a day holds."""
        key = {"person_id": person, "day": said.day.isoformat()}
        row = {"pain": said.pain, "slept_badly": int(said.slept_badly), "said_utc": wall_now().isoformat()}
        with self.transaction() as connection:
            connection.execute(MORNING.delete().filter_by(**key))
            inserted(connection, MORNING, key | row)

    def damage(self, newest: int | None = None) -> tuple[str, ...]:
        """A sentence for each session whose rows are no longer those that were kept; of so many, None: of all."""
        with self.transaction() as connection:
            rows = connection.execute(select(SESSION).order_by(SESSION.c.began_utc.desc()).limit(newest)).all()
            return tuple(one for row in rows if (one := _broken(connection, row)) is not None)

    def changed(self, one: Listed) -> str | None:
        """The same of one session; None: its rows are those that were kept."""
        this = (SESSION.c.run_id == one.run_id) & (SESSION.c.began_utc == one.began_utc)
        with self.transaction() as connection:
            row = connection.execute(select(SESSION).where(this)).first()
            return None if row is None else _broken(connection, row)

    def check(self) -> tuple[str, ...]:
        """The pages of the file, and the chain of every session: ``damage`` of all. Raises Damaged for its pages."""
        with self.transaction() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            if found != "ok":
                raise Damaged(self.path, str(found))
        return self.damage()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        """The same for rows that become values in it: one that cannot is damage, whatever SQLite says of its page."""
        try:
            with self.transaction() as connection:
                yield connection
        except ValueError as error:
            raise unusable(self.path, error) from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of it or nothing. Raises StoreError."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise Refused(f"{self.path} does not keep such a row ({error.orig}); nothing of it was kept") from error
        except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
            raise unusable(self.path, error) from error


def treadmill_key(connection: Connection, address: str, name: str | None) -> int:
    """The key of a treadmill, made if need be; the name that it was met under last stays."""
    found = connection.execute(select(TREADMILL.c.id).where(TREADMILL.c.address == address)).scalar()
    if found is None:
        row = {"address": address, "name": name or address, "simulated": int(address.startswith("sim:"))}
        return inserted(connection, TREADMILL, row)
    if name is not None:
        connection.execute(TREADMILL.update().where(TREADMILL.c.id == found).values(name=name))
    return int(found)


def inserted(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    """Keep a row in a table with a key of its own; that key."""
    key = next(iter(table.primary_key.columns))
    return int(connection.execute(table.insert().values(row).returning(key)).scalar_one())


def read_back(connection: Connection, session: int) -> None:
    """Read a session as everybody will. Raises ValueError where somebody would stumble over it."""
    for row in connection.execute(_sessions().where(SESSION.c.id == session)).all():
        _session(row)
        whole(connection, row.run_id, row.began_utc)
    for row in connection.execute(_list().where(SESSION.c.id == session)).all():
        _listed(row)


def _limit(row: Row[Any]) -> KeptLimit:
    until = None if row.until_day is None else date.fromisoformat(row.until_day)
    return KeptLimit(row.what, row.value, row.author, row.reason, until)


# --- from rows to values ----------------------------------------------------------------------------------------


def _sessions() -> Any:
    """Each session of the person of this computer with its treadmill and what was said, one row each."""
    before, during, after = (SAID.alias(moment) for moment in ("said_before", "said_during", "said_after"))
    joined = SESSION.join(TREADMILL).join(PERSON, SESSION.c.person_id == PERSON.c.id)
    for moment, alias in (("before", before), ("during", during), ("after", after)):
        joined = joined.outerjoin(alias, (alias.c.session_id == SESSION.c.id) & (alias.c.moment == moment))
    return (
        select(
            SESSION,
            TREADMILL.c.name.label("treadmill"),
            TREADMILL.c.address,
            TREADMILL.c.simulated,
            before.c.pain.label("pain_before"),
            during.c.pain.label("pain_during"),
            after.c.pain.label("pain_after"),
            func.coalesce(after.c.effort, during.c.effort).label("effort"),
        )
        .select_from(joined)
        .where(PERSON.c.here == 1)
    )


def _list() -> Any:
    """The same with what a list shows alone: ten thousand plans are not read for it."""
    every = _sessions()
    columns = [every.selected_columns[name] for name in Listed.__slots__]
    return every.with_only_columns(*columns, maintain_column_froms=True)


_DAY, _BEGAN, *_YES_OR_NO = (
    Listed.__slots__.index(name) for name in ("day", "began_utc", "simulated", "partial", "complete")
)


def _listed(row: Row[Any]) -> Listed:
    found = list(row)
    found[_DAY] = date.fromisoformat(found[_DAY])
    moment_in(found[_BEGAN])
    for place in _YES_OR_NO:
        found[place] = bool(found[place])
    return Listed(*found)


def _session(row: Row[Any]) -> Session:
    """For the ladder. A workout without a level is one of level 0, whatever it held."""
    return Session(
        date.fromisoformat(row.day),
        row.level or 0,
        _minutes(row.backward_ms - row.running_ms),
        _minutes(row.running_ms),
        dose=_dose(row),
        done_share=min(1.0, row.plan_time_ms / row.plan_total_ms) if row.plan_total_ms else 0.0,
        device=row.address,
        belt=BeltDirection(row.belt),
        pain=Pain(row.pain_before, row.pain_during, row.pain_after),
        effort=row.effort,
        events=frozenset(map(Event, words_in(row.happened))),
        heart_over_ceiling=_known(row.heart_over),
        supervised=False if row.tier == "alone" else _known(row.supervised),
        harness=_known(row.harness),
    )


def _known(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _minutes(ms: int) -> float:
    return min(MINUTES_MAX, max(0, ms) / 60_000)


def _dose(row: Row[Any]) -> Dose | None:
    """What was measured; None, the first step of its level, for the ladder's own workout done as it is written."""
    if row.as_the_ladder:
        return None
    if row.bouts is None:
        return NO_WORK
    return Dose(row.bouts, row.bout_ms / 1000, row.bout_ckph / 100, row.bout_dpct / 10)


def _cleared(row: Row[Any]) -> Cleared:
    return Cleared(date.fromisoformat(row.day), row.text)


def _check_in(row: Row[Any]) -> CheckIn:
    return CheckIn(date.fromisoformat(row.day), row.pain, bool(row.slept_badly))


# --- the chain --------------------------------------------------------------------------------------------------

_BESIDE_THE_CHAIN = frozenset({"id", "person_id", "treadmill_id", "chain", "chain_head"})
CHAIN = "sha256-2"
"""How the chain of a run that is kept now is worked out; of an older one it is as it was then."""

_LATER = {CHAIN: frozenset[str](), "sha256-1": frozenset({"supervised", "harness", "empty_belt"})}
"""Of each way, the columns that came after it and are no part of it."""

CHAINS = frozenset(_LATER)
"""The ways that this program knows."""


def chain_of(session: dict[str, Any], events: list[dict[str, Any]], rest: dict[str, list[Any]]) -> chain.Chained:
    """The chain of a session as its rows are kept: whose it is and which key it has is no part of it.

    It is worked out as the session says; of one that does not say so yet, or in an unknown way, as of today.
    """
    beside = _BESIDE_THE_CHAIN | _LATER.get(session.get("chain", CHAIN), frozenset())
    head = {name: value for name, value in session.items() if name not in beside}
    links = [{name: one[name] for name in ("n", "at_ms", "at_utc", "kind", "text")} for one in events]
    return chain.chained(head, links, rest)


def _broken(connection: Connection, row: Row[Any]) -> str | None:
    session = dict(row._mapping)
    events = _rows(connection, EVENT, row.id, EVENT.c.n)
    rest = {
        "said": [[one[name] for name in SAID_ROW] for one in _rows(connection, SAID, row.id, SAID.c.id)],
        "samples": _samples(connection, row.id),
    }
    found = chain_of(session, events, rest)
    told = tuple(one["hash"] for one in events)
    if row.chain in CHAINS and (told, row.chain_head) == (found.events, found.head):
        return None
    return f"the session {row.workout!r} of {row.began_utc[:16].replace('T', ' ')} UTC {_where(told, found)}"


SAID_ROW = ("moment", "pain", "effort")
SAMPLE_ROW = ("at_ms", "speed_ckph", "incline_dpct", "heart_bpm", "step")


def _rows(connection: Connection, table: Table, session: int, order: Any) -> list[dict[str, Any]]:
    asked = select(table).where(table.c.session_id == session).order_by(order)
    return [dict(one._mapping) for one in connection.execute(asked)]


def _samples(connection: Connection, session: int) -> list[list[Any]]:
    """An hour has 3,600 of them: no more is made of each than is needed."""
    columns = (SAMPLE.c[name] for name in SAMPLE_ROW)
    asked = select(*columns).where(SAMPLE.c.session_id == session).order_by(SAMPLE.c.at_ms)
    return list(map(list, connection.execute(asked)))


def _where(told: tuple[str, ...], found: chain.Chained) -> str:
    """The first link that does not hold; an event that is cut off at the end shows in the head alone."""
    apart = next((n for n, pair in enumerate(zip(told, found.events, strict=True), 1) if pair[0] != pair[1]), None)
    places = {None: "its samples, its answers or its last events", 1: "its head or its event 1"}
    place = places.get(apart, f"its event {apart}")
    return f"is not as it was kept: {place}; its journal is the first record, hold it against that"
