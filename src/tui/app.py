"""The terminal program: wires the launcher, the open run and the screens together, and decides nothing itself."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import ModalScreen, Screen

from ..clock import Clock, SystemClock
from .door import StopDoor
from .messages import InputLost, InputTrouble, StopPressed
from .screens.page import Page
from .screens.setup import SetupPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..records.opening import Kept
    from ..sessions.view import Controls, Keep, Launcher, Offer, Person, TreadmillChoice
    from .readiness import Readiness
    from .run_show import RunShow

POLL_S = 0.1
"""How often the screen looks at the run: ten times a second, twice as often as the guardian speaks."""

STOP_TAIL_S = 1.0
"""A stop key that follows another so soon is still the same hand on the same key: it has no ordinary meaning."""

SWITCH_INTERVAL_S = 0.0005
"""How long a busy thread may keep the others waiting. With the default of 5 ms a stop key took 16 ms (99th
percentile) to leave a process with two busy threads; with this, 7 ms."""


ENDED_BY_FAULT = (
    "Retrotread ended because of a fault. Look at the belt before you trust it: only what you see is certain.\n"
)

FAULT = 1
NEEDS_A_TERMINAL = "The screen of Retrotread needs a terminal. Without one: retrotread run WORKOUT --plain.\n"


class RetroApp(App[int], inherit_bindings=False):
    """The program on a terminal."""

    CSS_PATH = Path(__file__).with_name("app.tcss")
    TITLE = "Retrotread"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        launcher: Launcher,
        clock: Clock | None = None,
        history: Callable[[], Kept] | None = None,
        keep: Keep | None = None,
    ) -> None:
        self.door = StopDoor()
        super().__init__(driver_class=_stop_key_driver())
        self.launcher = launcher
        self.history = history
        self.keep = keep
        self.clock = clock or SystemClock()
        self.trouble: str | None = None
        self.person: Person | None = None
        self.searching = False  # a search has the radio: no run is opened, nothing is watched
        self._known: frozenset[str] = frozenset()
        self._show: RunShow | None = None
        self._stop_key_s: float | None = None
        self._releasing = False
        self._next: tuple[Offer, TreadmillChoice, bool] | None = None

    def get_default_screen(self) -> Screen[None]:
        return SetupPage()

    def on_mount(self) -> None:
        """Begin to look at the run, whenever one is open."""
        self.set_interval(POLL_S, self.turn)

    # --- a run ------------------------------------------------------------------------------------------------

    @property
    def leaving(self) -> bool:
        """Whether the program is on its way out: its screens are being taken down."""
        return self._exit or not self.is_running

    @property
    def controls(self) -> Controls:
        """Those of the open run."""
        assert self._show is not None
        return self._show.run.controls

    @property
    def readiness(self) -> Readiness:
        """The checklist of the open run."""
        assert self._show is not None
        return self._show.readiness

    @property
    def began(self) -> bool:
        """Whether the belt of the open run has moved, or was told to."""
        return self._show is not None and self._show.moved

    def use(self, person: Person) -> None:
        """This is who trains here, with this remote in the hand."""
        self.person = person
        self.door.use_remote_of(person)

    def launch(self, offer: Offer, treadmill: TreadmillChoice, alone: bool = False) -> None:
        """Open a run and show it; not before the one before it has let go of its treadmill."""
        from .checklist import Asked
        from .run_show import Run, RunShow
        from .standing import next_means

        if self._releasing:
            self._next = (offer, treadmill, alone)
            return
        try:
            controls = self.launcher.launch(offer, treadmill.address)
        except OSError as error:
            self._back_to_setup().note(f"the run could not be opened: {error}")
            return
        self.door.open(controls, self.person, next_means)
        controls.input_alive(True)
        known, view = treadmill.known or treadmill.address in self._known, controls.view()
        asked = Asked(offer, treadmill, known, alone, self.door.next_key, view.control, empty_belt=view.empty_belt)
        asked = replace(asked, key_test=view.key_test, show_machine=view.show_machine)
        self._show = RunShow(self, Run(controls, offer, treadmill), asked)
        self.turn()

    def leave_run(self) -> None:
        """Back to the set-up; the run, whose belt is not ours any more, is closed behind it."""
        show, self._show = self._show, None
        self.door.close()
        self._back_to_setup()
        if show is not None:
            if show.moved:
                self._known |= {show.run.treadmill.address}
            self._releasing = True
            self._close(show.run.controls, self.person)

    def _back_to_setup(self) -> SetupPage:
        while len(self.screen_stack) > 1:
            self.pop_screen()
        assert isinstance(self.screen, SetupPage)
        return self.screen

    @work(thread=True)
    def _close(self, controls: Controls, person: Person | None) -> None:
        summary = controls.view().summary
        controls.close()
        self.call_from_thread(self._run_closed)
        if self.keep is not None and summary is not None and summary.journal is not None and self._show is None:
            told = self.keep(Path(summary.journal), person)
            if not self.leaving:
                self.call_from_thread(self._kept, told)

    def _kept(self, told: str) -> None:
        """The head of the run that was left stands on the set-up page; ``history show`` tells it too."""
        if self._show is None and isinstance(self.screen, SetupPage):
            self.screen.note(told)

    def _run_closed(self) -> None:
        self._releasing = False
        waiting, self._next = self._next, None
        if waiting is not None:
            self.launch(*waiting)
        if self._show is None and isinstance(self.screen, SetupPage):
            self.screen.read_again()

    def turn(self) -> None:
        """One look at the run, if one is open, and everything that follows on the screen."""
        if self._show is not None and not self.leaving:
            self._show.turn()

    def action_help(self) -> None:
        """Show what the keys mean; once, however often it is asked for."""
        from .screens.help import HelpDialog

        if not isinstance(self.screen, ModalScreen):
            self.push_screen(HelpDialog())

    def close_dialogs(self) -> None:
        """Take away whatever is in front of the page."""
        while isinstance(self.screen, ModalScreen):
            self.pop_screen()

    # --- stopping -----------------------------------------------------------------------------------------------

    def stop_now(self, by: str) -> None:
        """Stop from the screen's own loop; the input thread has done it already where there is one of ours."""
        self.door.stop()
        self.on_stop_pressed(StopPressed(by))

    def on_stop_pressed(self, _message: StopPressed) -> None:
        """A stop is on its way: say so at once, whatever was in front."""
        self._stop_key_s = self.clock.now_s()
        if self._show is not None:
            self._show.stop_pressed_s = self._stop_key_s
        self.close_dialogs()
        self.turn()

    async def on_event(self, event: events.Event) -> None:
        """A stop key never reaches a screen while the belt is ours, and not in the tail of a stop either."""
        if isinstance(event, events.Key) and not event.is_forwarded and self._key_is_dealt_with(event.key):
            return
        await super().on_event(event)

    def _key_is_dealt_with(self, key: str) -> bool:
        if self.door.stops(key):
            self.stop_now(key)
            return True
        if self.door.is_stop(key) and self._in_stop_tail():
            return True
        return self._remote_pressed(key)

    def _remote_pressed(self, key: str) -> bool:
        """A key of the remote, while it does not stop: "I'm fine", or the next key; False where it is neither here."""
        if key == self.door.fine_key and self._show is not None:
            return self._show.fine_pressed()
        page = self.screen
        return key == self.door.next_key and isinstance(page, Page) and page.next_pressed()

    def on_app_focus(self) -> None:
        """The input thread has told the run already, where there is one of ours."""
        self.door.focus(True)

    def on_app_blur(self) -> None:
        """Keys go elsewhere now, those that stop too."""
        self.door.focus(False)

    def _in_stop_tail(self) -> bool:
        now_s = self.clock.now_s()
        if self._stop_key_s is None or now_s - self._stop_key_s > STOP_TAIL_S:
            self._stop_key_s = None
            return False
        self._stop_key_s = now_s
        return True

    # --- what goes wrong ----------------------------------------------------------------------------------------

    def on_input_trouble(self, message: InputTrouble) -> None:
        """One key was lost; the person should know."""
        self.trouble = message.reason

    def on_input_lost(self, message: InputLost) -> None:
        """Without a keyboard nobody is in charge: end, and let the guardian bring the belt to rest."""
        self.exit(1, return_code=1, message=f"Retrotread ended: {message.reason}.")

    def _handle_exception(self, error: Exception) -> None:
        """A screen that crashes stops the belt before it does anything else."""
        if self.door.live():
            self.door.stop()
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """The traceback alone: Textual's own prints every local value too, and some of those are about a person."""
        from rich.traceback import Traceback

        self.panic(Traceback(width=100, show_locals=False))

    def close_run(self) -> None:
        """End the open run, if there is one; may take a second."""
        show, self._show = self._show, None
        if show is not None:
            show.run.controls.close()
            self.door.close()


