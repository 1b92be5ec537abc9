"""``retrotread history list``, ``show``, ``trends`` and ``compare``: what was done, in lines or as one JSON object.

Exit code 0: told. 1: told, and something is damaged. 2: the command line is not understood, or no such session.
3: the store cannot be used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from . import FOUND, MISUSED
from .whose import whose

if TYPE_CHECKING:
    from ..records.choosing import Wish
    from ..records.opening import Kept
    from ..records.store import Store

AsJson = Annotated[bool, typer.Option("--json", help="One object instead of lines.")]
First = Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first day, YYYY-MM-DD.")]
Last = Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day.")]
About = Annotated[str | None, typer.Option("--about", metavar="WORDS", help="In the name of workout or treadmill.")]
Level = Annotated[int | None, typer.Option("--level", help="Of this level of the ladder alone.")]
ToItsEnd = Annotated[bool, typer.Option("--to-its-end", help="Only those that went to the end of their plan.")]
Session = Annotated[str, typer.Argument(metavar="SESSION", help="last, its day and time, or its number.")]

WEEKS, WEEKS_MAX = 12, 530
"""A quarter of a year is what one looks back on; ten years are more than anybody has."""


def list_them(  # noqa: PLR0913  (a command line is a list of options)
    first: First = None,
    last: Last = None,
    about: About = None,
    level: Level = None,
    to_its_end: ToItsEnd = False,
    real: Annotated[bool, typer.Option("--real", help="Without simulated treadmills.")] = False,
    as_json: AsJson = False,
) -> None:
    """Every session, newest first, or those that are as asked for."""
    from ..records.history_command import history_text

    wish = replace(_wish(first, last, about, not real), level=level, to_its_end=to_its_end)
    _tell(lambda kept: history_text(kept, as_json, wish))


def show(session: Session, as_json: AsJson = False) -> None:
    """One session: planned and done, limits met and why, events, what was felt, plan hash and chain head."""
    from ..records.history_command import show_text

    _tell(lambda kept: show_text(_store(kept), session, as_json), session)


def trends(  # noqa: PLR0913  (a command line is a list of options)
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=WEEKS_MAX, help="So many, up to this one.")] = WEEKS,
    first: First = None,
    last: Last = None,
    about: About = None,
    simulated: Annotated[bool, typer.Option("--simulated", help="Simulated treadmills too.")] = False,
    as_json: AsJson = False,
) -> None:
    """What each week came to: backward minutes, level, speed, effort, pain; and all together."""
    from ..clock import wall_now
    from ..records.history_command import trends_text

    wish, today = _wish(first, last, about, simulated), wall_now().astimezone().date()
    _tell(lambda kept: trends_text(kept, as_json, wish, wish.last or today, weeks))


def compare(
    first: Session,
    second: Annotated[str, typer.Argument(metavar="SESSION", help="The other one.")],
    as_json: AsJson = False,
) -> None:
    """Two sessions side by side."""
    from ..records.history_command import comparison_text

    _tell(lambda kept: comparison_text(_store(kept), first, second, as_json), first, second)


def day_of(text: str | None) -> date | None:
    """Raises typer.BadParameter."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2026-03-02") from None


def _wish(first: str | None, last: str | None, about: str | None, simulated: bool) -> Wish:
    """Raises typer.BadParameter."""
    from ..records.choosing import Wish

    days = day_of(first), day_of(last)
    if days[0] is not None and days[1] is not None and days[1] < days[0]:
        raise typer.BadParameter(f"--to {last} lies before --from {first}; swap them")
    return Wish(*days, about, simulated=simulated)


def _store(kept: Kept) -> Store:
    """Raises NoSuchSession before any run."""
    from ..records.naming import NONE_YET, NoSuchSession

    if kept.store is None:
        raise NoSuchSession(NONE_YET)
    return kept.store


def _tell(text: Callable[[Kept], str], *meant: str) -> None:
    """Print what is told, and of the sessions that were meant whether they are as they were kept.

    Leaves with a sentence where no such session is kept, or the store cannot be read.
    """
    from ..records.naming import NoSuchSession
    from .history import kept_here, store_told

    about = whose()
    kept = kept_here(about.folder, about.person)
    try:
        with store_told():
            print(text(kept))
            changed = tell_changed(kept, *meant)
    except NoSuchSession as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    raise typer.Exit(FOUND if kept.problems or changed else 0)


def tell_changed(kept: Kept, *meant: str) -> bool:
    """Say of each of these sessions that it is not as it was kept, unless that was said; whether one is not."""
    from ..records.history_command import changed_in

    found = changed_in(_store(kept), *meant) if meant else ()
    for sentence in found:
        if sentence not in kept.problems:
            print(f"retrotread: {sentence}", file=sys.stderr)
    return bool(found)


def check() -> None:
    """Every session against its chain, and the pages of the file; by itself this is done once a week."""
    from .history import kept_here, store_told

    about = whose()
    kept = kept_here(about.folder, about.person)
    with store_told():
        found = () if kept.store is None else kept.store.check()
        count = 0 if kept.store is None else len(kept.store.sessions())
    for sentence in found:
        if sentence not in kept.problems:
            print(f"retrotread: {sentence}", file=sys.stderr)
    print(f"{count} sessions looked through; not as they were kept: {len(found)}")
    raise typer.Exit(FOUND if kept.problems or found else 0)
