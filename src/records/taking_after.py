"""A run that has just ended is taken over into the store at once, and the head of its chain is told."""

from __future__ import annotations

from pathlib import Path

from ..sessions.journal import read_run
from ..sessions.person import Person
from ..sessions.sqlite_file import name_shown
from .opening import kept_in


def kept_after(journal: Path, person: Person | None) -> str:
    """Bring the store of this run's data folder up to date; a sentence with the chain head of the run, to be kept.

    Whatever keeps it from that is a sentence too: the journal stays, and is taken over at the next look.
    """
    try:
        kept = kept_in(journal.parent.parent, person)
        run = read_run(journal)
        whole = None if kept.store is None else kept.store.whole(run.run_id, run.began_utc)
    except Exception as error:  # noqa: BLE001  whatever it is, the run is over and its journal is written
        return f"not in the store yet: {error}; the journal stays, and the next look at the history takes it over"
    if whole is None:
        return "; ".join((f"{name_shown(journal)} is not in the store yet; the journal stays", *kept.problems))
    head = whole.session["chain_head"]
    return f"kept in the store, chain head {head}: what is changed in the journal from now on gives another one"
