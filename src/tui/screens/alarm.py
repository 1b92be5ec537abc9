"""The key alarm: over everything, until standstill is confirmed and somebody says that they have seen it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from ..alarm import WayOut, big_lines, disconnected_text, sentence, way_out, way_out_text
from ..frame import Frame
from ..widgets.big_number import BigNumber
from ..widgets.line import Line
from ..wording import SIMULATED, cause_lines, last_resort
from .run_page import RunPage

CAUSES_SHOWN = 4


class AlarmPage(RunPage):
    """Red where there is colour, white where there is none; in either case large and over everything."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,A", "acknowledge", "I have seen it"),
        Binding("x,X", "end", "end the program"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._asked_to_leave = False

    def body(self) -> Iterator[Widget]:
        yield Line(id="alarm-sentence")
        yield BigNumber(id="alarm-first", classes="alarm-big")
        yield BigNumber(id="alarm-second", classes="alarm-big")
        yield Line(id="alarm-causes")
        yield Line(id="alarm-way-out")
        yield Line(id="alarm-simulated")

    def draw(self, frame: Frame) -> None:
        view = frame.view
        first, second = big_lines(view)
        self.query_one("#alarm-first", BigNumber).say(first)
        self.query_one("#alarm-second", BigNumber).say(second)
        self.line("alarm-sentence").say("\n".join(filter(None, (sentence(view), disconnected_text(view)))))
        causes = cause_lines(view) or ([view.message] if view.message else [])
        self.line("alarm-causes").say("\n".join(causes[:CAUSES_SHOWN]))
        self.line("alarm-way-out").say(way_out_text(view, self._asked_to_leave))
        self.line("alarm-simulated").say(f"{SIMULATED}: nothing real moves" if frame.simulated else "")

    def in_one_line(self, frame: Frame) -> str:
        return f"{last_resort(frame.view)}\n{sentence(frame.view)}"

    def action_acknowledge(self) -> None:
        """Only at confirmed standstill; before it the key does nothing."""
        if self._frame is not None and way_out(self._frame.view) is WayOut.ACKNOWLEDGE:
            self.program.controls.acknowledge()

    def action_end(self) -> None:
        """Where nothing can confirm a standstill any more: end the program, at the second press."""
        if self._frame is None or way_out(self._frame.view) is not WayOut.LEAVE:
            return
        if self._asked_to_leave:
            self.program.exit(1)
        self._asked_to_leave = True
