"""One frame of the screen: a view of the run, and what only the screen knows about it."""

from __future__ import annotations

from dataclasses import dataclass

from ..safety.modes import AT_REST, Mode
from ..sessions.view import Controls, Offer, RunView, TreadmillChoice
from .stages import Stage, stage_of

STOP_SEEN_AFTER_S = 1.0
"""A mode of rest that is shown so long after a stop key was pressed is the answer to it, not older news."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is open, and what was chosen for it."""

    controls: Controls
    offer: Offer
    treadmill: TreadmillChoice


@dataclass(frozen=True, slots=True)
class Frame:
    """What a run screen is drawn from.

    ``stage_s`` and ``mode_s`` are how long this stage and this mode have been on the screen. ``stop_keys_live``:
    they mean STOP now. ``stop_pressed_s`` is when one was last pressed and has not been answered yet, else None.
    ``trouble`` is the last thing that went wrong with the keyboard.
    """

    run: Run
    view: RunView
    now_s: float
    stage: Stage
    mode: Mode | None
    stage_since_s: float
    mode_since_s: float
    stop_keys_live: bool
    stop_pressed_s: float | None = None
    trouble: str | None = None

    @property
    def stage_s(self) -> float:
        return self.now_s - self.stage_since_s

    @property
    def mode_s(self) -> float:
        return self.now_s - self.mode_since_s

    @property
    def stop_pressed(self) -> bool:
        return self.stop_pressed_s is not None

    @property
    def simulated(self) -> bool:
        return self.run.treadmill.simulated


def next_frame(before: Frame | None, run: Run, now_s: float, stop_pressed_s: float | None) -> Frame:
    """The frame for the run's newest view; ``before`` is the one on the screen, None at the beginning of a run."""
    view = run.controls.view()
    stage = stage_of(view)
    mode = None if view.snapshot is None else view.snapshot.mode
    same_stage = before is not None and before.stage is stage
    same_mode = before is not None and before.mode is mode
    answered = stop_pressed_s is not None and mode in AT_REST and now_s - stop_pressed_s > STOP_SEEN_AFTER_S
    return Frame(
        run=run,
        view=view,
        now_s=now_s,
        stage=stage,
        mode=mode,
        stage_since_s=before.stage_since_s if before is not None and same_stage else now_s,
        mode_since_s=before.mode_since_s if before is not None and same_mode else now_s,
        stop_keys_live=run.controls.stop_keys_live(),
        stop_pressed_s=None if answered else stop_pressed_s,
    )