def _stop_key_driver() -> type[Driver] | None:
    """The driver that knows the stop keys; None where Textual has another one, and the app takes the keys itself."""
    if sys.platform == "win32":
        return None
    from .driver import StopKeyDriver

    return StopKeyDriver


def run_app(
    launcher: Launcher,
    history: Callable[[], Kept] | None = None,
    keep: Keep | None = None,
) -> int:
    """Run the program until the person leaves it; its exit code. 1 means that something went wrong.

    ``history`` reads what is kept, ``keep`` takes the journal of a run that is over into it; both on a thread. None:
    there is no way to it.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        _say(NEEDS_A_TERMINAL)
        return 1
    return run(RetroApp(launcher, history=history, keep=keep))


def run(app: RetroApp) -> int:
    """Run this app; whatever ends it, the open run is closed behind it."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    try:
        result = app.run()
        code = FAULT if result is None else result  # who leaves in the ordinary way leaves with a number
    except (OSError, KeyboardInterrupt):  # the terminal is lost and takes no farewell, or an interrupt from outside
        code = FAULT
    finally:
        app.close_run()
    if code:
        _say(ENDED_BY_FAULT)
    return code


def _say(sentence: str) -> None:
    with suppress(OSError):  # the terminal may be what was lost, and then nobody is there to read
        sys.stderr.write(sentence)
        sys.stderr.flush()
