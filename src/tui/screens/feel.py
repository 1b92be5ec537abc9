""" "I feel ..." and the two numbers, over whatever page is on. Stop keys stop; what is no choice closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from ..feeling import (
    CHOICES,
    EFFORT_TEXT,
    MISHAP_KEYS,
    MISHAP_TEXT,
    MISHAPS,
    NO_ANSWER_KEY,
    NUMBERS_TEXT,
    PAIN_TEXT,
    level,
)
from ..widgets.line import Line

if TYPE_CHECKING:
    from ...sessions.view import Controls

FEEL_TEXT = "\n".join(
    [
        *(f"  {key}  {words}" for key, (_, words) in CHOICES.items()),
        "",
        "Each of these stops the belt; the first three at once. Any other key: nothing of that.",
    ]
)


class FeelDialog(ModalScreen[None], inherit_bindings=False):
    """What the person feels; each choice stops."""

    AUTO_FOCUS = ""

    def __init__(self, controls: Controls) -> None:
        super().__init__()
        self._controls = controls

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Line("I FEEL ...", classes="title")
            yield Line(FEEL_TEXT, id="feel-text")

    def on_key(self, event: events.Key) -> None:
        """A choice, or away with it; a stop key came by here only if there was nothing to stop."""
        event.stop()
        choice = CHOICES.get(event.key)
        if choice is not None:
            self._controls.feel(choice[0])
        self.dismiss()


class RateDialog(ModalScreen[None], inherit_bindings=False):
    """Pain first, then effort; ``ended``: and, the run being over, whether they fell."""

    AUTO_FOCUS = ""

    def __init__(self, controls: Controls, ended: bool = False) -> None:
        super().__init__()
        self._controls = controls
        self._ended = ended
        self._pain: int | None = None
        self._asks_effort = False
        self._asks_mishap = False

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Line("How is it?", classes="title")
            yield Line(f"{PAIN_TEXT}\n{NUMBERS_TEXT}", id="rate-text")

    def on_key(self, event: events.Key) -> None:
        """A number, or no answer; any other key closes without one."""
        event.stop()
        if self._asks_mishap:
            self._mishap(event.key.lower())
            return
        said = level(event.key)
        if said is None and event.key.lower() != NO_ANSWER_KEY:
            self.dismiss()
        elif self._asks_effort:
            self._controls.rate(self._pain, said)
            self._go_on()
        else:
            self._pain, self._asks_effort = said, True
            self.query_one("#rate-text", Line).say(f"{EFFORT_TEXT}\n{NUMBERS_TEXT}")

    def _go_on(self) -> None:
        self._asks_mishap = self._ended
        if self._ended:
            self.query_one("#rate-text", Line).say(f"{MISHAP_TEXT}\n{MISHAP_KEYS}")
        else:
            self.dismiss()

    def _mishap(self, key: str) -> None:
        if key in MISHAPS:
            self._controls.happened(MISHAPS[key][0])
        self.dismiss()
