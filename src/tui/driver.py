"""Textual's terminal driver, with the stop keys recognised in its input thread.

The input thread only reads, decides about stops and hands on; it never writes to the terminal, because a
terminal that does not drain would then hold up the next stop key. So two things that Textual does are left out:
in-band window sizes (the input thread would answer them) and bracketed paste (a paste whose end never comes
would swallow every key; the app has no text field to paste into).
"""

from __future__ import annotations

import os
import select
import termios
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from ..clock import monotonic_s
from .door import StopDoor
from .keyboard import Keyboard
from .messages import InputLost, InputTrouble, StopPressed

READ_BYTES = 4096
# How soon the thread notices that it shall end.
IDLE_WAIT_S = 0.1
# A lone Esc is known as such after the escape delay of 100 ms; this is what waiting adds to it at most.
PENDING_WAIT_S = 0.01
# A terminal that knows only the old mouse reports sends them at every move; asking more often does not help.
MOUSE_ASK_EVERY_S = 1.0


class StopKeyDriver(LinuxDriver):
    """Reads the keyboard for an app that has a ``door``."""

    def __init__(self, app: Any, **options: Any) -> None:
        self._door: StopDoor = app.door
        self._mouse_asked_s = monotonic_s()
        super().__init__(app, **options)

    def process_message(self, message: Message) -> None:
        """A stop goes to the guardian from here; the app hears of it, and of the key nothing else.

        The focus of the terminal goes from here too, and so does the start that a remote's key calls off: of that key
        the app hears nothing, because by the time that it looks the same press could mean the next start.
        """
        by, cancelled = _stop_in(message, self._door), False
        with self._told():
            if by is not None:
                self._door.stop()
            elif isinstance(message, events.Key):
                cancelled = self._door.cancel_by(message.key)
        with self._told():
            self._tell_focus(message)
        if not cancelled:
            super().process_message(message if by is None else StopPressed(by))

    def _tell_focus(self, message: Message) -> None:
        """Textual asks for the focus reports of the terminal (DECSET 1004). A key that comes in is one, too."""
        if isinstance(message, events.AppBlur):
            self._door.focus(False)
        elif isinstance(message, (events.AppFocus, events.Key)):
            self._door.focus(True)

    def run_input_thread(self) -> None:
        """Read until told to end. Only the loss of the terminal itself ends it otherwise."""
        self._door.input_alive(True)
        keyboard = Keyboard()
        while not self.exit_event.is_set():
            try:
                self._read_once(keyboard)
            except Exception as error:  # noqa: BLE001 - whatever ended it, the guardian and the app must know
                self._input_lost(f"the keyboard cannot be read any more: {error}")
                return
            self._mend_mouse(keyboard)

    def _read_once(self, keyboard: Keyboard) -> None:
        wait_s = PENDING_WAIT_S if keyboard.waiting else IDLE_WAIT_S
        readable, _, _ = select.select([self.fileno], [], [], wait_s)
        if readable:
            data = os.read(self.fileno, READ_BYTES)
            if not data:
                raise OSError("it is closed")
            self._dispatch(keyboard.read(data))
        self._dispatch(keyboard.waited())

    def _mend_mouse(self, keyboard: Keyboard) -> None:
        """A terminal that fell back to the old mouse reports has been set up anew; ask for the new ones again."""
        now_s = monotonic_s()
        if keyboard.saw_legacy_mouse and now_s - self._mouse_asked_s > MOUSE_ASK_EVERY_S:
            self._mouse_asked_s = now_s
            self._loop.call_soon_threadsafe(self._enable_mouse_support)
        keyboard.saw_legacy_mouse = False

    def _dispatch(self, messages: Iterable[Message]) -> None:
        """Each message on its own: one that fails is reported, and the next one is dealt with."""
        for message in messages:
            with self._told():
                self.process_message(message)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the thread that reads the stop keys outlives every error
            self._tell(InputTrouble(f"a key could not be handled: {error!r}"))

    def _input_lost(self, reason: str) -> None:
        self._door.input_alive(False)
        self._tell(InputLost(reason))

    def _tell(self, message: Message) -> None:
        """Post to the app unless its loop has closed already; then nobody is left to tell."""
        if not self._loop.is_closed():
            message.set_sender(self._app)
            self.send_message(message)

    def _sigtstp_application(self, *arguments: Any) -> None:
        """A program that is suspended cannot stop a belt: from outside, too, that means stop while it moves."""
        if self._door.live():
            self._door.stop()
        else:
            super()._sigtstp_application(*arguments)

    @classmethod
    def _patch_lflag(cls, attrs: int) -> int:
        """Ctrl+C and Ctrl+Z are keys here, whatever the environment asks of Textual."""
        return super()._patch_lflag(attrs) & ~termios.ISIG

    def _query_in_band_window_resize(self) -> None:
        """Not asked for; sizes come by signal."""

    def _enable_bracketed_paste(self) -> None:
        """Not asked for; a paste is read as keys."""


def _stop_in(message: Message, door: StopDoor) -> str | None:
    """What in the message means STOP now, if it does: the name of a key, or the mouse on the STOP bar."""
    if isinstance(message, events.Key):
        return message.key if door.stops(message.key) else None
    on_bar = isinstance(message, events.MouseDown) and door.bar is not None and door.bar.hold(message.x, message.y)
    return "mouse" if on_bar and door.live() else None
