"""What the pages have in common that look for machines and straps on the air."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from textual.message import Message

from ...sessions.view import OnAir
from .page import Page

if TYPE_CHECKING:
    from ..app import RetroApp


class SearchPage(Page, inherit_bindings=False):
    """A search at a time, on a thread that the end of the program does not wait for; a page that is left hears no more.

    While it is on, ``program.searching`` keeps everything else from the radio.
    """

    class Heard(Message):
        """What a search has heard so far."""

        def __init__(self, air: OnAir) -> None:
            super().__init__()
            self.air = air

    class Ended(Message):
        """The search is over; ``problem`` is a sentence where it failed."""

        def __init__(self, problem: str | None) -> None:
            super().__init__()
            self.problem = problem

    def begin_search(self) -> bool:
        """Whether a search was begun: not while another one is on."""
        if self.program.searching:
            return False
        self.program.searching = True
        threading.Thread(target=self._search, args=(self.program,), name="search", daemon=True).start()
        return True

    def _search(self, program: RetroApp) -> None:
        try:
            problem = program.launcher.search(lambda air: self._post(self.Heard(air)))
        except (OSError, ValueError) as error:
            problem = str(error)
        program.searching = False
        self._post(self.Ended(problem))

    def _post(self, message: Message) -> None:
        if self.is_attached:
            self.post_message(message)
