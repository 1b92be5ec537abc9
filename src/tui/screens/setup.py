"""The first screen: which treadmill, which workout, and whether the two go together.

It is painted before anything else of the program is loaded; what it and the later screens need comes after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from ...clock import wall_now
from ..choice import (
    READING,
    Choice,
    other_company,
    other_offer,
    other_shown,
    other_treadmill,
    with_offers,
    with_treadmills,
)
from ..widgets.line import Line
from ..widgets.profile_picture import ProfilePicture
from .page import Page

if TYPE_CHECKING:
    from datetime import date

    from ...sessions.view import Answered, Offer, Owed, Participant, Person, TreadmillChoice

KEYS_TEXT = "Enter go  arrows  t treadmill  l alone  r remote  b strap  h history  q end"
SEARCHING = "one moment: the search for treadmills has the radio"
LETS_GO = "one moment: the run before this one lets go of its treadmill"
PROMISE = "Only the machine's own safety key is an emergency stop. No medical device."


class SetupPage(Page):
    """Shows what there is to choose, and why it can or cannot go on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,pagedown", "go_on", "go on"),
        Binding("up,k", "offer(-1)", "workout before"),
        Binding("down,j", "offer(1)", "workout after"),
        Binding("f,F", "shown", "other workouts"),
        Binding("left", "treadmill(-1)", "treadmill before"),
        Binding("right", "treadmill(1)", "treadmill after"),
        Binding("l,L", "company", "alone or not"),
        Binding("r,R", "remote", "the remote in the hand"),
        Binding("t,T", "treadmills", "the treadmills"),
        Binding("b,B", "strap", "the heart-rate strap"),
        Binding("h,H", "history", "the history"),
    ]

    class Found(Message):
        """Who trains, what is owed, the treadmills, and sentences about runs that were found interrupted."""

        def __init__(
            self, person: Person | None, owed: Owed, treadmills: tuple[TreadmillChoice, ...], recovered: tuple[str, ...]
        ) -> None:
            super().__init__()
            self.person, self.owed, self.treadmills, self.recovered = person, owed, treadmills, recovered

    class Clinic(Message):
        """Whom the clinic can receive."""

        def __init__(self, participants: tuple[Participant, ...]) -> None:
            super().__init__()
            self.participants = participants

    class Back(Message):
        """Who trains, as of the end of a run."""

        def __init__(self, person: Person | None) -> None:
            super().__init__()
            self.person = person

    class Read(Message):
        """The workouts for one treadmill, alone or not."""

        def __init__(self, address: str, alone: bool, offers: tuple[Offer, ...]) -> None:
            super().__init__()
            self.address, self.alone, self.offers = address, alone, offers

    class Failed(Message):
        """They could not be read; ``reason`` is a sentence."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self) -> None:
        super().__init__()
        self.choice = Choice()
        self._asked_before = False
        self._day: date | None = None
        self._clinic = self._received = False
        self._stands_at: TreadmillChoice | None = None
        self._unkept: tuple[str, ...] = ()

    def body(self) -> Iterator[Widget]:
        yield Line("Retrotread   backward walking and running on a treadmill", classes="title")
        yield Line(READING, id="treadmill")
        yield Line(id="person")
        yield Line(id="shown")
        yield Line(id="workouts")
        yield ProfilePicture(id="setup-profile")
        yield Line(id="facts")
        yield Line(id="not-for")
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
        try:
            everybody = None if self._received else launcher.participants()
            if everybody is not None:
                self.post_message(self.Clinic(everybody))
                return
            who, owed = launcher.person(), launcher.owed()
            self.post_message(self.Found(who, owed, launcher.treadmills(), launcher.recovered()))
        except (OSError, ValueError, LookupError) as error:
            self.post_message(self.Failed(str(error)))

    @work(thread=True)
    def _read(self, address: str, alone: bool) -> None:
        try:
            self.post_message(self.Read(address, alone, self.program.launcher.offers(address, alone)))
        except (OSError, ValueError, LookupError) as error:
            self.post_message(self.Failed(str(error)))
        _load_the_rest()

    def on_setup_page_found(self, found: Found) -> None:
        """Whoever has never been asked is asked first, then what is owed; what there is to choose depends on it."""
        self._day = _today()
        self.choice = replace(self.choice, notes=(*self._unkept, *found.recovered))
        if found.person is None:
            from .first_run import FirstRunPage

            self.program.push_screen(FirstRunPage(lambda person: self._introduced(person, found.treadmills)))
        elif found.owed.anything and not self._asked_before:
            from .before import BeforePage

            self.program.push_screen(BeforePage(found.owed, lambda answered: self._told(found.owed, answered)))
        else:
            self.program.use(found.person)
            self._choose(with_treadmills(self.choice, found.treadmills, self._stands_at))

    def on_setup_page_clinic(self, found: Clinic) -> None:
        """In a clinic it is asked first who comes; without anybody it goes on as at home."""
        from .receiving import ReceivingPage

        self._clinic = True
        self.program.push_screen(ReceivingPage(found.participants, self._receive, " ".join(self._unkept)))

    def _receive(self, participant: Participant | None) -> None:
        """Whoever was here before is here no longer, also where nobody comes: all is read anew, and asked anew."""
        self._received, self._asked_before, self._unkept = True, False, ()
        pseudonym = None if participant is None else participant.pseudonym
        try:
            self.program.launcher.receive(pseudonym)
        except (OSError, LookupError) as error:
            self._received, self._unkept = False, (f"{pseudonym} cannot be received: {error}",)
        self._find()

    def _told(self, owed: Owed, answered: Answered) -> None:
        """Once a start: what is still owed then is asked at the next one."""
        self._asked_before = True
        try:
            self.program.launcher.answer(owed, answered)
        except OSError as error:
            self._unkept = (f"what you said cannot be kept: {error}",)
        self._find()

    def read_again(self) -> None:
        """A run is over: in a clinic the next participant is asked for, else what is on offer now is read anew."""
        if self._clinic:
            self._received, self._stands_at = False, self.choice.treadmill
            self._choose(Choice())  # nothing of theirs can be begun while it is asked who comes
            self._find()
        else:
            self._read_back()

    @work(thread=True)
    def _read_back(self) -> None:
        """What was felt in the run, and the minutes of today, decide what is on offer."""
        try:
            self.post_message(self.Back(self.program.launcher.person()))
        except (OSError, ValueError, LookupError) as error:
            self.post_message(self.Failed(str(error)))

    def on_setup_page_back(self, back: Back) -> None:
        if back.person is not None and self.choice.treadmill is not None:
            self.program.use(back.person)
            self._read(self.choice.treadmill.address, self.choice.alone)

    def _introduced(self, person: Person, treadmills: tuple[TreadmillChoice, ...]) -> None:
        self._keep(person)
        self._choose(replace(self.choice, treadmills=treadmills))

    def _keep(self, person: Person) -> None:
        """Use these answers now, and have them remembered."""
        self.program.use(person)
        try:
            self.program.launcher.introduce(person)
        except OSError as error:
            self.note(f"your answers hold for today, but cannot be kept: {error}")

    def on_setup_page_read(self, read: Read) -> None:
        self._choose(with_offers(self.choice, read.address, read.alone, read.offers))

    def on_setup_page_failed(self, failed: Failed) -> None:
        self._choose(replace(self.choice, failed=failed.reason))

    def action_offer(self, by: int) -> None:
        self._choose(other_offer(self.choice, by))

    def action_shown(self) -> None:
        """What can be run here, all there is, or what is for one part of the ladder."""
        self._choose(other_shown(self.choice))

    def action_treadmill(self, by: int) -> None:
        self._choose(other_treadmill(self.choice, by))

    def action_company(self) -> None:
        """An honest answer instead of a spotter who is not there."""
        self._choose(other_company(self.choice))

    def action_treadmills(self) -> None:
        """All of them in their groups, a search for more, and what each allows."""
        from .treadmills import TreadmillsPage

        if self.choice.treadmills:
            self.program.push_screen(TreadmillsPage(self.choice.treadmills, self.choice.treadmill, self._picked))

    def _picked(self, treadmills: tuple[TreadmillChoice, ...], chosen: TreadmillChoice | None) -> None:
        self._choose(with_treadmills(self.choice, treadmills, chosen))

    def action_strap(self) -> None:
        """The strap that the person wears, and the rate that is not to be passed."""
        from .strap import StrapPage

        if self.program.person is not None:
            self.program.push_screen(StrapPage(self.program.person, self._learnt))

    def action_history(self) -> None:
        """What was done up to now."""
        from .history import HistoryPage

        if self.program.history is not None:
            self.program.push_screen(HistoryPage(self.program.history))

    def action_remote(self) -> None:
        """Learn the keys of the remote in the person's hand."""
        from .remote import RemotePage

        if self.program.person is not None:
            self.program.push_screen(RemotePage(self.program.person, self._learnt))

    def _learnt(self, person: Person) -> None:
        self._keep(person)
        self._choose(self.choice)

    def action_go_on(self) -> None:
        """Open the run, whose first page is the checklist, unless something stands in the way."""
        choice = self.choice
        if self._day not in (None, _today()):
            self._begin_day()
        elif self.program.searching:
            self._say("hindrance", SEARCHING)
        elif choice.hindrance() is None and choice.offer is not None and choice.treadmill is not None:
            self._say("hindrance", LETS_GO)  # seen only where the run has to wait
            self.program.launch(choice.offer, choice.treadmill, choice.alone)

    def _begin_day(self) -> None:
        """Left open overnight it begins as at a start: what is owed is asked, and what was offered is made anew."""
        self._asked_before, self._received = False, self._received and not self._clinic
        self._stands_at = self.choice.treadmill
        self._choose(replace(Choice(), alone=self.choice.alone))
        self._find()

    def next_pressed(self) -> bool:
        self.action_go_on()
        return True

    def on_screen_resume(self) -> None:
        """Back from a run: what it made this page say is over."""
        if self.choice.offers is not None:
            self._choose(self.choice)

    def action_leave(self) -> None:
        self.program.exit(0)

    def note(self, sentence: str) -> None:
        """Show this before whatever else there is to say."""
        self._choose(replace(self.choice, notes=(sentence, *self.choice.notes)))

    def _choose(self, choice: Choice) -> None:
        """Show this choice, and read the workouts if the treadmill is a new one."""
        from .. import setup_text as text

        before, self.choice = self.choice, choice
        if choice.treadmill is not None and (choice.treadmill, choice.alone) != (before.treadmill, before.alone):
            self._read(choice.treadmill.address, choice.alone)
        self.line("treadmill").say(text.treadmill_text(choice))
        self.line("person").say(text.person_text(choice, self.program.person))
        rows = text.WORKOUT_ROWS_LARGE if self.has_class("-large") else text.WORKOUT_ROWS
        roomy = self.size.height >= text.ROOMY_ROWS
        self.set_class(roomy, "-roomy")
        self.line("shown").say(text.shown_text(choice))
        self.line("workouts").say(text.workouts_text(choice, rows))
        self.query_one(ProfilePicture).show(None if choice.offer is None else choice.offer.timeline)
        self._say("facts", text.facts_text(choice, roomy))
        self._say("not-for", text.not_for_text(choice, roomy))
        self._say("findings", text.findings_text(choice))
        self._say("hindrance", text.hindrance_text(choice))

    def _say(self, name: str, said: str | Content) -> None:
        """Have this said there; a line without words takes no room."""
        self.line(name).say(said)
        self.line(name).set_class(not str(said), "-empty")


def _today() -> date:
    return wall_now().astimezone().date()


def _load_the_rest() -> None:
    """Import what the screens behind this one need, now and in this thread: never while a belt moves."""
    from .. import run_show
    from . import help as help_dialog
    from . import remote, strap, treadmills, watch

    assert all((run_show, remote, strap, treadmills, watch, help_dialog))
