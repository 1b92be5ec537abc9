"""A run for real: the conductor on its own thread, the guardian in its own process, the journal on its own thread.

The session thread waits on one queue for whatever comes first: a message of the guardian, a key, or the next
tick. The screen reads a finished ``RunView`` and never waits for this thread; a stop does not pass through it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..clock import monotonic_s
from ..guardian.messages import (
    PROTOCOL,
    Armed,
    Connect,
    Connected,
    ConnectRefused,
    FromGuardian,
    Snapshot,
    Stepped,
    StopNow,
)
from ..safety.inputs import StopBy
from ..safety.modes import Mode
from ..workouts.engine import ENDS, Event, Phase
from .conductor import Conductor, RunPlan, Said
from .guardian_client import GuardianClient
from .journal import Journal
from .summary import Summary
from .view import RunView

TICK_S = 0.1
# Modes in which a stop key is an ordinary key again.
_KEYS_FREE = frozenset({Mode.IDLE, Mode.LATCHED, Mode.DISCONNECTED, Mode.FAULT})
# A mode that was told longer ago than this is not known.
MODE_KNOWN_S = 1.0
# A press that has waited longer was made for another moment: the whole program stood still in between.
PRESS_KEPT_S = 0.5

Act = Callable[[Conductor, float], Said]


class LiveRun:
    """One run; implements ``view.Controls``."""

    def __init__(
        self, plan: RunPlan, address: str, folder: Path, journal: Journal | None, trouble: str | None = None
    ) -> None:
        """Start the guardian and ask it to connect. Returns at once. ``trouble``: why there is no journal.

        Raises OSError where no process can be started; the journal is closed then.
        """
        now_s = monotonic_s()
        self._journal = journal
        self._conductor = Conductor(plan, now_s, self._record_engine)
        self._acts: queue.SimpleQueue[Act | None] = queue.SimpleQueue()
        self._turned_s = now_s
        self._input_alive = True
        self._mode: Mode | None = None
        self._mode_s = now_s
        self._ever_connected = False
        self._summary: Summary | None = None
        self._trouble = trouble
        self._trouble_told = False
        self._fault: str | None = None
        self._view = self._make_view(now_s)
        try:
            self._guardian = GuardianClient(folder, self._heard, self._guardian_ended)
        except OSError:
            self._end_journal()
            raise
        self._guardian.send(Connect(PROTOCOL, address))
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)
        self._thread.start()

    # --- any thread -----------------------------------------------------------------------------------------

    def view(self) -> RunView:
        """The newest state, with the age that it has by now."""
        view = self._view
        age_s = 0.0 if view.snapshot is None else max(0.0, monotonic_s() - view.snapshot.at_s)
        return replace(view, snapshot_age_s=age_s, guardian_alive=self._guardian.alive)

    def ui_turn(self) -> None:
        """The screen has had a turn."""
        self._turned_s = monotonic_s()

    def input_alive(self, alive: bool) -> None:
        """The thread that reads the keyboard is running, or is not."""
        self._input_alive = alive

    def stop(self) -> None:
        """Stop now: to the guardian first, then to the plan and the journal."""
        self._guardian.send(StopNow(StopBy.OPERATOR))
        self._acts.put(lambda conductor, now_s: conductor.stopped_by_person(now_s))

    def stop_keys_live(self) -> bool:
        """Whether a stop key means STOP: the belt may move, or nobody knows."""
        if not self._ever_connected:
            return False
        known = self._guardian.alive and monotonic_s() - self._mode_s <= MODE_KNOWN_S
        return not known or self._mode not in _KEYS_FREE

    def arm(self) -> None:
        """The start sequence begins."""
        self._for_now(lambda conductor, now_s: conductor.arm(now_s))

    def hold_done(self) -> None:
        """The hold is complete."""
        self._for_now(lambda conductor, now_s: conductor.hold_done(now_s))

    def cancel_start(self) -> None:
        """No start after all."""
        self._acts.put(lambda conductor, _now_s: conductor.cancel_start())

    def person_on(self) -> None:
        """The person is on the belt."""
        self._for_now(lambda conductor, now_s: conductor.person_on(now_s))

    def pause(self) -> None:
        """Come to rest and keep the place."""
        self._acts.put(lambda conductor, now_s: conductor.pause(now_s))

    def next_step(self) -> None:
        """The next step of the plan."""
        self._for_now(lambda conductor, now_s: conductor.next_step(now_s))

    def previous_step(self) -> None:
        """Back in the plan."""

    def hold(self) -> None:
        """Plan time waits, or goes on."""

    def extend(self) -> None:
        """A minute more of this step."""

    def nudge(self, by_kph: float) -> None:
        """The speed of this step."""

    def scale(self, by_percent: int) -> None:
        """The speeds of the rest."""

    def confirm_turn(self) -> None:
        """The next confirmation of a turn."""

    def continue_run(self) -> None:
        """Back to this step after the person's own stop."""

    def all_right(self) -> None:
        """The person is all right."""

    def focus(self, has_focus: bool) -> None:
        """The terminal gets the keys, or does not."""

    def own_stop_seen(self) -> None:
        """The person's own stop key reaches the program."""

    def test_sound(self) -> int:
        """Speak a digit."""
        return 2

    def sound_heard(self, heard: bool) -> None:
        """The digit was understood."""

    def confirm_set(self) -> None:
        """Set by hand."""

    def finish(self) -> None:
        """The cool-down, then stop."""
        self._acts.put(lambda conductor, now_s: conductor.finish(now_s))

    def acknowledge(self, key_tested: bool = False) -> None:
        """The person has read the cause."""
        self._acts.put(lambda conductor, _now_s: conductor.acknowledge(key_tested))

    def _for_now(self, act: Act) -> None:
        """Queue what can lead to motion: after a freeze nobody means it any more."""
        asked_s = monotonic_s()

        def timely(conductor: Conductor, now_s: float) -> Said:
            waited_s = now_s - asked_s
            if waited_s <= PRESS_KEPT_S:
                return act(conductor, now_s)
            conductor.message = f"the key was read {waited_s:.1f} s late (limit {PRESS_KEPT_S} s); press it again"
            return ()

        self._acts.put(timely)

    def close(self) -> None:
        """End the run: our end of the pipe closes, and the guardian does the rest."""
        self._guardian.leave()
        self._acts.put(None)
        self._thread.join(timeout=2.0)
        self._guardian.wait(1.0)

    # --- the guardian's reading thread ----------------------------------------------------------------------

    def _heard(self, message: FromGuardian) -> None:
        if isinstance(message, Snapshot):
            self._mode, self._mode_s = message.mode, message.at_s
        elif isinstance(message, Connected):
            self._ever_connected = True
        self._acts.put(lambda conductor, now_s: self._take(conductor, message, now_s))

    def _guardian_ended(self, reason: str) -> None:
        self._acts.put(lambda conductor, now_s: self._lost(conductor, reason, now_s))

    # --- the session thread ---------------------------------------------------------------------------------

    def _run(self) -> None:
        """Acts as they come, and a tick every 100 ms however many of them there are."""
        due_s = monotonic_s() + TICK_S
        while True:
            now_s = monotonic_s()
            if now_s >= due_s:
                due_s = max(due_s + TICK_S, now_s)
                self._do(self._tick, now_s)
            try:
                act = self._acts.get(timeout=max(0.0, due_s - monotonic_s()))
            except queue.Empty:
                continue
            if act is None:
                break
            self._do(act, monotonic_s())
        self._end_journal()

    def _do(self, act: Act, now_s: float) -> None:
        """One act and its results. This thread holds the belt's lease: what fails in it stops the belt, and is told."""
        try:
            self._say(act(self._conductor, now_s))
            if self._summary is None and self._conductor.ended_s is not None:
                self._summary = self._sum_up(now_s)
            self._view = self._make_view(now_s)
        except Exception as error:  # noqa: BLE001  whatever it is, the belt stops, and the screen says why
            self._fault = f"the session failed ({type(error).__name__}: {error}); end the program and start it anew"
            self._say((StopNow(StopBy.PROGRAM),))
            self._view = replace(self._view, message=self._fault)

    def _say(self, said: Said) -> None:
        for message in said:
            self._guardian.send(message)

    def _tick(self, conductor: Conductor, now_s: float) -> Said:
        self._tell_trouble(conductor)
        return conductor.tick(now_s, now_s - self._turned_s, self._input_alive)

    def _tell_trouble(self, conductor: Conductor) -> None:
        """That the journal is not written is said once, and stands in the summary.

        Not before the connection: until then the one message is that none came about.
        """
        if self._journal is not None and self._journal.failed is not None:
            self._trouble = self._journal.failed
        if self._trouble is not None and not self._trouble_told and conductor.profile is not None:
            self._trouble_told = True
            conductor.message, conductor.notes = self._trouble, (*conductor.notes, self._trouble)

    def _take(self, conductor: Conductor, message: FromGuardian, now_s: float) -> Said:
        if isinstance(message, Snapshot):
            return self._see(conductor, message, now_s)
        if isinstance(message, Connected):
            conductor.connected(message)
            self._note("connected", message.profile.name, now_s)
        elif isinstance(message, ConnectRefused):
            conductor.message = message.message
            self._note("not connected", message.message, now_s)
        elif self._journal is not None:
            if isinstance(message, Stepped):
                self._journal.step(message)
            elif isinstance(message, Armed):
                self._journal.armed(message)
        return ()

    def _see(self, conductor: Conductor, snapshot: Snapshot, now_s: float) -> Said:
        before = conductor.snapshot
        said = conductor.seen(snapshot, now_s)
        if before is None or before.mode is not snapshot.mode:
            self._note("mode", snapshot.mode.value, now_s)
        if before is None or before.causes != snapshot.causes:
            for cause in snapshot.causes:
                self._note(cause.hazard.value, cause.message, now_s)
        return said

    def _lost(self, conductor: Conductor, reason: str, now_s: float) -> Said:
        """Nobody tells us of the belt any more. A guardian that lives on unheard stops it when our end closes."""
        self._guardian.leave()
        conductor.guardian_lost(reason, now_s)
        self._note("guardian", reason, now_s)
        return ()

    def _record_engine(self, event: Event, now_s: float) -> None:
        if self._journal is not None:
            self._journal.engine(event, now_s)

    def _note(self, kind: str, text: str, now_s: float) -> None:
        if self._journal is not None:
            self._journal.event(kind, text, now_s)

    def _sum_up(self, now_s: float) -> Summary:
        path = None if self._journal is None else str(self._journal.path)
        return replace(self._conductor.summary(now_s), journal=path)

    def _end_journal(self) -> None:
        if self._journal is not None:
            self._journal.close(self._summary or self._sum_up(monotonic_s()))

    def _make_view(self, now_s: float) -> RunView:
        conductor = self._conductor
        snapshot, state = conductor.snapshot, conductor.state
        return RunView(
            phase=state.phase,
            timeline=conductor.plan.timeline,
            plan_time_s=state.plan_time_s,
            wanted=conductor.wanted,
            step_index=state.step_index,
            profile=conductor.profile,
            snapshot=snapshot,
            snapshot_age_s=0.0 if snapshot is None else max(0.0, now_s - snapshot.at_s),
            guardian_alive=True,
            distance_m=conductor.distance_m,
            cue=conductor.cue,
            message=self._fault or conductor.message,
            summary=self._summary if state.phase in ENDS else None,
        )


def is_over(view: RunView) -> bool:
    """Whether nothing more will happen in this run without a person."""
    return view.summary is not None or not view.guardian_alive or view.phase is Phase.FINISHED
