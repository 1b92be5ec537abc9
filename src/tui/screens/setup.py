"""The first screen: which treadmill, which workout, and whether the two go together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from ...sessions.view import Offer, TreadmillChoice
from ...workouts.quantity import duration_text, speed_text
from ..choice import READING, Choice, other_offer, other_treadmill, window, with_offers
from ..widgets.line import Line
from ..widgets.profile_picture import ProfilePicture
from ..wording import way_text
from .checklist import ChecklistPage
from .page import Page

WORKOUT_ROWS = 5
FINDINGS_SHOWN = 3
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
            self.program.push_screen(ChecklistPage(choice.offer, choice.treadmill))

    def action_leave(self) -> None:
        self.program.exit(0)

    def note(self, sentence: str) -> None:
        """Show this before whatever else there is to say."""
        self._choose(replace(self.choice, notes=(sentence, *self.choice.notes)))

    def _choose(self, choice: Choice) -> None:
        """Show this choice, and read the workouts if the treadmill is a new one."""
        before, self.choice = self.choice, choice
        if choice.treadmill is not None and choice.treadmill != before.treadmill:
            self._read(choice.treadmill.address)
        self.line("treadmill").say(treadmill_text(choice))
        self.line("workouts").say(workouts_text(choice))
        self.query_one(ProfilePicture).show(None if choice.offer is None else choice.offer.timeline)
        self.line("facts").say("" if choice.offer is None else facts_text(choice.offer))
        self.line("findings").say(findings_text(choice))
        self.line("hindrance").say(hindrance_text(choice))


def treadmill_text(choice: Choice) -> Content:
    """The chosen treadmill, and that there are others."""
    if choice.treadmill is None:
        return Content(READING)
    count = len(choice.treadmills)
    others = f"   {choice.treadmill_index + 1} of {count}" if count > 1 else ""
    arrows = ("< ", " >") if count > 1 else ("", "")
    return Content.assemble(
        ("Treadmill   ", "dim"), arrows[0], (choice.treadmill.title, "bold"), arrows[1], (others, "dim")
    )


def workouts_text(choice: Choice) -> Content:
    """A row a workout, the chosen one marked."""
    if choice.offers is None:
        return Content(READING if choice.failed is None else "")
    rows = window(len(choice.offers), choice.offer_index, WORKOUT_ROWS)
    lines = [_workout_row(choice.offers[index], index == choice.offer_index) for index in rows]
    return Content("\n").join(lines)


def _workout_row(offer: Offer, chosen: bool) -> Content:
    level = "" if offer.level is None else f"level {offer.level}"
    length = "" if offer.timeline is None else duration_text(offer.timeline.total_s)
    mark = ">" if chosen else " "
    cannot = "!" if offer.problems else " "
    text = f"{mark} {cannot} {offer.title[:38]:<38}  {level:<8}  {length}"
    return Content.styled(f"{text:<78}", "bold reverse" if chosen else "")


def facts_text(offer: Offer) -> Content:
    """The chosen workout in figures, and what it needs."""
    needs = ", ".join(offer.needs) if offer.needs else "nobody and nothing beside the belt"
    rows = [("Tier", offer.tier), ("Needs", needs)]
    if offer.timeline is not None:
        top_kph = max(step.target.speed_kph for step in offer.timeline.steps)
        way = way_text(offer.timeline)
        rows.insert(0, ("Speeds", f"up to {speed_text(top_kph)}, {way}, {len(offer.timeline.steps)} steps"))
    return Content("\n").join([Content.assemble((f"{name:<8}", "dim"), text) for name, text in rows])


def findings_text(choice: Choice) -> Content:
    """Problems first, then findings, then what was found of earlier runs."""
    offer = choice.offer
    problems = [Content.styled(f"! {text}", "bold") for text in (() if offer is None else offer.problems)]
    notes = [Content(f"- {text}") for text in (*(() if offer is None else offer.findings), *choice.notes)]
    lines = [*problems, *notes]
    if len(lines) > FINDINGS_SHOWN:
        more = len(lines) - FINDINGS_SHOWN + 1
        lines = [*lines[: FINDINGS_SHOWN - 1], Content.styled(f"and {more} more; retrotread check tells all", "dim")]
    return Content("\n").join(lines)


def hindrance_text(choice: Choice) -> str:
    """Why Enter does nothing, if so."""
    hindrance = choice.hindrance()
    return "" if hindrance is None else f"Cannot go on: {hindrance}." if choice.offers is not None else hindrance
