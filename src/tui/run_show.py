"""An open run on the screens: takes the newest view, turns to its page and draws it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..safety.modes import Mode
from ..workouts.engine import Phase
from .bells import owed_with
from .checklist import Asked
from .frame import Frame, Run, next_frame
from .readiness import Readiness
from .screens.alarm import AlarmPage
from .screens.checklist import ChecklistPage
from .screens.coach import CoachPage
from .screens.live import LivePage
from .screens.mounting import MountingPage
from .screens.off_belt import OffBeltPage
from .screens.run_page import RunPage
from .screens.start import StartPage
from .screens.stopped import StoppedPage
from .screens.summary import SummaryPage
from .screens.turn import TurnPage
from .stages import Stage
from .standing import RESTED_S, rests_since_s

if TYPE_CHECKING:
    from .app import RetroApp

__all__ = ["PAGES", "Run", "RunShow"]

PAGES: dict[Stage, type[RunPage]] = {
    Stage.START: StartPage,
    Stage.MOUNTING: MountingPage,
    Stage.LIVE: LivePage,
    Stage.COACH: CoachPage,
    Stage.TURN: TurnPage,
    Stage.OFF_BELT: OffBeltPage,
    Stage.STOPPED: StoppedPage,
    Stage.ALARM: AlarmPage,
    Stage.SUMMARY: SummaryPage,
}


class RunShow:
    """Lives as long as the run is open. ``stop_pressed_s`` is when a stop that is not answered yet was pressed."""

    def __init__(self, app: RetroApp, run: Run, asked: Asked) -> None:
        self.run = run
        self.readiness = Readiness(run.controls, asked)
        self.stop_pressed_s: float | None = None
        self._rests_since_s: float | None = None
        self._app = app
        self._frame: Frame | None = None
        self._shown: type[RunPage] | None = None
        self._rings_owed = 0

    def turn(self) -> None:
        """One look at the run, and everything that follows on the screen."""
        app, before = self._app, self._frame
        self.run.controls.ui_turn()
        app.door.bar = self._page.stop_cells() if before is not None else None
        frame = next_frame(before, self.run, app.clock.now_s(), self.stop_pressed_s)
        frame = replace(frame, trouble=app.trouble)
        self._rests_since_s = rests_since_s(self._rests_since_s, frame)
        app.door.rested = self._rests_since_s is not None and frame.now_s - self._rests_since_s >= RESTED_S
        self._ring(before, frame)
        page = self._page_for(frame)
        if page is not self._shown:
            self._turn_to(page)
        if frame.mode is Mode.COUNTDOWN:
            app.close_dialogs()  # every key ends the countdown, and a dialog would take one for itself
        self._frame, self.stop_pressed_s = frame, frame.stop_pressed_s
        self._page.show(frame)

    def _ring(self, before: Frame | None, frame: Frame) -> None:
        """One ring a turn at most: rings that the run asks for can then be counted by ear."""
        self._rings_owed = owed_with(self._rings_owed, before, frame)
        if self._rings_owed:
            self._rings_owed -= 1
            self._app.bell()

    def fine_pressed(self) -> bool:
        """The remote's "I'm fine": on the belt, when that is asked; a press like any other while a start is asked for.

        It never stops and never starts.
        """
        frame = self._frame
        if frame is None or frame.stage is Stage.START:
            return False
        if frame.view.phase is Phase.WAITING_FOR_PERSON:
            self.run.controls.person_on()
        else:
            self.run.controls.all_right()
        return True

    @property
    def moved(self) -> bool:
        """Whether the belt of this run has moved, or was told to."""
        return self.readiness.began

    @property
    def _page(self) -> RunPage:
        """The page below any dialog."""
        return next(screen for screen in reversed(self._app.screen_stack) if isinstance(screen, RunPage))

    def _page_for(self, frame: Frame) -> type[RunPage]:
        """The page of the stage; before the belt's first motion the checklist, while it holds that up."""
        return ChecklistPage if self.readiness.holds_up(frame) else PAGES[frame.stage]

    def _turn_to(self, kind: type[RunPage]) -> None:
        """This page on top of the set-up, in the place of whatever was there."""
        self._shown = kind
        app, page = self._app, kind()
        if isinstance(page, StartPage) and isinstance(app.screen, StartPage):
            page.sequence = app.screen.sequence  # a key that is held goes on being held
        app.close_dialogs()
        if len(app.screen_stack) > 1:
            app.switch_screen(page)
        else:
            app.push_screen(page)
