"""The history of many years: the list, the trends, one session of an hour with its plot, and its page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from retrotread.guardian import wire
from retrotread.records import chain
from retrotread.records.curve import Curve, curve_of
from retrotread.records.done import Sample
from retrotread.records.exports.files import Place
from retrotread.records.exports.told import Privacy, Who
from retrotread.records.file import NAME, opened
from retrotread.records.naming import whole_of
from retrotread.records.planned import timeline_in
from retrotread.records.report.written import write_report
from retrotread.records.store import SAMPLE_ROW, Listed, PersonFacts, Store, chain_of, inserted, treadmill_key
from retrotread.records.tables import EVENT, SAID, SAMPLE, SESSION
from retrotread.records.trends import summed, weeks
from retrotread.safety.tiers import TIERS
from retrotread.sessions.layout import Layout, unrolled
from retrotread.sessions.preflight import ramp_rates
from retrotread.workouts.source import parse_workout
from retrotread.workouts.timeline import Timeline

from .figures import Figure

SESSIONS, TIMES, EVENTS = 10_000, 20, 200
BEGIN = datetime(2016, 1, 1, 9, tzinfo=UTC)
PLAN = b"""retrotread: 1
name: An hour backward
level: 6
facing: rear
steps:
  - repeat: 14
    steps:
      - walk: 3 min
        speed: 3.0 km/h
      - walk: 1 min
        speed: 4.5 km/h
  - cool down: 4 min
    speed: 2.0 km/h
"""


def measure() -> Iterator[Figure]:
    """In a folder of its own, on this disk; processor time, so that a busy neighbour counts less."""
    with TemporaryDirectory() as folder:
        store, out = Store(opened(Path(folder) / NAME), Path(folder) / NAME), Path(folder) / "out"
        out.mkdir()
        _fill(store)
        listed = store.sessions()
        place = Place(out, "page.html", True, Path(folder) / "kept")
        asked: tuple[tuple[str, Callable[[], object], str], ...] = (
            (f"list of {len(listed)} sessions", store.sessions, "<= 100"),
            ("trends and totals of them", lambda: (weeks(listed, listed[0].day, 530), summed(listed)), "known"),
            ("plot data of a session of an hour", lambda: _plot(store, listed[0]), "<= 50"),
            (
                "its report, as a file",
                lambda: write_report(store, "last", Who(Privacy.PSEUDONYMOUS), place),
                "<= 300",
            ),
        )
        for name, work, aim in asked:
            yield Figure(name, _taken_ms(work), "ms", aim)


def _plot(store: Store, one: Listed) -> Curve:
    whole = whole_of(store, one)
    return curve_of(whole.samples, timeline_in(whole))


def _fill(store: Store) -> None:
    """Ten years of short sessions, and the newest one an hour long, with its samples and events."""
    layout = Layout(0.5, ramp_rates(TIERS["walker"]))
    timeline = unrolled(parse_workout(PLAN, "hour.yaml"), layout)
    person = store.person_here(PersonFacts(True, "walker"))
    with store.transaction() as connection:
        of_it = {"person_id": person, "treadmill_id": treadmill_key(connection, "ble://Home", "Home")}
        for n in range(SESSIONS):
            samples = _hour(timeline) if n == SESSIONS - 1 else ()
            session, events = _rows(timeline, layout, n, samples)
            key = {"session_id": inserted(connection, SESSION, session | of_it)}
            said = [
                {"moment": "before", "pain": n % 4, "effort": None},
                {"moment": "after", "pain": 1, "effort": n % 9},
            ]
            connection.execute(SAID.insert(), [one | key for one in said])
            if samples:
                connection.execute(EVENT.insert(), [one | key for one in events])
                rows = [dict(zip(SAMPLE_ROW, astuple(one), strict=True)) | key for one in samples]
                connection.execute(SAMPLE.insert(), rows)


def _hour(timeline: Timeline) -> tuple[Sample, ...]:
    """A belt that does what the plan wants, and a heart that follows."""
    return tuple(
        Sample(
            second * 1000,
            round(timeline.setpoint_at(second).speed_kph * 100),
            0,
            110 + second % 30,
            timeline.step_at(second).index,
        )
        for second in range(int(timeline.total_s))
    )


def _rows(
    timeline: Timeline, layout: Layout, n: int, samples: tuple[Sample, ...]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A session and its events."""
    began = BEGIN + timedelta(hours=9 * n)
    total_ms = round(timeline.total_s * 1000)
    session: dict[str, Any] = {
        "run_id": f"{n:016x}", "journal": f"{n}.sqlite", "began_utc": began.isoformat(),
        "day": began.date().isoformat(), "ended_utc": None, "program": "retrotread", "tier": "walker",
        "workout": timeline.name, "level": 6, "plan_hash": timeline.plan_hash, "plan": PLAN,
        "layout": json.dumps(wire.plain(layout)), "state": "closed", "ended": "the plan is done", "partial": 0,
        "complete": 1, "elapsed_ms": total_ms, "plan_time_ms": total_ms, "plan_total_ms": total_ms,
        "backward_ms": total_ms, "running_ms": 0, "distance_mm": 3_300_000, "speed_max_ckph": 450,
        "incline_max_dpct": 0, "heart_mean_bpm": 124, "heart_max_bpm": 139, "belt": "forward", "bouts": 14,
        "bout_ms": 60_000, "bout_ckph": 450, "bout_dpct": 0, "as_the_ladder": 0, "happened": "[]", "heart_over": 0,
        "notes": "[]", "steps_dropped": 0,
    }  # fmt: skip
    events = [
        {
            "n": k + 1,
            "at_ms": k * 10_000,
            "at_utc": (began + timedelta(seconds=10 * k)).isoformat(),
            "kind": "heart_near",
            "text": "the heart rate is 146 bpm (ceiling 150 bpm)",
        }
        for k in range(EVENTS)
    ]
    links = chain_of(session, events, {"said": [], "samples": [list(astuple(one)) for one in samples]})
    session |= {"chain": chain.KIND, "chain_head": links.head}
    return session, [one | {"hash": link} for one, link in zip(events, links.events, strict=True)]


def _taken_ms(work: Callable[[], object]) -> tuple[float, ...]:
    found = []
    for _ in range(TIMES):
        began_s = time.process_time()
        work()
        found.append((time.process_time() - began_s) * 1000)
    return tuple(found)
