"""A workout file while somebody writes it: what the check says of it so far, and keeping it without losing a letter.

What stands in the file is what ``retrotread check`` accepts. Everything else is kept beside it, as ``NAME.yaml.draft``,
and found there the next time.
"""

from __future__ import annotations

import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import replace_file, sync_folder
from ..workouts.decoding import BYTES_MAX
from ..workouts.problems import WorkoutProblems
from ..workouts.regular_file import Unreadable, read_regular_file
from ..workouts.source import parse_workout
from .check import check, gist
from .prepare import Asked, Written

if TYPE_CHECKING:
    from ..workouts.timeline import Timeline

DRAFT = ".draft"


@dataclass(frozen=True, slots=True)
class Against:
    """What a text is held against: a treadmill by its address, and who is going to use it."""

    address: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is in the way, a sentence with its mend; ``line`` counts from 1, None for the whole."""

    message: str
    line: int | None = None
    column: int = 1


@dataclass(frozen=True, slots=True)
class Look:
    """What the check says of ``text``: the gist of its page, and all that is in the way, in the order of the file."""

    text: str
    wrong: tuple[Wrong, ...]
    gist: tuple[str, ...] = ()
    timeline: Timeline | None = None

    @property
    def accepted(self) -> bool:
        """Whether ``retrotread check`` accepts it."""
        return not self.wrong


def look_at(text: str, name: str, against: Against) -> Look:
    """The check of ``text`` as if it stood in the file ``name``. Raises AddressError for an address that is none."""
    content = text.encode("utf-8", "surrogatepass")
    try:
        plan = parse_workout(content, name)
    except WorkoutProblems as error:
        return Look(text, tuple(Wrong(f"{p.field}: {p.message}; {p.mend}", p.line, p.column) for p in error.problems))
    checked = check(Written(name, content, plan), against.address, against.asked)
    offer = checked.prepared.offer
    places = [] if plan.needs_backward_max else [step.place.line for step in plan.planned_steps()]
    wrong = tuple(_placed(sentence, name, places) for sentence in offer.problems)
    return Look(text, wrong, gist(checked), offer.timeline)


def _placed(sentence: str, name: str, lines: list[int]) -> Wrong:
    """A sentence of the check with the line that it speaks of: its own, or that of the step that it names."""
    at = re.match(rf"{re.escape(name)}:(\d+):(\d+): ", sentence)
    if at is not None:
        return Wrong(sentence[at.end() :], int(at[1]), int(at[2]))
    step = re.match(r"step (\d+)\b", sentence)
    number = 0 if step is None else int(step[1])
    return Wrong(sentence, lines[number - 1] if 0 < number <= len(lines) else None)


# --- files --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """A text to go on with. ``saved``: what the file says, None for no file. ``from_draft``: ``text`` was kept beside
    it."""

    text: str
    saved: str | None = None
    from_draft: bool = False


def draft_of(path: Path) -> Path:
    """Where a draft of ``path`` is kept."""
    return path.with_name(path.name + DRAFT)


def opened(path: Path) -> Opened:
    """The draft of ``path`` where there is one, else the file, else nothing. Raises Unreadable with the mend."""
    kept, saved = saved_text(draft_of(path)), saved_text(path)
    if kept is not None and kept != saved:
        return Opened(kept, saved, from_draft=True)
    return Opened(saved or "", saved)


def saved_text(path: Path) -> str | None:
    """What a file says now; None where there is none. Raises Unreadable with the mend."""
    if not path.exists() and not path.is_symlink():
        return None
    try:
        return read_regular_file(path, BYTES_MAX).decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not UTF-8 text", "save it as UTF-8 with the editor that wrote it") from None


def save(path: Path, look: Look) -> None:
    """Put an accepted text into the file in one move, and take its draft away. Raises OSError, and ValueError for a
    text that is not accepted."""
    if not look.accepted:
        raise ValueError(f"{path.name} is not accepted: {look.wrong[0].message}")
    _replace(path, look.text)
    draft_of(path).unlink(missing_ok=True)
    sync_folder(path.parent)


def keep_draft(path: Path, text: str) -> Path:
    """Keep ``text`` beside the file, in one move; where. Raises OSError."""
    draft = draft_of(path)
    _replace(draft, text)
    return draft


def drop_draft(path: Path) -> None:
    """The text of the file is the newest again. Raises OSError."""
    draft_of(path).unlink(missing_ok=True)


def _replace(path: Path, text: str) -> None:
    """In one move, with the permissions that the file had, or those of a new one of this person."""
    mode = stat.S_IMODE(path.stat().st_mode) if path.is_file() else None
    replace_file(path, text)
    if mode is not None:
        with suppress(OSError):
            path.chmod(mode)
