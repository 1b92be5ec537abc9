"""A year of simulated sessions, browsed in the screens: from a key to what it leads to, drawn whole.

The journals are the program's own, of the shipped workouts on a simulated treadmill, on virtual time: each workout is
run once to its end, one to a stop, and the rest of the year are those runs on other days. ``python -m benchmarks.a_year
FOLDER`` leaves pictures of the screens there.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.records.conftest import changed, record
from tests.tui.conftest import FakeLauncher, SetClock, press, set_up, settled
from tests.tui.draw_pictures import for_anybody

from retrotread.clock import wall_now
from retrotread.records.opening import Kept, kept_in
from retrotread.tui.app import RetroApp
from retrotread.tui.screens.comparison import ComparisonPage
from retrotread.tui.screens.history import HistoryPage
from retrotread.tui.screens.session import SessionPage
from retrotread.tui.screens.trends import TrendsPage
from retrotread.workouts import library

from .figures import Figure

SESSIONS, DAYS = 156, 364
"""Three a week."""

WORKOUTS = ("ladder-0", "ladder-1", "ladder-2", "ladder-3", "ladder-4", "ladder-5", "ladder-6")
STOPPED, STOPPED_AT_S, STOPPED_EVERY = "ladder-2", 400.0, 17
SIZES = ((80, 24), (120, 40))

AIM = "<= 100"
"""What follows a key within a tenth of a second is felt to follow at once (Card, Robertson and Mackinlay 1991)."""


def measure() -> Iterator[Figure]:
    """Processor time of the whole program, so that a busy neighbour counts less; median and worst of both sizes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        began_s = time.process_time()
        kept = a_year(folder)
        yield Figure(f"a year: {SESSIONS} journals taken over", (time.process_time() - began_s,), "s", "known")
        found: dict[str, list[float]] = {}
        for size in SIZES:
            asyncio.run(_browsed(folder, size, found))
        assert kept.store is not None
        for what, values in found.items():
            yield Figure(f"a year: {what}", tuple(values), "ms", AIM)


def a_year(folder: Path) -> Kept:
    """Its journals in a data folder, taken over into the store."""
    runs, ran = folder / "runs", folder / "ran"
    runs.mkdir()
    ran.mkdir()
    for name in WORKOUTS:
        record(ran / name, library.find(name))
    record(ran / "stopped", library.find(STOPPED), STOPPED_AT_S)
    today = wall_now().astimezone(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    for n in range(SESSIONS):
        name = "stopped" if n % STOPPED_EVERY == STOPPED_EVERY - 1 else WORKOUTS[n * len(WORKOUTS) // SESSIONS]
        _on_another_day(ran / name, runs, n, today - timedelta(days=DAYS - n * DAYS // SESSIONS))
    shutil.rmtree(ran)
    return kept_in(folder, None)


def _on_another_day(ran: Path, runs: Path, n: int, began: datetime) -> None:
    path = Path(shutil.copy(ran, runs / f"{n:03}.sqlite"))
    said = {"pain_before": n % 2, "pain_during": n % 4 // 2, "pain_after": n % 3 // 2, "effort": 2 + n % 5}
    changed(
        path,
        f"UPDATE run SET run_id = '{n:016x}', began_utc = '{began.isoformat()}'",
        f"UPDATE run SET summary = json_set(summary, '$.answers', json('{json.dumps(said)}'))",
        f"UPDATE event SET at_utc = '{began.isoformat()}'",
    )


class Browsing:
    """The app at its history; each press is timed until what it leads to is drawn."""

    def __init__(self, app: RetroApp, found: dict[str, list[float]]) -> None:
        self.app, self._found = app, found

    async def press(self, what: str, key: str, there: Callable[[RetroApp], bool]) -> None:
        """``there`` says whether it has come to what it leads to."""
        began_s = time.process_time()
        await press(self.app, key)
        while not there(self.app):
            await settled(self.app)
        await settled(self.app)
        self._found.setdefault(what, []).append((time.process_time() - began_s) * 1000)

    async def back(self) -> None:
        await press(self.app, "escape")
        await settled(self.app)


@asynccontextmanager
async def at_home(folder: Path, size: tuple[int, int]) -> AsyncIterator[RetroApp]:
    """The program where it begins, over what is kept."""
    app = RetroApp(FakeLauncher(), SetClock(), lambda: kept_in(folder, None))
    async with app.run_test(size=size):
        await set_up(app)
        yield app


async def _browsed(folder: Path, size: tuple[int, int], found: dict[str, list[float]]) -> None:
    async with at_home(folder, size) as app:
        it = Browsing(app, found)
        await it.press("the list, from the first page", "h", listed)
        for key in ("pagedown",) * 6 + ("pageup",) * 3 + ("down",) * 12 + ("end", "home"):
            await it.press("a key in the list", key, listed)
        for key in ("f", "v"):
            await it.press("another filter", key, listed)
            await it.press("another filter", key, listed)
        await press(app, "f", "f", "v", "v", "home")
        await it.press("a session with its plot", "enter", plotted)
        for _ in range(20):
            await it.press("the older session with its plot", "right", plotted)
        await it.back()
        await it.press("the trends", "t", lambda app: isinstance(app.screen, TrendsPage))
        for key in ("m",) * 6 + ("pageup", "pageup", "pagedown"):
            await it.press("a key in the trends", key, lambda app: isinstance(app.screen, TrendsPage))
        await it.back()
        await press(app, "home", "c", "down")
        await it.press("two sessions side by side", "c", lambda app: isinstance(app.screen, ComparisonPage))


def listed(app: RetroApp) -> bool:
    """The list is there with its sessions."""
    page = app.screen
    return isinstance(page, HistoryPage) and bool(page.looking.every)


def plotted(app: RetroApp) -> bool:
    """A session is there with its plot, and it is the one that was asked for."""
    page = app.screen
    if not isinstance(page, SessionPage) or page._told is None:
        return False
    return page._told.listed == page._sessions[page._at]


PICTURES = {
    "history": ("h",),
    "history-middle": ("h", "pagedown", "pagedown", "pagedown"),
    "session": ("h", "enter"),
    "session-old": ("h", "end", "enter"),
    "session-stopped": ("h", "down", "down", "enter"),
    "trends": ("h", "t"),
    "trends-other": ("h", "t", "m", "m"),
    "compared": ("h", "c", "end", "c"),
}


async def _drawn(folder: Path, size: tuple[int, int], keys: tuple[str, ...]) -> str:
    async with at_home(folder, size) as app:
        for key in keys:
            await press(app, key)
            await settled(app)
            await settled(app)
        return for_anybody(app.export_screenshot(title="Retrotread"))


def main(out: Path) -> None:
    """Pictures of the year at both sizes."""
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        a_year(folder)
        for size in SIZES:
            for picture, keys in PICTURES.items():
                drawn = asyncio.run(_drawn(folder, size, keys))
                (out / f"{picture}-{size[0]}.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
