"""The list of keys, over whatever page is on. Every key that is no stop key closes it; stop keys stop."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from ..widgets.line import Line

TEXT = """\
While the belt is ours, each of these stops it, over everything:
  Space, Esc, Enter, q, b, full stop, Page Up, Page Down, F5,
  Ctrl+C, Ctrl+Q, Ctrl+Z, Ctrl+D, and a click on the STOP bar.
Pressed again more than 1 s later, it asks for the machine's own stop.

  s  hold to start              o  I am on the belt
  p  pause                      h  hold the speed, or go on
  ,  back    n  next step       e  one minute more of this step
  + -  this step, by a tenth    [ ]  the rest, by 5 %
  f  cool-down, then stop       d  digits that fill the screen
  t  confirm in a turn          c  after my own stop: continue
  y  I am all right             a  I have read why the belt was stopped
  k  key pulled, put back       i  I feel ...   u  pain and effort

A remote (r on the first screen): its next key goes on at a standstill and
stops a belt that moves, as its other keys do; "I'm fine" never stops.
What is faster is announced 5 s before; what is slower comes at once.
Any other key closes this list."""


class HelpDialog(ModalScreen[None], inherit_bindings=False):
    """What the keys mean."""

    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Line("Keys", classes="title")
            yield Line(TEXT, id="help-text")

    def on_key(self, event: events.Key) -> None:
        """Close; a stop key came by here only if there was nothing to stop."""
        event.stop()
        self.dismiss()
