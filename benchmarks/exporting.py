"""Exporting a thousand sessions of half an hour: some three years of training, each one with a sample a second."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import literal, select
from tests.records.conftest import record

from retrotread.devices.heart.simulated import SimulatedStrap
from retrotread.records.exports.export_command import Chosen, Wanted, exported
from retrotread.records.exports.files import Place
from retrotread.records.exports.formats import Format
from retrotread.records.exports.told import Privacy, Who
from retrotread.records.file import NAME, opened
from retrotread.records.store import PersonFacts, Store
from retrotread.records.tables import EVENT, SAMPLE, SESSION
from retrotread.records.taking import take_over

from .figures import Figure

SESSIONS = 1000
FORMATS = (Format.FIT, Format.JSON, Format.TABLE)
"""TCX and CSV take as long as FIT, and more room on the disk than a bench should."""

WORKOUT = """\
retrotread: 1
name: Half an hour
level: 4
facing: rear
steps:
  - walk: 5 min
    speed: 1.0 km/h
  - repeat: 10
    steps:
      - walk: 60 s
        speed: 2.5 km/h
        incline: 2 %
      - walk: 60 s
        speed: 1.5 km/h
        incline: 0 %
  - cool down: 5 min
    speed: 1.0 km/h
"""


def measure() -> Iterator[Figure]:
    """Processor time of each format, the reading of the store in it, so that a busy neighbour counts less."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = a_thousand(folder)
        for form in FORMATS:
            out = folder / form.value
            began_s = time.process_time()
            place = Place(out, None, force=False, kept=folder / "kept")
            files = exported(store, Wanted(Chosen(), form, Who(Privacy.PSEUDONYMOUS)), place).files
            taken_s = time.process_time() - began_s
            mb = sum(one.stat().st_size for one in files) / 1e6
            yield Figure(f"export: {SESSIONS} sessions as {form.value} ({mb:,.0f} MB)", (taken_s,), "s", "known")
            for one in files:
                one.unlink()


def a_thousand(folder: Path) -> Store:
    """A store with one simulated session, and copies of it on the days before."""
    workout, journal = folder / "workout.yaml", folder / "ab12.sqlite"
    workout.write_text(WORKOUT, encoding="utf-8")
    record(journal, workout, strap=SimulatedStrap("chest", bpm=95.0, to_bpm=135.0, in_s=900.0))
    store = Store(opened(folder / NAME), folder / NAME)
    take_over(store, store.person_here(PersonFacts(True, "walker")), journal)
    for n in range(1, SESSIONS):
        _copied(store, n)
    return store


def _copied(store: Store, n: int) -> None:
    """One more session, of another day and number."""
    began = datetime(2026, 3, 2, 9, tzinfo=UTC) - timedelta(days=n)
    other = {"id": 1 + n, "run_id": f"{n:08x}", "began_utc": began.isoformat(), "day": began.date().isoformat()}
    with store.transaction() as connection:
        for table, key in ((SESSION, "id"), (EVENT, "session_id"), (SAMPLE, "session_id")):
            new = other if table is SESSION else {"session_id": 1 + n}
            columns = [literal(new[one.name]) if one.name in new else one for one in table.columns]
            rows = select(*columns).where(table.c[key] == 1)
            connection.execute(table.insert().from_select([one.name for one in table.columns], rows))


if __name__ == "__main__":
    for figure in measure():
        print(figure, flush=True)
