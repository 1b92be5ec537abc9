"""The first screen: which treadmill, which workout, and whether the two go together.

It is painted before anything else of the program is loaded; what it and the later screens need comes after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from ..choice import READING, Choice, other_offer, other_treadmill, with_offers
from ..widgets.line import Line
from ..widgets.profile_picture import ProfilePicture
from .page import Page

if TYPE_CHECKING:
    from ...sessions.view import Offer, TreadmillChoice

KEYS_TEXT = "Enter go on    up/down workout    left/right treadmill    ? keys    q leave"
PROMISE = "Only the machine's own safety key is an emergency stop. No medical device."


class SetupPage(Page):
    """Shows what there is to choose, and why it can or cannot go on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "go on"),
        Binding("up,k", "offer(-1)", "workout before"),
        Binding("down,j", "offer(1)", "workout after"),
        Binding("left", "treadmill(-1)", "treadmill before"),
        Binding("right", "treadmill(1)", "treadmill after"),
    ]

    class Found(Message):
        """The treadmills, and sentences about runs that were found interrupted."""

        def __init__(self, treadmills: tuple[TreadmillChoice, ...], recovered: tuple[str, ...]) -> None:
            super().__init__()
            self.treadmills, self.recovered = treadmills, recovered

    class Read(Message):
        """The workouts for one treadmill."""

        def __init__(self, address: str, offers: tuple[Offer, ...]) -> None:
            super().__init__()
            self.address, self.offers = address, offers

    class Failed(Message):
        """They could not be read; ``reason`` is a sentence."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self) -> None:
        super().__init__()
        self.choice = Choice()

    def body(self) -> Iterator[Widget]:
        yield Line("Retrotread   backward walking and running on a treadmill", classes="title")
        yield Line(READING, id="treadmill")
        yield Line(id="workouts")
        yield ProfilePicture(id="setup-profile")
        yield Line(id="facts")
        yield Line(id="findings")
        yield Line(id="hindrance")
        yield Line(PROMISE, id="promise")
        yield Line(KEYS_TEXT, id="setup-keys")

    def on_mount(self) -> None:
        """Look for what there is to choose once this screen is on the terminal."""
        self.call_after_refresh(self._find)

    @work(thread=True)
    def _find(self) -> None:
        launcher = self.program.launcher
        self.post_message(self.Found(launcher.treadmills(), launcher.recovered()))

    @work(thread=True)
    def _read(self, address: str) -> None:
        try:
            self.post_message(self.Read(address, self.program.launcher.offers(address)))
        except (OSError, ValueError, LookupError) as error:
            self.post_message(self.Failed(str(error)))
        _load_the_rest()

    def on_setup_page_found(self, found: Found) -> None:
        self._choose(replace(self.choice, treadmills=found.treadmills, notes=found.recovered))

    def on_setup_page_read(self, read: Read) -> None:
        self._choose(with_offers(self.choice, read.address, read.offers))

    def on_setup_page_failed(self, failed: Failed) -> None:
        self._choose(replace(self.choice, failed=failed.reason))

    def action_offer(self, by: int) -> None:
        self._choose(other_offer(self.choice, by))

    def action_treadmill(self, by: int) -> None:
        self._choose(other_treadmill(self.choice, by))

    def action_go_on(self) -> None:
        """To the checklist, unless something stands in the way."""
        choice = self.choice
        if choice.hindrance() is None and choice.offer is not None and choice.treadmill is not None:
            from .checklist import ChecklistPage

            self.program.push_screen(ChecklistPage(choice.offer, choice.treadmill))

    def action_leave(self) -> None:
        self.program.exit(0)

    def note(self, sentence: str) -> None:
        """Show this before whatever else there is to say."""
        self._choose(replace(self.choice, notes=(sentence, *self.choice.notes)))

    def _choose(self, choice: Choice) -> None:
        """Show this choice, and read the workouts if the treadmill is a new one."""
        from .. import setup_text as text

        before, self.choice = self.choice, choice
        if choice.treadmill is not None and choice.treadmill != before.treadmill:
            self._read(choice.treadmill.address)
        self.line("treadmill").say(text.treadmill_text(choice))
        self.line("workouts").say(text.workouts_text(choice))
        self.query_one(ProfilePicture).show(None if choice.offer is None else choice.offer.timeline)
        self.line("facts").say("" if choice.offer is None else text.facts_text(choice.offer))
        self.line("findings").say(text.findings_text(choice))
        self.line("hindrance").say(text.hindrance_text(choice))


def _load_the_rest() -> None:
    """Import what the screens behind this one need, now and in this thread: never while a belt moves."""
    from .. import run_show
    from . import checklist
    from . import help as help_dialog

    assert all((run_show, checklist, help_dialog))
