"""The table of departures in its page: ``python -m retrotread.devices.peripheral.page docs/sim-ftms.md``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .shape import QUIRKS

BEGIN, END = "<!-- begin quirks -->", "<!-- end quirks -->"


def quirks_table() -> str:
    """A row a quirk, in their order."""
    rows = [f"| `{one.name}` | {one.summary} | {one.seen_on} |" for one in QUIRKS.values()]
    return "\n".join(["| quirk | what it does | seen on |", "| --- | --- | --- |", *rows])


def renewed(page: str) -> str:
    """The page with today's table. Raises ValueError for one without the lines around it."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"the page lacks the lines {BEGIN!r} and {END!r}")
    part = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
    return part.sub(lambda _found: f"{BEGIN}\n{quirks_table()}\n{END}", page)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
