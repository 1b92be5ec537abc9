"""What there is to see to before every start: a person ticks, and the program ticks what it can see."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from ..checklist import Checklist, Seen
from ..frame import Frame
from ..readiness import Readiness
from ..widgets.line import Line
from .run_page import RunPage

KEYS_TEXT = "1-{last} tick   Enter the next one   up/down, Space untick   h sound   Esc back"
TEXT_INDENT = 5
TEXT_COLUMNS = 73
"""Together they fill the smallest terminal."""
BESIDE_ROWS = 8
"""Rows of the page beside its items: title, count, keys, the head of what the program ticks, and those between."""
SOON_S = 60.0
"""From here on the seconds that a tick is still believed are shown: before that they would only distract."""


class ChecklistPage(RunPage):
    """Belongs to a run whose belt has not moved yet; the start takes its place once everything is ticked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(f"{number}", f"tick({number})", "tick") for number in range(10)),
        Binding("space", "toggle_tick", "tick or untick"),
        Binding("enter", "go_on", "the next one"),
        Binding("up", "move(-1)", "up"),
        Binding("k,K", "key_pulled", "the key was pulled"),
        Binding("down,j", "move(1)", "down"),
        Binding("h,H", "sound", "did you hear it?"),
    ]

    def body(self) -> Iterator[Widget]:
        yield Line(id="title", classes="title")
        yield Line(id="items")
        yield Line(id="seen")
        yield Line(id="count")
        yield Line(id="refusals")
        yield Line(id="setup-keys")

    def draw(self, frame: Frame) -> None:
        readiness, now_s = self._readiness, frame.now_s
        checklist = readiness.checklist
        self.line("title").say(f"Before the start   {frame.run.offer.title}")
        by_program = len(checklist.items) - checklist.by_hand
        room = self.size.height - BESIDE_ROWS - by_program
        self.line("items").say(by_hand_text(checklist, now_s, room))
        self.line("seen").say(seen_text(readiness, now_s))
        self.line("count").say(count_text(readiness, now_s))
        self.line("refusals").say(frame.view.message or "")
        self.line("setup-keys").say(KEYS_TEXT.format(last=checklist.by_hand))

    def in_one_line(self, frame: Frame) -> str:
        """How many items are open."""
        return count_text(self._readiness, frame.now_s)

    def on_key(self, event: events.Key) -> None:
        """While the person's own stop is waited for, a stop key is that and nothing else."""
        readiness, now_s = self._readiness, self.program.clock.now_s()
        if self.program.door.is_stop(event.key) and readiness.wants_stop(now_s):
            event.stop()
            readiness.stop_seen(now_s)
            self.program.turn()

    def next_pressed(self) -> bool:
        self._readiness.next_pressed(self.program.clock.now_s())
        self.program.turn()
        return True

    def action_tick(self, number: int) -> None:
        self._readiness.tick(number, self.program.clock.now_s())
        self.program.turn()

    def action_go_on(self) -> None:
        self._readiness.go_on(self.program.clock.now_s())
        self.program.turn()

    def action_toggle_tick(self) -> None:
        self._readiness.toggle(self.program.clock.now_s())
        self.program.turn()

    def action_move(self, by: int) -> None:
        self._readiness.move(by)
        self.program.turn()

    def action_key_pulled(self) -> None:
        """Where the key is tested; elsewhere the letter moves up, as it does in every list."""
        if self._readiness.asked.key_test:
            self._readiness.key_pulled(self.program.clock.now_s())
        else:
            self._readiness.move(-1)
        self.program.turn()

    def action_sound(self) -> None:
        self._readiness.ask_sound()
        self.program.turn()

    def action_leave(self) -> None:
        self.program.leave_run()

    @property
    def _readiness(self) -> Readiness:
        return self.program.readiness


def by_hand_text(checklist: Checklist, now_s: float, room: int) -> Content:
    """A paragraph an item: its box, its number, and, while it is open or at hand, what ticking it says.

    Where that is more than so many rows, only the item at hand says it: what the program ticks has to be seen too.
    """
    items = checklist.items[: checklist.by_hand]
    told = [
        wrap(one.text, TEXT_COLUMNS) if n == checklist.at or not checklist.holds(n, now_s) else []
        for n, one in enumerate(items)
    ]
    if sum(1 + len(lines) for lines in told) > room:
        told = [lines if n == checklist.at else [] for n, lines in enumerate(told)]
    return Content("\n").join(_item_text(checklist, n, lines, now_s) for n, lines in enumerate(told))


def _item_text(checklist: Checklist, index: int, lines: list[str], now_s: float) -> Content:
    at_hand, left_s = index == checklist.at, checklist.left_s(index, now_s)
    head = f"{'>' if at_hand else ' '} {_box(checklist, index, now_s)} {index + 1}  {checklist.items[index].title}"
    told = [f"\n{' ' * TEXT_INDENT}{line}" for line in lines]
    return Content.assemble((head, "bold reverse" if at_hand else "bold"), _left_text(left_s), *told)


def seen_text(readiness: Readiness, now_s: float) -> Content:
    """A line an item that the program ticks."""
    checklist = readiness.checklist
    lines = [Content.styled("The program ticks these when it sees them:", "dim")]
    for index in range(checklist.by_hand, len(checklist.items)):
        item, left_s = checklist.items[index], checklist.left_s(index, now_s)
        failed = item.seen is Seen.SOUND and readiness.deaf
        box = "[!]" if failed else _box(checklist, index, now_s)
        again = "" if left_s is None or left_s > 0 else "Again: "
        text = "Not heard: nothing will rise in this run. h tests again." if failed else again + item.text
        lines.append(Content.assemble((f"  {box} {item.title:<10}", "bold"), text))
    return Content("\n").join(lines)


def _box(checklist: Checklist, index: int, now_s: float) -> str:
    return "[x]" if checklist.holds(index, now_s) else "[ ]"


def _left_text(left_s: float | None) -> str:
    """How long a tick is still believed, once that is worth knowing."""
    if left_s is None or left_s > SOON_S:
        return ""
    return f"   believed for {left_s:.0f} s more" if left_s > 0 else "   older than three minutes: once more"


def count_text(readiness: Readiness, now_s: float) -> str:
    """What the test of the sound says while it is on, then how much is open."""
    checklist, open_items = readiness.checklist, readiness.checklist.open_items(now_s)
    to_tick = len([index for index in open_items if index < checklist.by_hand])
    if to_tick and not readiness.test.under_way:
        return f"{to_tick} to tick; none can be left out"
    unseen = [checklist.items[index] for index in open_items if index >= checklist.by_hand]
    waits = [item.title.lower() for item in unseen if item.seen is not Seen.SOUND]
    still_open = f" Still to be seen: {', '.join(waits)}." if waits else ""
    return f"{readiness.note}{still_open}"
