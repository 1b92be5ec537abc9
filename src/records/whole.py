"""One kept run in full: what exports, reports and plots are made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any

from sqlalchemy import Connection, select

from .done import Sample
from .tables import EVENT, MORNING, PERSON, SAID, SAMPLE, SESSION, TREADMILL


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """Something that somebody would ask about, limits that were met among it; ``n`` from 1, ``at_ms`` as a sample's."""

    n: int
    at_ms: int
    at_utc: str
    kind: str
    text: str
    hash: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """Pain and effort from 0 to 10 at one ``moment``: before, during or after; None: not said."""

    moment: str
    pain: int | None
    effort: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A run with all of its rows. Units as the names say; ``docs/records.md`` tells what each holds.

    ``session`` has the columns of the table of that name; ``plan`` is the workout as it was written. The events and
    the samples are in the order of their time. ``morning``: the pain of the morning after, None: not said.
    """

    pseudonym: str
    treadmill: str
    address: str
    simulated: bool
    day: date
    session: dict[str, Any]
    events: tuple[KeptEvent, ...]
    said: tuple[KeptAnswer, ...]
    samples: tuple[Sample, ...]
    morning: int | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences of its summary, oldest first."""
        return words_in(self.session["notes"])

    @property
    def happened(self) -> tuple[str, ...]:
        """What befell the person, in the words of ``training.history.Event``."""
        return words_in(self.session["happened"])


def words_in(text: str) -> tuple[str, ...]:
    """A JSON list of texts, as notes and events are kept. Raises ValueError."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested deeper than any list of texts") from None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"{text[:40]!r} is no list of texts")
    return tuple(found)


def moment_in(text: str) -> datetime:
    """A moment as it is kept. Raises ValueError.

    A first or last year has no day before or after it, and so none in every zone.
    """
    found = datetime.fromisoformat(text)
    if not MINYEAR < found.year < MAXYEAR:
        raise ValueError(f"{text!r} is no moment of a run")
    return found


def whole(connection: Connection, run_id: str, began_utc: str | None = None) -> Whole | None:
    """The run of this number, the newest of it unless its beginning is named; None: there is none.

    Raises ValueError for a row that no program of ours has kept.
    """
    asked = (
        select(
            SESSION, PERSON.c.pseudonym, TREADMILL.c.name.label("treadmill"), TREADMILL.c.address, TREADMILL.c.simulated
        )
        .select_from(SESSION.join(TREADMILL).join(PERSON, SESSION.c.person_id == PERSON.c.id))
        .where(SESSION.c.run_id == run_id)
        .order_by(SESSION.c.began_utc.desc())
    )
    if began_utc is not None:
        asked = asked.where(SESSION.c.began_utc == began_utc)
    row = connection.execute(asked.limit(1)).first()
    if row is None:
        return None
    session = {column.name: row._mapping[column.name] for column in SESSION.columns}
    key = session["id"]
    found = Whole(
        row.pseudonym,
        row.treadmill,
        row.address,
        bool(row.simulated),
        date.fromisoformat(row.day),
        session,
        tuple(KeptEvent(*one) for one in _of(connection, EVENT, key, EVENT.c.n)),
        tuple(KeptAnswer(one.moment, one.pain, one.effort) for one in _of(connection, SAID, key, SAID.c.id)),
        tuple(Sample(*one) for one in _of(connection, SAMPLE, key, SAMPLE.c.at_ms)),
        _morning(connection, session),
    )
    return _as_kept(found)


def _as_kept(found: Whole) -> Whole:
    """The same, where nobody stumbles who reads it. Raises ValueError."""
    for moment in (found.session["began_utc"], *(one.at_utc for one in found.events)):
        moment_in(moment)
    words_in(found.session["notes"]), words_in(found.session["happened"])
    return found


def _of(connection: Connection, table: Any, session: int, order: Any) -> Any:
    """Its rows without the key of the session."""
    columns = [column for column in table.columns if column.name != "session_id"]
    return connection.execute(select(*columns).where(table.c.session_id == session).order_by(order)).all()


def _morning(connection: Connection, session: dict[str, Any]) -> int | None:
    after = date.fromisoformat(session["day"]).toordinal() + 1
    asked = select(MORNING.c.pain).where(
        MORNING.c.person_id == session["person_id"], MORNING.c.day == date.fromordinal(after).isoformat()
    )
    found = connection.execute(asked).scalar()
    return None if found is None else int(found)
