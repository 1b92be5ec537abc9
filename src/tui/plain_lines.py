"""What ``--plain`` says of a run: a line an event, as a pure function of a frame and of what was said before.

What is so now is a set of sentences, each with a key. A sentence is said when its key appears, and again only when it
has been gone in between. What the run speaks aloud is a line, too, once; a line whose words stand in another one of
the same moment is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..safety.modes import ENDING, IN_MOTION
from ..sessions.narration import REPORTED_STILL, STANDS_STILL, UNMEASURED
from ..sessions.view import RunView, Spoken
from ..workouts.engine import Phase
from .care import asks
from .frame import Frame
from .plain_belt_lines import belt_now, in_console_units, notes_now, progress_due, progress_line, stops_now
from .plain_person_lines import Hand, asked_now
from .plain_standing import FOR_GOOD, Standing
from .stages import Stage
from .wording import Status, status_line


@dataclass(frozen=True, slots=True)
class Told:
    """What was said last, so that it is not said again. ``moved``: a belt that stands has news to tell.

    ``recent``: the lines of the last ``RECENT_S``, each with its moment.
    """

    keys: frozenset[str] = frozenset()
    spoken: tuple[Spoken, ...] = ()
    moved: bool = False
    step: int | None = None
    progress_s: float = -math.inf
    recent: tuple[tuple[float, str], ...] = ()


def tell(told: Told, frame: Frame, hand: Hand) -> tuple[tuple[str, ...], Told]:
    """What is to be said now, and what has been said with it. ``hand``: what the person types with."""
    moved = told.moved or _may_move(frame)
    first = [*notes_now(frame), *belt_now(frame)]
    last = [*stops_now(frame, moved), *asked_now(frame, hand)]
    due = progress_due(frame, told.progress_s, told.step)
    recent = tuple((at_s, line) for at_s, line in told.recent if frame.now_s - at_s <= RECENT_S)
    aloud = (in_console_units(frame.view, one) for one in _new_spoken(told, frame))
    heard = [line for line in aloud if not said_in(line, [line for _, line in recent])]
    lines = without_repeats([*_new(told, first), *heard, *_new(told, last)])
    kept = {key for key in told.keys if key.startswith(FOR_GOOD)}
    after = Told(
        keys=frozenset(one.key for one in (*first, *last)) | kept,
        spoken=frame.view.spoken,
        moved=moved,
        step=frame.view.step_index if frame.view.phase is Phase.RUNNING else None,
        progress_s=frame.now_s if due else told.progress_s,
        recent=(*recent, *((frame.now_s, line) for line in lines)),
    )
    return (*lines, *((progress_line(frame),) if due else ())), after


def _new(told: Told, standing: Sequence[Standing]) -> Iterator[str]:
    return (one.text for one in standing if one.key not in told.keys and one.text)


def _may_move(frame: Frame) -> bool:
    return frame.mode in IN_MOTION or frame.mode in ENDING or frame.stage is Stage.ALARM


# --- what is spoken ---------------------------------------------------------------------------------------------

_SAID_BY_STATUS = {Status.STOPPED: frozenset({STANDS_STILL, REPORTED_STILL}), Status.NOTE: frozenset({UNMEASURED})}
"""What the line of the status says in more words: how old the report of a standstill is, or that there is none."""

RECENT_S = 1.0
"""What is spoken may be seen a moment after the line that says the same."""


def _new_spoken(told: Told, frame: Frame) -> Iterator[str]:
    """What was spoken since, oldest first; an alarm and a question have lines of their own, with their keys."""
    if frame.stage is Stage.ALARM or asks(frame.view):
        return
    said = _SAID_BY_STATUS.get(status_line(frame.view, frame.stop_pressed)[0], frozenset())
    for text in new_spoken(told.spoken, frame.view.spoken):
        if text not in said:
            yield _without_cue(text, frame.view) if told.step == frame.view.step_index else text


def _without_cue(text: str, view: RunView) -> str:
    """An answer in the middle of a step without the words of its author, which were said when it began."""
    return text if view.cue is None else text.removesuffix(f". {view.cue}")


def new_spoken(before: tuple[Spoken, ...], now: tuple[Spoken, ...]) -> tuple[str, ...]:
    """The texts of ``now`` that are not the end of ``before``; both are the last few of one list."""
    for dropped in range(len(before) + 1):
        kept = before[dropped:]
        if now[: len(kept)] == kept:
            return tuple(one.text for one in now[len(kept) :])
    return tuple(one.text for one in now)


# --- nothing twice ----------------------------------------------------------------------------------------------

_LABEL = re.compile(r"^(note|limit): ")
_WORDS_MIN = 3
"""Fewer words may stand in another line by chance: "3" does."""


def without_repeats(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines without those whose words stand in another one; of two alike the first is kept."""
    unlike = [line for at, line in enumerate(lines) if _words(line) not in map(_words, lines[:at]) or _is_short(line)]
    return tuple(line for line in unlike if not said_in(line, [one for one in unlike if one is not line]))


def said_in(line: str, others: Sequence[str]) -> bool:
    """Whether the words of the line stand in one of the others."""
    return not _is_short(line) and any(f" {_words(line)} " in f" {_words(other)} " for other in others)


def _is_short(line: str) -> bool:
    return len(_words(line).split()) < _WORDS_MIN


def _words(line: str) -> str:
    return " ".join(re.sub(r"[.,:;!?]+(?= |$)", "", _LABEL.sub("", line)).casefold().split())
