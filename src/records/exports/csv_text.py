"""Rows as the text of a CSV file (RFC 4180), safe to open in a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ...sessions.machines.wording import shown

_FORMULA = ("=", "+", "-", "@")


def csv_bytes(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> bytes:
    """A head and its rows, UTF-8, lines ended by CR LF. What is empty was not told."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def words(text: str | None) -> str:
    """A text on one line; with an apostrophe before it where a spreadsheet would take it for a formula."""
    line = shown(text or "")
    return f"'{line}" if line.startswith(_FORMULA) else line


def yes_or_no(value: object) -> str:
    """Empty for None."""
    return "" if value is None else "yes" if value else "no"


def number(value: int | None) -> str:
    """Empty for None."""
    return "" if value is None else str(value)
