"""Lines for people on a terminal: a long one goes on below, further in than it began, and no word is broken."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable

WIDTH_MAX = 100
"""A line that is read at a glance, however wide the terminal is; where there is no terminal, the same."""
WIDTH_MIN = 30
"""Below this a hanging indent leaves no room for words, and the terminal may break them where it likes."""
HANGING = 4


def tell(lines: Iterable[str]) -> None:
    """Print them; addresses and commands are not broken, because people copy them."""
    for line in lines:
        print(paragraph(line), flush=True)


def paragraph(text: str, hanging: int = HANGING) -> str:
    """The text with each of its lines as wide as the terminal at most; the rest of a line goes on ``hanging`` further
    in than it began."""
    columns = shutil.get_terminal_size((WIDTH_MAX, 24)).columns
    width = max(WIDTH_MIN, min(WIDTH_MAX, columns))
    return "\n".join(_wrapped(line, width, hanging) for line in text.split("\n"))


def _wrapped(line: str, width: int, hanging: int) -> str:
    indent = " " * (len(line) - len(line.lstrip()) + hanging)
    lines = textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)
