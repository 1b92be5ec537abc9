"""Draw the pictures of the history in ``docs/pictures``, or in a folder that is named: python tests/tui/draw_history.py

They show seven weeks of one workout on a simulated treadmill, which is told to be a real one.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "typings")]

from tests.records.conftest import changed, record  # noqa: E402
from tests.tui.conftest import FakeLauncher, SetClock, press, set_up, settled  # noqa: E402
from tests.tui.draw_pictures import SMALL, for_anybody  # noqa: E402

from retrotread.records.opening import Kept, kept_in  # noqa: E402
from retrotread.tui.app import RetroApp  # noqa: E402
from retrotread.tui.screens.trends import TrendsPage  # noqa: E402

WORKOUT = """\
retrotread: 1
name: Four brisk bouts
level: 5
facing: rear
steps:
  - walk: 2 min
    speed: 1.5 km/h -> 3.0 km/h
  - repeat: 4
    steps:
      - walk: 1 min
        speed: 4.5 km/h
      - walk: 90 s
        speed: 3.0 km/h
  - cool down: 2 min
    speed: 3.0 km/h -> 1.0 km/h
"""
BEGAN = datetime(2026, 10, 5, 17, 30, tzinfo=UTC)
RUNS, DAYS = 18, 47
STOPPED_AT_S = 560.0

PICTURES = {"history": ("h",), "session": ("h", "enter"), "trends": ("h", "t")}


def a_history(folder: Path) -> Kept:
    """Every third day or so; the last one was stopped."""
    runs, plan = folder / "runs", folder / "plan.yaml"
    runs.mkdir()
    plan.write_text(WORKOUT, encoding="utf-8")
    whole, stopped = folder / "whole.sqlite", folder / "stopped.sqlite"
    record(whole, plan)
    record(stopped, plan, STOPPED_AT_S)
    for n in range(RUNS):
        path = Path(shutil.copy(stopped if n == RUNS - 1 else whole, runs / f"{n:02}.sqlite"))
        began = BEGAN + timedelta(days=n * DAYS // (RUNS - 1), minutes=7 * (n % 5))
        said = {"pain_before": n % 2, "pain_during": n % 4 // 2 + n % 2, "pain_after": n % 2, "effort": 3 + n % 3}
        changed(
            path,
            f"UPDATE run SET run_id = '{n:016x}', began_utc = '{began.isoformat()}'",
            f"UPDATE run SET summary = json_set(summary, '$.answers', json('{json.dumps(said)}'))",
            f"UPDATE event SET at_utc = '{began.isoformat()}'",
        )
    return kept_in(folder, None)


async def draw(kept: Kept, keys: tuple[str, ...]) -> str:
    """The SVG of the screen behind these keys."""
    app = RetroApp(FakeLauncher(), SetClock(), lambda: kept)
    async with app.run_test(size=SMALL):
        await set_up(app)
        for key in keys:
            await press(app, key)
            await settled(app)
            await settled(app)
        if isinstance(app.screen, TrendsPage):
            app.screen._show(replace(app.screen.trending, today=(BEGAN + timedelta(days=DAYS)).date()))
            await settled(app)
        return for_anybody(app.export_screenshot(title="Retrotread"))


def main(arguments: list[str]) -> None:
    """All of them."""
    out = Path(arguments[0]) if arguments else ROOT / "docs" / "pictures"
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        kept = a_history(Path(folder))
        for name, keys in PICTURES.items():
            (out / f"{name}.svg").write_text(asyncio.run(draw(kept, keys)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
