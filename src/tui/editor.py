"""The screen on which a workout is written: its text, and beside it what the check says of it while one types.

Nothing of it knows a treadmill that is there: the text is held against what is known of one. What is typed is kept
beside the file whenever the check has looked at it, so a terminal that goes away takes nothing with it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import TextArea

from ..sessions.editing import Look, Opened, drop_draft, keep_draft, save, saved_text
from .editor_text import EditorText
from .editor_words import KEYS, UNSAVED_KEYS, gist_text, problems_text, title_text
from .widgets.line import Line
from .widgets.profile_picture import ProfilePicture

QUIET_S = 0.4
"""A pause in the typing after which the check looks: shorter, and it says something of half a word."""

WIDE_COLUMNS = 110
"""From here on the check stands beside the text and not below it."""


class EditorApp(App[int], inherit_bindings=False):
    """One file. ``look`` is the check of a text; it may take a second, and runs on a thread."""

    CSS = """
    Screen { layout: vertical; }
    #title { height: 1; text-style: bold; color: $text; background: $primary-darken-2; padding: 0 1; }
    #desk { layout: vertical; height: 1fr; }
    #desk.-wide { layout: horizontal; }
    #text { height: 1fr; border: none; padding: 0; }
    #side { height: 10; padding: 0 1; }
    .-wide #text { width: 1fr; height: 100%; }
    .-wide #side { width: 56; height: 100%; }
    #profile { height: 3; }
    .-wide #profile { height: 8; margin: 0 0 1 0; }
    #wrong { height: auto; max-height: 7; }
    .-wide #wrong { max-height: 50%; margin: 0 0 1 0; }
    #gist { height: 1fr; color: $text-muted; }
    #keys { height: 1; color: $text-muted; padding: 0 1; }
    #keys.-asks { text-style: bold reverse; color: $warning; }
    """
    TITLE = "Retrotread editor"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "save", priority=True),
        Binding("f8", "next_wrong", "next problem", priority=True),
        Binding("ctrl+d", "keep_draft", "keep a draft and leave", priority=True),
        Binding("ctrl+r", "drop", "leave without it", priority=True),
        Binding("ctrl+q,ctrl+c", "leave", "leave", priority=True),
    ]

    def __init__(self, path: Path, first: Opened, look: Callable[[str], Look], quiet_s: float = QUIET_S) -> None:
        """``first``: the text to begin with, and what the file says."""
        super().__init__()
        self.path = path
        self.looked: Look | None = None
        self.note = "this is the draft that was kept beside the file" if first.from_draft else ""
        self._look, self._quiet_s = look, quiet_s
        self._quiet: Timer | None = None
        self._first = first.text
        self._saved: str | None = first.saved
        self._kept: str | None = first.text if first.from_draft else None
        self._asks = False
        self._to_save: str | None = None  # asked for before the check had looked at it

    def compose(self) -> ComposeResult:
        yield Line(id="title")
        with Vertical(id="desk"):
            yield EditorText(self._first, id="text")
            with Vertical(id="side"):
                yield ProfilePicture(id="profile")
                yield Line(id="wrong")
                yield Line(id="gist")
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Say what the first text is worth, at once."""
        self._area.focus()
        self._show()
        self._check(self.text)

    def on_resize(self, event: events.Resize) -> None:
        """Beside each other where there is room, else one above the other."""
        self.query_one("#desk").set_class(event.size.width >= WIDE_COLUMNS, "-wide")

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return self._area.text

    @property
    def unsaved(self) -> bool:
        """Whether the file says something else."""
        return self.text != self._saved

    @property
    def _area(self) -> EditorText:
        return self.query_one("#text", EditorText)

    # --- looking ----------------------------------------------------------------------------------------------

    def on_text_area_changed(self, _event: TextArea.Changed) -> None:
        """Look when the typing rests."""
        self.note, self._asks = "", False
        if self._quiet is not None:
            self._quiet.stop()
        self._quiet = self.set_timer(self._quiet_s, self.look_now)
        self._show()

    def on_text_area_selection_changed(self, _event: TextArea.SelectionChanged) -> None:
        """What is wrong in the line of the cursor comes first."""
        self._show()

    def look_now(self) -> None:
        """Keep what is there, and let the check look at it."""
        text = self.text
        if not self.unsaved:
            self._let_go()
        elif text != self._kept:
            self._keep(text)
        if self.looked is None or self.looked.text != text:
            self._check(text)

    @work(thread=True, exclusive=True)
    def _check(self, text: str) -> None:
        look = self._look(text)
        self.call_from_thread(self._seen, look)

    def _seen(self, look: Look) -> None:
        """The answer of the check; one about a text that is gone is not shown."""
        if look.text == self._to_save:
            self._to_save = None
            self._save_if_accepted(look)
        if look.text != self.text:
            return
        self.looked = look
        self._area.mark({one.line - 1 for one in look.wrong if one.line is not None})
        self.query_one(ProfilePicture).show(look.timeline)
        self._show()

    def _show(self) -> None:
        look = self.looked if self.looked is not None and self.looked.text == self.text else None
        row = self._area.cursor_location[0] + 1
        self._line("title").say(title_text(self.path.name, look, self.unsaved, self.note))
        self._line("wrong").say(Content("checking") if look is None else problems_text(look, row))
        if look is not None:
            self._line("gist").say(gist_text(look))
        keys = self._line("keys")
        keys.say(UNSAVED_KEYS if self._asks else KEYS)
        keys.set_class(self._asks, "-asks")

    def _line(self, name: str) -> Line:
        return self.query_one(f"#{name}", Line)

    # --- keys -------------------------------------------------------------------------------------------------

    def action_next_wrong(self) -> None:
        """To the next line that something is wrong with, round from the last to the first."""
        places = sorted({(one.line, one.column) for one in self.looked.wrong if one.line} if self.looked else ())
        if not places:
            return
        here = self._area.cursor_location[0] + 1
        line, column = next((place for place in places if place[0] > here), places[0])
        self._area.move_cursor((line - 1, column - 1), center=True)

    def action_save(self) -> None:
        """Into the file what the check accepts, once it has looked; keys are taken meanwhile."""
        self._to_save = self.text
        if self.looked is not None and self.looked.text == self.text:
            self._seen(self.looked)
            return
        self.note = "checking, then saving"
        self._show()
        self._check(self.text)

    def _save_if_accepted(self, look: Look) -> None:
        """Anything else is kept beside the file, and said so."""
        if look.accepted:
            self._save(look)
        elif self._keep(look.text):
            self.note = f"not saved: mend what is wrong; the draft {self.path.name}.draft is kept"

    def _save(self, look: Look) -> None:
        """Save, unless something else has written the file meanwhile: that is told once, and then written over."""
        try:
            there = saved_text(self.path)
            if there != self._saved:
                self._saved = there
                self.note = "not saved: something else has changed the file; Ctrl+S again writes over it"
                return
            save(self.path, look)
        except OSError as error:
            self.note = f"not saved: {error.strerror or error}"
        else:
            self._saved, self._kept = look.text, None
            self.note = "saved"

    def action_leave(self) -> None:
        """Leave; with something unsaved, ask once which of it is to stay."""
        if not self.unsaved:
            self.exit(0)
            return
        self._asks = True
        self._show()

    def action_keep_draft(self) -> None:
        """Leave, and keep what is there beside the file."""
        if not self.unsaved or self._keep(self.text):
            self.exit(0)

    def action_drop(self) -> None:
        """After having been asked: leave, and let go of what is not in the file."""
        if self._asks and self._let_go():
            self.exit(0)

    def _let_go(self) -> bool:
        """Take the draft away; False where that cannot be done, which is told."""
        if self._quiet is not None:
            self._quiet.stop()
        try:
            drop_draft(self.path)
        except OSError as error:
            self.note = f"the draft cannot be taken away: {error.strerror or error}"
            self._show()
            return False
        self._kept = None
        return True

    def _keep(self, text: str) -> bool:
        """Keep a draft; a disk that takes none is told, and the text stays on the screen."""
        try:
            keep_draft(self.path, text)
        except OSError as error:
            self.note = f"no draft is kept: {error.strerror or error}"
            self._show()
            return False
        self._kept = text
        return True
