"""Taking journals over into the store: each once, whatever happens in between, and none is changed or removed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ..sessions.journal_whole import RunWhole, read_whole
from ..sessions.preflight import backward_steps
from ..sessions.sqlite_file import name_shown
from ..training.history import Dose, Event
from ..training.ladder import LADDER
from ..workouts.library import find
from ..workouts.timeline import Timeline
from .done import (
    Sample,
    Totals,
    around,
    as_planned,
    first_ms,
    happened_in,
    heart_over,
    number,
    samples_of,
    totals_of,
    work_of,
)
from .file import StoreError
from .planned import timeline_of
from .store import CHAIN, SAID_ROW, SAMPLE_ROW, Refused, Store, chain_of, inserted, read_back, treadmill_key
from .tables import EVENT, SAID, SAMPLE, SESSION


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What came of looking through a folder: how many are new, a sentence for each that cannot be read, and how many
    runs nobody has closed yet."""

    new: int
    problems: tuple[str, ...] = ()
    still_open: int = 0


class Came(Enum):
    """What came of one journal."""

    NEW = "new"
    KNOWN = "known"
    STILL_OPEN = "still open"


class Unreadable(ValueError):
    """A journal that cannot be taken over; the message says which and why. It is left as it is."""


def take_over_all(store: Store, person: int, folder: Path) -> TakenOver:
    """Take over every journal of ``folder`` that is not in the store yet. Raises StoreError for the store itself.

    A run that is still open is left for later: somebody may be on the belt.
    """
    with store.transaction() as connection:
        known = set(connection.execute(select(SESSION.c.journal)).scalars())
    came, problems = Counter[Came](), list[str]()
    for path in sorted(folder.glob("*.sqlite")):
        if path.name in known:
            continue
        try:
            came[take_over(store, person, path)] += 1
        except Unreadable as error:
            problems.append(str(error))
    return TakenOver(came[Came.NEW], tuple(problems), came[Came.STILL_OPEN])


def take_over(store: Store, person: int, path: Path) -> Came:
    """Take one journal over, unless that was done or its run is not over. Raises Unreadable, or StoreError."""
    try:
        run = read_whole(path)
        if run.state == "open":
            return Came.STILL_OPEN
        rows = rows_of(run, path.name)
    except Exception as error:  # damage shows as many kinds of error, UnicodeDecodeError among them
        raise _unreadable(path, error) from error
    try:
        return _kept(store, person, run, rows)
    except Refused as error:
        raise _unreadable(path, error) from error
    except StoreError:
        raise
    except Exception as error:  # a number or a text that no database takes
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> Unreadable:
    return Unreadable(f"{name_shown(path)} cannot be taken over ({error}); it was left as it is")


@dataclass(frozen=True, slots=True)
class Rows:
    """One run as rows of the store; whose it is and on what comes when it is kept."""

    session: dict[str, Any]
    events: list[dict[str, Any]]
    said: list[dict[str, Any]]
    samples: list[dict[str, Any]]


def rows_of(run: RunWhole, journal: str) -> Rows:
    """Everything of a run that is kept, with its chain. Raises ValueError and others for a damaged journal."""
    timeline, samples = timeline_of(run.plan, run.layout, run.workout, run.plan_hash), samples_of(run)
    totals = totals_of(run, samples, timeline)
    session = _session(run, journal, totals) | _of_the_plan(run, timeline, samples, totals)
    start_ms = first_ms(run)
    events = [
        {"n": n, "at_ms": at_ms - start_ms, "at_utc": at_utc, "kind": kind, "text": text}
        for n, (at_ms, at_utc, kind, text) in enumerate(run.events, start=1)
    ]
    said = _said(run.summary or {})
    rest = {"said": [[one[name] for name in SAID_ROW] for one in said], "samples": [list(astuple(s)) for s in samples]}
    links = chain_of(session, events, rest)
    session |= {"chain": CHAIN, "chain_head": links.head}
    hashed = [one | {"hash": link} for one, link in zip(events, links.events, strict=True)]
    return Rows(session, hashed, said, [dict(zip(SAMPLE_ROW, astuple(one), strict=True)) for one in samples])


