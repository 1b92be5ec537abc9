"""What a screen may know of a run, as one frozen value; and what a person may ask of it.

The screen is a function of ``RunView``. ``Controls`` is everything that keys and buttons can do; all of it
returns at once and may be called from any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..guardian.messages import Snapshot
from ..machine import DeviceProfile, Setpoint
from ..workouts.engine import Phase
from ..workouts.timeline import Timeline
from .summary import Summary

__all__ = ["Controls", "Launcher", "Offer", "RunView", "Summary", "TreadmillChoice"]


@dataclass(frozen=True, slots=True)
class RunView:
    """The state of a run at one moment.

    ``snapshot`` is None until the guardian has connected; its numbers are ``snapshot_age_s`` plus its own
    ``age_s`` old. ``wanted`` is what the plan wants now. ``cue`` is the text of the current step, ``message``
    the newest sentence for the person (a refusal, a cause, a connection that failed).
    """

    phase: Phase
    timeline: Timeline
    plan_time_s: float
    wanted: Setpoint
    step_index: int
    profile: DeviceProfile | None
    snapshot: Snapshot | None
    snapshot_age_s: float
    guardian_alive: bool
    distance_m: float
    cue: str | None = None
    message: str | None = None
    summary: Summary | None = None


class Controls(Protocol):
    """What keys and buttons can ask of a run. Nothing here can raise a speed past what the supervisor allows."""

    def view(self) -> RunView:
        """The newest state."""
        ...

    def ui_turn(self) -> None:
        """The screen has had a turn; call it several times a second from the screen's own loop."""
        ...

    def input_alive(self, alive: bool) -> None:
        """Whether the thread that reads the keyboard is running."""
        ...

    def arm(self) -> None:
        """The checklist is done and the start sequence begins."""
        ...

    def hold_done(self) -> None:
        """The hold of 1.5 s (or the digit) is complete: begin the countdown."""
        ...

    def cancel_start(self) -> None:
        """No start after all; without effect once the belt was told to start."""
        ...

    def person_on(self) -> None:
        """The person says that they are on the belt."""
        ...

    def pause(self) -> None:
        """Ramp to a standstill and keep the place in the plan."""
        ...

    def next_step(self) -> None:
        """Go on to the next step of the plan."""
        ...

    def finish(self) -> None:
        """Go to the cool-down, then stop."""
        ...

    def stop(self) -> None:
        """Stop now. Goes to the guardian directly, from whichever thread calls, and waits for nothing."""
        ...

    def stop_keys_live(self) -> bool:
        """Whether a stop key means STOP now: not idle, latched or disconnected, or not known. Cheap, any thread."""
        ...

    def acknowledge(self, key_tested: bool = False) -> None:
        """The person has read why the belt was stopped."""
        ...

    def close(self) -> None:
        """End the run for good: the belt is stopped if it moves, the journal closed. Returns within a second."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """A workout as the set-up screen offers it. ``problems`` empty means that it can be run on this treadmill.

    ``tier`` is the title of the tier that the workout's level belongs to; ``needs`` are the workout's own
    (a spotter, rails). ``findings`` are sentences worth reading before a start: limits that it meets, and why.
    """

    key: str
    title: str
    level: int | None
    tier: str
    timeline: Timeline | None
    needs: tuple[str, ...]
    after: tuple[str, ...]
    findings: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TreadmillChoice:
    """A treadmill that can be chosen: its address and what to call it."""

    address: str
    title: str
    simulated: bool


class Launcher(Protocol):
    """What the set-up screen needs: what there is to choose, and the way into a run."""

    def treadmills(self) -> tuple[TreadmillChoice, ...]:
        """The treadmills to choose from, the preselected one first."""
        ...

    def offers(self, address: str) -> tuple[Offer, ...]:
        """The workouts for that treadmill, the preselected one first."""
        ...

    def launch(self, offer: Offer, address: str) -> Controls:
        """Open a run: starts the guardian and connects. Returns at once; the view tells how it goes."""
        ...

    def recovered(self) -> tuple[str, ...]:
        """Sentences about earlier runs that were found interrupted and have been closed; empty most days."""
        ...
