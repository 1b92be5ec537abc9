"""What the editor says beside the text. Pure."""

from __future__ import annotations

from textual.content import Content

from ..sessions.editing import Look, Wrong

KEYS = "Ctrl+S save  F8 next problem  Ctrl+Z undo  Ctrl+D keep draft  Ctrl+Q leave"
UNSAVED_KEYS = "Not saved.  Ctrl+D keep a draft   Ctrl+R leave without it   or go on typing"

_FIRST = ("total", "fastest", "steepest", "longest", "hardest rise", "heart")

WRONG_SHOWN = 5
"""Problems that are listed at once: the first ones are mended first."""


def title_text(name: str, look: Look | None, unsaved: bool, note: str) -> str:
    """The file, whether it could be saved, and what happened last."""
    state = "checking" if look is None else "the check accepts it" if look.accepted else _count(len(look.wrong))
    parts = [name, "not saved" if unsaved else "", state, note]
    return "   ".join(part for part in parts if part)


def _count(wrong: int) -> str:
    return "1 problem" if wrong == 1 else f"{wrong} problems"


def problems_text(look: Look, row: int) -> Content:
    """What is wrong: that of the cursor's line first, then in the order of the file; at most so many."""
    ordered = sorted(look.wrong, key=lambda one: one.line != row)
    lines = [_problem(one, one.line == row) for one in ordered[:WRONG_SHOWN]]
    if len(ordered) > WRONG_SHOWN:
        lines.append(Content(f"and {len(ordered) - WRONG_SHOWN} more"))
    return Content("\n").join(lines)


def _problem(wrong: Wrong, here: bool) -> Content:
    place = "whole plan" if wrong.line is None else f"line {wrong.line}"
    return Content.assemble((f"{place}: ", "bold reverse" if here else "bold"), wrong.message)


def gist_text(look: Look) -> str:
    """The total and the worst case first, as a small terminal has no room for more; then what else the check says."""
    ordered = sorted(look.gist, key=lambda line: not line.startswith(_FIRST))
    return "\n".join(ordered) or "no totals before what is wrong is mended"