def _kept(store: Store, person: int, run: RunWhole, rows: Rows) -> Came:
    """One transaction; a run that is in the store already, perhaps by another process just now, is left as it is."""
    same = (SESSION.c.run_id == run.run_id) & (SESSION.c.began_utc == run.began_utc)
    with store.transaction() as connection:
        if connection.execute(select(SESSION.c.id).where(same)).first() is not None:
            return Came.KNOWN
        of_it = {"person_id": person, "treadmill_id": treadmill_key(connection, run.address, run.machine)}
        key = {"session_id": inserted(connection, SESSION, rows.session | of_it)}
        for table, found in ((EVENT, rows.events), (SAID, rows.said), (SAMPLE, rows.samples)):
            if found:
                connection.execute(table.insert(), [one | key for one in found])
        read_back(connection, key["session_id"])
    return Came.NEW


def _session(run: RunWhole, journal: str, totals: Totals) -> dict[str, Any]:
    summary = run.summary or {}
    over = heart_over(run, totals)
    return {
        "run_id": run.run_id,
        "journal": journal,
        "began_utc": run.began_utc,
        "day": _day(run.began_utc),
        "ended_utc": run.ended_utc,
        "program": run.program,
        "tier": run.tier,
        "workout": run.workout,
        "plan_hash": run.plan_hash,
        "plan": run.plan,
        "layout": run.layout,
        "state": run.state,
        "ended": run.ended or "not told",
        "partial": int(run.summary is None),
        "complete": int(summary.get("complete") is True),
        "plan_total_ms": round((number(run.plan_total_s) or 0.0) * 1000),
        "happened": json.dumps(sorted(map(Event.__str__, happened_in(run)))),
        "heart_over": None if over is None else int(over),
        **around(run),
        "notes": json.dumps([str(one) for one in summary.get("notes") or ()]),
        "steps_dropped": run.steps_dropped,
        **{name: getattr(totals, name) for name in Totals.__slots__},
    }


def _of_the_plan(
    run: RunWhole, timeline: Timeline | None, samples: tuple[Sample, ...], totals: Totals
) -> dict[str, Any]:
    """What only the plan tells; a plan that today's program cannot lay out tells nothing."""
    if timeline is None:
        return {"level": None, "belt": "forward", "as_the_ladder": 0, **_bouts(None)}
    backward = backward_steps(timeline)
    ladder = _is_the_ladder_s(run.plan, timeline.level) and as_planned(timeline, samples, totals.plan_time_ms)
    return {
        "level": timeline.level,
        "belt": backward[0].belt.value if backward else "forward",
        "as_the_ladder": int(ladder),
        **_bouts(work_of(timeline, samples, totals.plan_time_ms)),
    }


def _is_the_ladder_s(plan: bytes, level: int | None) -> bool:
    """Whether a plan is, to the byte, the workout that comes with the program for its level."""
    return level is not None and plan == find(LADDER[level].workout).read_bytes()


def _bouts(work: Dose | None) -> dict[str, int | None]:
    if work is None:
        return {"bouts": None, "bout_ms": None, "bout_ckph": None, "bout_dpct": None}
    return {
        "bouts": work.bouts,
        "bout_ms": round(work.bout_s * 1000),
        "bout_ckph": round(work.speed_kph * 100),
        "bout_dpct": round(work.incline_percent * 10),
    }


def _said(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Pain and effort by when they were said; effort belongs to the end."""
    answers = summary.get("answers")
    told = answers if isinstance(answers, dict) else {}
    moments = (("before", None), ("during", None), ("after", told.get("effort")))
    rows = [{"moment": name, "pain": told.get(f"pain_{name}"), "effort": effort} for name, effort in moments]
    return [one for one in rows if one["pain"] is not None or one["effort"] is not None]


def _day(began_utc: str) -> str:
    """The day where the person was, by the zone of this computer. Raises ValueError."""
    began = datetime.fromisoformat(began_utc)
    aware = began.replace(tzinfo=UTC) if began.tzinfo is None else began
    return aware.astimezone().date().isoformat()
