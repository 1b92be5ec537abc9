"""An open run on the screens: takes the newest view, turns to its page and draws it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..safety.modes import Mode
from .bells import rings
from .frame import Frame, Run, next_frame
from .screens.alarm import AlarmPage
from .screens.live import LivePage
from .screens.mounting import MountingPage
from .screens.run_page import RunPage
from .screens.start import StartPage
from .screens.stopped import StoppedPage
from .screens.summary import SummaryPage
from .stages import Stage

if TYPE_CHECKING:
    from .app import RetroApp

__all__ = ["PAGES", "Run", "RunShow"]

PAGES: dict[Stage, type[RunPage]] = {
    Stage.START: StartPage,
    Stage.MOUNTING: MountingPage,
    Stage.LIVE: LivePage,
    Stage.STOPPED: StoppedPage,
    Stage.ALARM: AlarmPage,
    Stage.SUMMARY: SummaryPage,
}


class RunShow:
    """Lives as long as the run is open. ``stop_pressed_s`` is when a stop that is not answered yet was pressed."""

    def __init__(self, app: RetroApp, run: Run) -> None:
        self.run = run
        self.stop_pressed_s: float | None = None
        self._app = app
        self._frame: Frame | None = None

    def turn(self) -> None:
        """One look at the run, and everything that follows on the screen."""
        app, before = self._app, self._frame
        self.run.controls.ui_turn()
        app.door.bar = self._page.stop_cells() if before is not None else None
        frame = next_frame(before, self.run, app.clock.now_s(), self.stop_pressed_s)
        frame = replace(frame, trouble=app.trouble)
        if rings(before, frame):
            app.bell()
        if before is None or before.stage is not frame.stage:
            self._turn_to(frame.stage)
        if frame.mode is Mode.COUNTDOWN:
            app.close_dialogs()  # every key ends the countdown, and a dialog would take one for itself
        self._frame, self.stop_pressed_s = frame, frame.stop_pressed_s
        self._page.show(frame)

    @property
    def _page(self) -> RunPage:
        """The page below any dialog."""
        return next(screen for screen in reversed(self._app.screen_stack) if isinstance(screen, RunPage))

    def _turn_to(self, stage: Stage) -> None:
        """The page of this stage on top of the set-up, in the place of whatever was there."""
        app, page = self._app, PAGES[stage]()
        app.close_dialogs()
        if len(app.screen_stack) > 1:
            app.switch_screen(page)
        else:
            app.push_screen(page)
