"""Five things to see to before every start. All of them, every time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from ...sessions.view import Offer, TreadmillChoice
from ..checklist import Checklist, Item, checklist_for, moved, ticked, toggled
from ..widgets.line import Line
from .page import Page

KEYS_TEXT = "1-5 tick    Space tick or untick the marked one    up/down move    Esc back"


class ChecklistPage(Page):
    """Goes on by itself when the last item is ticked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(f"{number}", f"tick({number})", "tick") for number in range(1, 6)),
        Binding("space", "toggle_tick", "tick or untick"),
        Binding("up,k", "move(-1)", "up"),
        Binding("down,j", "move(1)", "down"),
    ]

    def __init__(self, offer: Offer, treadmill: TreadmillChoice) -> None:
        super().__init__()
        self._offer = offer
        self._treadmill = treadmill
        self.checklist = checklist_for(offer, treadmill)

    def body(self) -> Iterator[Widget]:
        yield Line(f"Before the start   {self._offer.title}", classes="title")
        yield Line(checklist_text(self.checklist), id="items")
        yield Line(id="count")
        yield Line(KEYS_TEXT, id="setup-keys")

    def on_mount(self) -> None:
        self._show(self.checklist)

    def action_tick(self, number: int) -> None:
        self._show(ticked(self.checklist, number - 1))

    def action_toggle_tick(self) -> None:
        self._show(toggled(self.checklist))

    def action_move(self, by: int) -> None:
        self._show(moved(self.checklist, by))

    def action_leave(self) -> None:
        self.program.forget_launch()
        self.program.pop_screen()

    def _show(self, checklist: Checklist) -> None:
        was_done, self.checklist = self.checklist.done, checklist
        self.line("items").say(checklist_text(checklist))
        left = len(checklist.items) - len(checklist.ticked)
        self.line("count").say(f"{left} to go; none can be left out" if left else "all seen to; opening the run ...")
        if checklist.done and not was_done:
            self.program.launch(self._offer, self._treadmill)


def checklist_text(checklist: Checklist) -> Content:
    """An item a paragraph: its box, its number, what ticking it says."""
    parts = [
        _item_text(number, item, number - 1 in checklist.ticked, number - 1 == checklist.at)
        for number, item in enumerate(checklist.items, 1)
    ]
    return Content("\n").join(parts)


def _item_text(number: int, item: Item, is_ticked: bool, at_hand: bool) -> Content:
    box = "[x]" if is_ticked else "[ ]"
    head = f"{'>' if at_hand else ' '} {box} {number}  {item.title}"
    return Content.assemble((head, "bold reverse" if at_hand else "bold"), f"\n{item.text}")
