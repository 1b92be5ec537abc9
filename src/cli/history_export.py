"""``retrotread history export``: what was done, as files for other programs.

Exit code 0: written. 1: written, and a session in it is not as it was kept. 2: the command line is not understood,
nothing is chosen, or the files cannot be written; then there is none. 3: the store cannot be used.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import FOUND, MISUSED
from .whose import Whose, whose

if TYPE_CHECKING:
    from ..records.exports.export_command import Chosen
    from ..records.exports.formats import Format
    from ..records.exports.told import Who

FORMATS = "fit, tcx, csv (samples), json, or table (one CSV, a row a session)"

ASK_PRIVACY = (
    "say --identified (with the name of the settings and the treadmill) or --pseudonymous (a pseudonym stands for "
    "both; dates, heart rates, the number of the run and what somebody wrote still tell much)"
)
Hide = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="One more name that stands in no pseudonymous file; may be said several times."),
]

ASK_WHICH = "say which sessions: --session last (or a day, or a number), --from DAY and --to DAY, or --all"


def export_sessions(  # noqa: PLR0913  (a command line is a list of options)
    form: Annotated[str, typer.Option("--as", help=f"The format: {FORMATS}.", show_default=False)],
    out: Annotated[
        Path,
        typer.Option(metavar="PATH", help="A folder, or for a single file its name.", show_default=False),
    ],
    session: Annotated[
        str | None, typer.Option(metavar="WHICH", help="One: last, its day and time, or its number.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first day, YYYY-MM-DD.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every session.")] = False,
    identified: Annotated[bool, typer.Option("--identified", help="With name and treadmill.")] = False,
    pseudonymous: Annotated[bool, typer.Option("--pseudonymous", help="With a pseudonym alone.")] = False,
    hide: Hide = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files of the same names.")] = False,
) -> None:
    """Write sessions as files, whole or not at all, and over nothing."""
    from ..records.exports.export_command import Wanted, exported, place_of
    from ..records.exports.files import NotWritten
    from ..records.naming import NoSuchSession
    from .history import kept_here, store_told

    privacy, chosen = Asked.of(identified, pseudonymous, hide), _chosen(session, first, last, every)
    about, format_ = whose(), _format(form)
    kept = kept_here(about.folder, about.person)
    try:
        if kept.store is None:
            raise NoSuchSession("there is no session yet; the first run begins the history")
        wanted = Wanted(chosen, format_, privacy.who(about))
        with store_told():
            written = exported(kept.store, wanted, place_of(out, wanted, force, about.data))
    except (NoSuchSession, NotWritten) as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    for path in written.files:
        print(path)
    for sentence in written.changed:
        print(f"retrotread: {sentence}", file=sys.stderr)
    raise typer.Exit(FOUND if written.changed else 0)


def _format(word: str) -> Format:
    """Raises typer.BadParameter."""
    from ..records.exports.formats import Format

    try:
        return Format(word)
    except ValueError:
        raise typer.BadParameter(f"{word!r} is no format; there are {FORMATS}") from None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of who it was. ``hide``: names that nothing else here tells."""

    identified: bool
    hide: tuple[str, ...]

    @classmethod
    def of(cls, identified: bool, pseudonymous: bool, hide: list[str] | None) -> Asked:
        """Raises typer.BadParameter: there is no default."""
        if identified == pseudonymous:
            raise typer.BadParameter(ASK_PRIVACY if not identified else f"one of the two alone: {ASK_PRIVACY}")
        return cls(identified, tuple(name for name in hide or () if name.strip()))

    def who(self, about: Whose) -> Who:
        """Leaves with a sentence where it is not known which names a pseudonymous file has to hide."""
        from ..records.exports.told import Privacy, Who

        if self.identified:
            return Who(Privacy.IDENTIFIED, about.name)
        names, why = _known_names(about)
        if about.at_home and why is not None and not self.hide:
            print(f"retrotread: {why}, so it is not known which names to take out; nothing was written: mend that, "
                  "or say every name with --hide NAME", file=sys.stderr)  # fmt: skip
            raise typer.Exit(MISUSED)
        return Who(Privacy.PSEUDONYMOUS, hidden=(*self.hide, *names))


def _known_names(about: Whose) -> tuple[tuple[str, ...], str | None]:
    """Every name that whoever is at home ever had, or why none is known."""
    from ..config import read_settings
    from ..sessions.who import names_of

    try:
        names = names_of(read_settings(), about.data)
    except OSError as error:
        return (), str(error)
    return names, None if names else "nobody has said here who trains"


def _chosen(session: str | None, first: str | None, last: str | None, every: bool) -> Chosen:
    """Raises typer.BadParameter unless exactly one way of choosing is used."""
    from ..records.exports.export_command import Chosen

    in_days = first is not None or last is not None
    if [session is not None, in_days, every].count(True) != 1:
        raise typer.BadParameter(ASK_WHICH)
    chosen = Chosen(session, _day(first), _day(last))
    if chosen.first is not None and chosen.last is not None and chosen.last < chosen.first:
        raise typer.BadParameter(f"--to {last} lies before --from {first}; swap them")
    return chosen


def _day(text: str | None) -> date | None:
    """Raises typer.BadParameter."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2026-03-02") from None
