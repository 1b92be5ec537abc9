"""A program that takes journals over until it is killed: says each one that it has, once it is on the disk.

usage: python child.py DATA_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from retrotread.records.file import NAME, opened
from retrotread.records.store import PersonFacts, Store
from retrotread.records.taking import take_over


def main(folder: Path) -> None:
    """Every journal of the folder, one after the other."""
    store = Store(opened(folder / NAME), folder / NAME)
    person = store.person_here(PersonFacts(True))
    _say("ready")
    for path in sorted((folder / "runs").glob("*.sqlite")):
        take_over(store, person, path)
        _say(path.name)


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
