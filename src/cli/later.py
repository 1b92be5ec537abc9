"""The launcher of the screens, made when they first ask for it: what it needs takes longer to load than they do."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..sessions.folder import FolderLock
    from ..sessions.launcher import SessionLauncher
    from ..sessions.view import Answered, Controls, Offer, OnAir, Owed, Participant, Person, TreadmillChoice, Watching


class LaterLauncher:
    """A ``view.Launcher`` over a data folder that is held already; its methods may be called from any thread."""

    def __init__(self, held: tuple[Path, FolderLock]) -> None:
        self._held = held
        self._making = threading.Lock()
        self._made: SessionLauncher | None = None

    def treadmills(self) -> tuple[TreadmillChoice, ...]:
        """As of the launcher."""
        return self._launcher().treadmills()

    def person(self) -> Person | None:
        """As of the launcher."""
        return self._launcher().person()

    @property
    def home(self) -> Path:
        """As of the launcher."""
        return self._launcher().home

    @property
    def alone(self) -> bool:
        """As of the launcher."""
        return self._launcher().alone

    def introduce(self, person: Person) -> None:
        """As of the launcher."""
        self._launcher().introduce(person)

    def participants(self) -> tuple[Participant, ...] | None:
        """As of the launcher."""
        return self._launcher().participants()

    def receive(self, pseudonym: str | None) -> None:
        """As of the launcher."""
        self._launcher().receive(pseudonym)

    def owed(self) -> Owed:
        """As of the launcher."""
        return self._launcher().owed()

    def answer(self, asked: Owed, answered: Answered) -> None:
        """As of the launcher."""
        self._launcher().answer(asked, answered)

    def offers(self, address: str, alone: bool = False) -> tuple[Offer, ...]:
        """As of the launcher."""
        return self._launcher().offers(address, alone)

    def search(self, told: Callable[[OnAir], None]) -> str | None:
        """As of the launcher."""
        return self._launcher().search(told)

    def remember(self, treadmill: TreadmillChoice) -> None:
        """As of the launcher."""
        self._launcher().remember(treadmill)

    def watch(self, address: str) -> Watching:
        """As of the launcher."""
        return self._launcher().watch(address)

    def launch(self, offer: Offer, address: str) -> Controls:
        """As of the launcher."""
        return self._launcher().launch(offer, address)

    def recovered(self) -> tuple[str, ...]:
        """As of the launcher."""
        return self._launcher().recovered()

    def close(self) -> None:
        """Give the data folder back; the end of the process does so too."""
        self._held[1].release()

    def _launcher(self) -> SessionLauncher:
        from ..sessions.launcher import SessionLauncher
        from .history import recorded_for

        with self._making:
            self._made = self._made or SessionLauncher(held=self._held, recorded=recorded_for)
        return self._made
