"""A run for real: the conductor on its own thread, the guardian in its own process, the journal on its own thread.

The session thread waits on one queue for whatever comes first: a message of the guardian, a key, or the next
tick. The screen reads a finished ``RunView`` and never waits for this thread; a stop does not pass through it.
"""

from __future__ import annotations

import math
import os
import queue
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..clock import monotonic_s
from ..devices.sheet import Sheet
from ..guardian.messages import (
    PROTOCOL,
    Armed,
    Connect,
    Connected,
    ConnectRefused,
    Feel,
    FromGuardian,
    Snapshot,
    Stepped,
    StopNow,
    Strap,
)
from ..guardian.standby.messages import Stage, Told
from ..machine import Identity
from ..safety.attention import AnsweredBy
from ..safety.feeling import Symptom
from ..safety.inputs import StopBy, Unreachable
from ..safety.modes import AT_REST, IN_MOTION, Mode
from ..training.history import Event
from ..workouts.engine import ENDS, Phase, line_of
from ..workouts.phrases import language
from ..workouts.state import left_of_m
from .causes_told import CausesTold
from .coach import Coach, CoachLink, GuardianLink, is_coached
from .conductor import Conductor, Health, RunPlan, Said, Taken
from .cue_check import CueCheck, looked
from .cue_tones import tone_beside
from .floor import Floor
from .guardian_client import GuardianClient
from .hearing import AS_EVERYBODY, Hearing
from .host import LOCKED, Host, system_host
from .journal import CHECKLIST, FELT, HAPPENED, Journal
from .key_gate import KeyGate
from .machines.shown import MachineGate
from .narration import Utterance, utterance
from .person import Person
from .preflight import ways
from .summary import Summary
from .treadmills import is_real
from .view import Control, RunView, Sound, Spoken, TurnView
from .voice import Speaker, call_for_help, digit_question, system_speaker
from .voice.digit import DIGITS
from .voice.tone import Tone
from .voice.tones import Tones, system_tones

# Twice as often as the guardian steps: a cue is then spoken within half a tenth of a second of its moment.
TICK_S = 0.05
# Modes in which a stop key is an ordinary key again.
_KEYS_FREE = frozenset({Mode.IDLE, Mode.LATCHED, Mode.DISCONNECTED, Mode.FAULT})
# A mode that was told longer ago than this is not known.
MODE_KNOWN_S = 1.0
# A press that has waited longer was made for another moment: the whole program stood still in between.
PRESS_KEPT_S = 0.5

# How often the receiver of a remote is looked for: the rule for it counts in seconds.
DEVICE_S = 1.0
# Spoken cues that a screen shows: what fits beside the digits.
SPOKEN_KEPT = 8
_HELD_AWAKE = IN_MOTION | {Mode.ARMED, Mode.COUNTDOWN, Mode.TURN, Mode.PAUSED, Mode.STOPPING, Mode.ESCALATED}

Act = Callable[[Conductor, float], Said]


@dataclass(frozen=True, slots=True)
class RunSetup:
    """What a run is opened with. ``journal`` None: ``trouble`` says why there is none.

    ``sheet``: what this computer keeps of the machine; the guardian takes it instead of its careful default.
    ``hearing``: how the person wants to hear it.
    """

    plan: RunPlan
    address: str
    folder: Path
    journal: Journal | None
    trouble: str | None = None
    person: Person | None = None
    speech: bool = True
    sheet: Sheet | None = None
    hearing: Hearing = AS_EVERYBODY


class LiveRun:
    """One run; implements ``view.Controls``."""

    def __init__(
        self,
        setup: RunSetup,
        speaker: Speaker | None = None,
        host: Host | None = None,
        tones: Tones | None = None,
    ) -> None:
        """Start the guardian and ask it to connect. Returns at once.

        ``speaker``, ``host`` and ``tones`` are those of this computer where none are given. Raises OSError where no
        process can be started; the journal is closed then.
        """
        now_s = monotonic_s()
        self._person = setup.person
        remote = None if setup.person is None else setup.person.remote
        self._device = None if remote is None else remote.device
        self._device_there = True
        self._device_s = now_s
        self._journal = setup.journal
        self._conductor = Conductor(setup.plan, now_s, self._record_engine)
        self._conductor.prepared = False
        self._key = KeyGate(setup.folder, setup.address, setup.plan.key_test, frozenset(ways(setup.plan.timeline)))
        self._conductor.key_tested = lambda facing, belt: self._key.tested((facing, belt))
        self._machine = MachineGate(setup.plan.show_machine)
        self._conductor.machine_shown = lambda: self._machine.shown
        self._acts: queue.SimpleQueue[Act | None] = queue.SimpleQueue()
        self._turned_s = now_s
        self._input_alive = True
        self._has_focus = True
        self._mode: Mode | None = None
        self._mode_s = now_s
        self._ever_connected = False
        self._summary: Summary | None = None
        self._identity: Identity | None = None
        self._remark: str | None = None
        self._trouble = setup.trouble
        self._trouble_told = False
        self._fault: str | None = None
        self._causes = CausesTold()
        self._rings = 0
        self._spoken: tuple[Spoken, ...] = ()
        self._sound = Sound.UNTESTED
        self._stop_seen = False
        self._happened: Event | None = None
        self._called = False
        self._awake = False
        self._language = language(setup.hearing.language)
        self._floor = Floor()
        self._speaker = speaker or system_speaker(self._ring, self._language.voice, setup.speech)
        self._tones = tones or system_tones(setup.hearing.tones)
        self._metronome = setup.hearing.metronome
        self._beats: float | None = None
        self._rose_s = -math.inf
        self._asks_again = setup.plan.answers is AnsweredBy.HAND and not setup.plan.empty_belt
        self._cue_check = CueCheck()
        self._host = host or system_host()
        self._coach = Coach(setup.address) if is_coached(setup.address) else None
        self._conductor.narrator.measured = self._coach is None
        self._view = self._make_view(now_s)
        try:
            self._guardian: GuardianLink = self._link(setup, now_s)
        except OSError:
            self._end_journal()
            self._silence()
            raise
        self._guardian.send(Connect(PROTOCOL, setup.address, setup.sheet))
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)
        self._thread.start()

    def _link(self, setup: RunSetup, now_s: float) -> GuardianLink:
        if self._coach is None:
            standby = self._standby_told if is_real(setup.address) else None
            return GuardianClient(setup.folder, self._heard, self._guardian_ended, standby)
        return CoachLink(self._coach.belt(now_s), self._heard)

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
        """Whether a stop key means STOP: the belt may move, or nobody knows. Where it is not ours, never."""
        if self._coach is not None or not self._ever_connected:
            return False
        known = self._guardian.alive and monotonic_s() - self._mode_s <= MODE_KNOWN_S
        return not known or self._mode not in _KEYS_FREE

    def prepared(self) -> None:
        """The checklist is done."""
        if not self._conductor.prepared:
            self._note(CHECKLIST, "every item was ticked", monotonic_s())
        self._conductor.prepared = True

    def key_pulled(self) -> None:
        """The person has pulled the key of a machine that says nothing of it."""
        self._acts.put(self._taken_at_word)

    def _taken_at_word(self, _conductor: Conductor, now_s: float) -> Said:
        self._key.taken_at_word()
        self._note("key test", "a person says that the key was pulled and stopped the machine", now_s)
        return ()

    def belt_empty(self, confirmed: bool) -> None:
        """A person has confirmed that nobody is on the belt, or does not any more."""
        self._conductor.belt_empty = confirmed

    def arm(self) -> None:
        """The start sequence begins."""
        self._conductor.prepared = True
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
        self._for_now(lambda conductor, now_s: conductor.previous_step(now_s))

    def hold(self) -> None:
        """Plan time waits, or goes on."""
        self._for_now(lambda conductor, now_s: conductor.hold(now_s))

    def extend(self) -> None:
        """A minute more of this step."""
        self._for_now(lambda conductor, now_s: conductor.extend(now_s))

    def nudge(self, by_kph: float) -> None:
        """The speed of this step."""
        self._for_now(lambda conductor, now_s: conductor.nudge(by_kph, now_s))

    def scale(self, by_percent: int) -> None:
        """The speeds of the rest."""
        self._for_now(lambda conductor, now_s: conductor.scale(by_percent, now_s))

    def confirm_turn(self) -> None:
        """The next confirmation of a turn."""
        self._for_now(lambda conductor, now_s: conductor.confirm_turn(now_s))

    def continue_run(self) -> None:
        """Back to this step after the person's own stop."""
        self._for_now(self._continue)

    def all_right(self) -> None:
        """The person is all right."""
        self._acts.put(self._fine)

    def _fine(self, conductor: Conductor, now_s: float) -> Said:
        """They are there and they hear: the answer to whatever was asked last."""
        check, self._cue_check = self._cue_check, self._cue_check.answered()
        if self._cue_check is not check and not check.heard:
            self._note("cue test", "heard with the belt moving", now_s)
            conductor.say(utterance("cue-test-heard"), now_s)
        return conductor.all_right(now_s)

    def feel(self, what: Symptom) -> None:
        """The person feels this: to the guardian first, as a stop is."""
        self._guardian.send(Feel(what) if self._coach is None else StopNow(StopBy.OPERATOR))
        self._acts.put(lambda conductor, now_s: self._felt(conductor, what, now_s))

    def _felt(self, conductor: Conductor, what: Symptom, now_s: float) -> Said:
        self._note(FELT, what.value, now_s)
        return conductor.felt(what, now_s)

    def happened(self, what: Event) -> None:
        """What befell the person."""
        self._acts.put(lambda _conductor, now_s: self._befell(what, now_s))

    def _befell(self, what: Event, now_s: float) -> Said:
        self._happened = what
        self._note(HAPPENED, what.value, now_s)
        return ()

    def rate(self, pain: int | None, effort: int | None) -> None:
        """How much it hurts and how hard it is."""
        self._acts.put(lambda conductor, now_s: self._rated(conductor, pain, effort, now_s))

    def _rated(self, conductor: Conductor, pain: int | None, effort: int | None, now_s: float) -> Said:
        """An answer that was not given is kept as that: silence is not a yes."""
        words = (("pain", pain), ("effort", effort))
        said = [f"{what} not said" if level is None else f"{what} {level} of 10" for what, level in words]
        self._note("said of oneself", ", ".join(said), now_s)
        rated = conductor.rate(pain, effort)
        if self._summary is not None:
            self._summary = replace(self._summary, answers=conductor.answers)
        return rated

    def focus(self, has_focus: bool) -> None:
        """The terminal gets the keys, or does not."""
        self._has_focus = has_focus

    def own_stop_seen(self) -> None:
        """The person's own stop key reaches the program."""
        self._stop_seen = True

    def test_sound(self) -> int:
        """Speak a digit, or ring it."""
        digit = random.SystemRandom().choice(DIGITS)
        self._sound = Sound.ASKED
        digit_question(self._speaker, digit, self._language)
        return digit

    def sound_heard(self, heard: bool) -> None:
        """The digit was understood, or was not."""
        self._sound = Sound.HEARD if heard else Sound.FAILED

    def confirm_set(self) -> None:
        """What the coach asked for has been set by hand."""
        if self._coach is not None:
            self._coach.confirm()
            if isinstance(self._guardian, CoachLink):
                self._guardian.confirm()

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
        self._silence()

    def _silence(self) -> None:
        self._speaker.close()
        self._tones.close()
        self._host.close()

    def _ring(self) -> None:
        """The bell is the terminal's, and the terminal the screen's: it rings when it next looks."""
        self._rings += 1

    # --- the guardian's reading thread ----------------------------------------------------------------------

    def _heard(self, message: FromGuardian) -> None:
        if isinstance(message, Snapshot):
            self._mode, self._mode_s = message.mode, message.at_s
        elif isinstance(message, Connected):
            self._ever_connected = True
        self._acts.put(lambda conductor, now_s: self._take(conductor, message, now_s))

    def _guardian_ended(self, reason: str) -> None:
        self._acts.put(lambda conductor, now_s: self._lost(conductor, reason, now_s))

    def _standby_told(self, told: Told) -> None:
        self._acts.put(lambda conductor, now_s: self._take_over(conductor, told, now_s))

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
            self._speak(now_s)
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
        self._tell_computer(conductor, now_s)
        self._keep_awake()
        if not self._called and conductor.aftercare.calling(now_s):
            self._called = True
            self._call(now_s)
        self._check_cues(conductor, now_s)
        return conductor.tick(now_s, self._health(now_s))

    def _check_cues(self, conductor: Conductor, now_s: float) -> None:
        """The test of the cues once more, at the speed of the warm-up, where the person can answer from there."""
        if not self._asks_again or self._coach is not None:
            return
        moves = conductor.state.phase is Phase.RUNNING and self._mode is Mode.RUN
        self._cue_check, asks = looked(self._cue_check, moves, not conductor.rise_pending, now_s)
        if asks:
            conductor.say(utterance("cue-test"), now_s)

    def _health(self, now_s: float) -> Health:
        journal, host = self._journal, self._host
        away = (
            (Unreachable.FOCUS, not self._has_focus),
            (Unreachable.LOCKED, LOCKED in host.unreachable()),
            (Unreachable.REMOTE, self._remote_gone(now_s)),
        )
        unreachable = tuple(what for what, is_so in away if is_so)
        return Health(
            now_s - self._turned_s,
            self._input_alive,
            unreachable,
            0.0 if journal is None else journal.waiting_s(now_s),
            journal is not None and journal.failed is not None,
            self._cues_ok(),
            host.sleeping(),
            host.battery_percent(),
        )

    def _remote_gone(self, now_s: float) -> bool:
        """Whether the receiver of the remote is not plugged in any more; looked at once a second."""
        if self._device is not None and now_s - self._device_s >= DEVICE_S:
            self._device_s, self._device_there = now_s, os.path.lexists(self._device)
        return not self._device_there

    def _cues_ok(self) -> bool:
        """Cues are heard: the test was passed and nothing has failed since. Who is coached sets the belt by hand."""
        heard = self._sound is Sound.HEARD and not self._cue_check.unheard(monotonic_s())
        return self._coach is not None or (heard and self._speaker.ok)

    def _keep_awake(self) -> None:
        awake = self._mode in _HELD_AWAKE
        if awake is not self._awake:
            self._awake = awake
            (self._host.arm if awake else self._host.disarm)()

    def _call(self, now_s: float) -> None:
        """Nobody answers: the person's own command, beside the voice that calls already."""
        command = () if self._person is None else self._person.call
        self._note("help", "nobody answered; calling for help", now_s)
        if command:
            call_for_help(command, "nobody answers at the treadmill", self._called_out)

    def _called_out(self, result: str) -> None:
        def note(conductor: Conductor, now_s: float) -> Said:
            conductor.message = result
            self._note("help", result, now_s)
            return ()

        self._acts.put(note)

    def _speak(self, now_s: float) -> None:
        """What is to be said goes to the voice and onto the screen; neither waits for the other."""
        for planned_s, one in self._conductor.take_utterances():
            if self._coach is not None and not self._coach.says(one):
                continue
            self._floor.offer(planned_s, one, one.aloud(self._language))
            if not one.remark:
                self._show(planned_s, one)
        self._beat()
        self._rise(self._conductor.take_rises())
        announced = self._coach is None and self._conductor.rise_pending
        for word in self._floor.take(now_s, announced):
            self._sound_of(word.one, now_s)
            self._speaker.say(word.one.aloud(self._language), word.one.urgent, word.planned_s)
            if word.one.urgent and self._speaker.can_speak and not self._speaker.ok:
                self._ring()  # the voice has failed: what is urgent is at least a bell, and stands on the screen
            if word.one.remark:
                self._show(word.planned_s, word.one)

    def _sound_of(self, one: Utterance, now_s: float) -> None:
        tone = tone_beside(one, now_s - self._rose_s)
        if tone is not None:
            self._tones.play(tone)

    def _rise(self, begun_s: tuple[float, ...]) -> None:
        """The tone of a rise that begins; a belt that is set by hand rises when the hand does it."""
        if begun_s and self._coach is None:
            self._rose_s = begun_s[-1]
            self._tones.play(Tone.RISE)

    def _beat(self) -> None:
        """The metronome follows the plan."""
        conductor = self._conductor
        beats = None if self._metronome is None else self._metronome.beats_per_min(conductor.step, conductor.state)
        if beats != self._beats:
            self._beats = beats
            self._tones.beat(beats)

    def _show(self, planned_s: float, one: Utterance) -> None:
        """Onto the screen and into the journal, where everything is English."""
        self._spoken = (*self._spoken, Spoken(planned_s, one.text))[-SPOKEN_KEPT:]
        self._note("said", one.text, planned_s)

    def _continue(self, conductor: Conductor, now_s: float) -> Said:
        said = conductor.continue_run(now_s)
        if conductor.ended_s is None:
            self._summary = None
        return said

    def _tell_trouble(self, conductor: Conductor) -> None:
        """That the journal is not written is said once, and stands in the summary.

        Not before the connection: until then the one message is that none came about.
        """
        if self._journal is not None and self._journal.failed is not None:
            self._trouble = self._journal.failed
        if self._trouble is not None and not self._trouble_told and conductor.profile is not None:
            self._trouble_told = True
            conductor.message, conductor.notes = self._trouble, (*conductor.notes, self._trouble)

    def _tell_computer(self, conductor: Conductor, now_s: float) -> None:
        """What the computer cannot tell or do: each sentence once, in the journal and the summary."""
        why = self._host.why
        if why is not None and why not in conductor.notes:
            self._note("computer", why, now_s)
            conductor.notes = (*conductor.notes, why)

    def _take(self, conductor: Conductor, message: FromGuardian, now_s: float) -> Said:
        if isinstance(message, Snapshot):
            return self._see(conductor, message, now_s)
        if isinstance(message, Connected):
            return self._met(conductor, message, now_s)
        if isinstance(message, ConnectRefused):
            conductor.message = message.message
            self._note("not connected", message.message, now_s)
        if isinstance(message, Stepped):
            self._look_for_key(message, now_s)
        if self._journal is not None:
            if isinstance(message, Stepped):
                self._journal.step(message)
            elif isinstance(message, Armed):
                self._journal.armed(message)
        return ()

    def _look_for_key(self, stepped: Stepped, now_s: float) -> None:
        """A key that is pulled while the belt rests is the test of it; a hand at the machine shows which one it is."""
        if stepped.mode in AT_REST and self._key.heard(stepped.inputs):
            self._note("key test", "the treadmill says that its key was pulled", now_s)
        if self._machine.heard(stepped):
            self._note("this machine", "a hand at it was seen in its reports", now_s)

    def _met(self, conductor: Conductor, message: Connected, now_s: float) -> Said:
        """There is a connection, the first or another one; a strap is listened to as well, from the first on."""
        first = conductor.profile is None
        conductor.connected(message)
        if self._journal is not None:
            self._journal.connected(message)
        self._note("connected", message.profile.name, now_s)
        before, self._identity, self._remark = self._remark, message.identity, message.remark
        if message.remark is not None:
            conductor.message = message.remark
            self._note("only read", message.remark, now_s)
        elif before is not None and conductor.message == before:
            conductor.message = None
        strap = None if self._person is None else self._person.strap
        return (Strap(strap.address),) if first and strap is not None and self._coach is None else ()

    def _see(self, conductor: Conductor, snapshot: Snapshot, now_s: float) -> Said:
        before = conductor.snapshot
        said = conductor.seen(snapshot, now_s)
        if before is None or before.mode is not snapshot.mode:
            self._note("mode", snapshot.mode.value, now_s)
        self._causes, told = self._causes.with_causes(snapshot.causes, now_s)
        for cause in told:
            self._note(cause.hazard.value, cause.message, now_s)
        return said

    def _lost(self, conductor: Conductor, reason: str, now_s: float) -> Said:
        """Nobody tells us of the belt any more. A guardian that lives on unheard stops it when our end closes."""
        self._guardian.leave()
        conductor.guardian_lost(reason, now_s)
        self._note("guardian", reason, now_s)
        return ()

    def _take_over(self, conductor: Conductor, told: Told, now_s: float) -> Said:
        """What the standby sees stands under the alarm, which stays: only somebody who looks knows that it is over."""
        self._note("standby", told.message, now_s)
        if told.stage is not Stage.READY:
            conductor.message = told.message
        return ()

    def _record_engine(self, taken: Taken) -> None:
        if self._journal is not None:
            self._journal.engine(taken)

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
        coach = None if self._coach is None else self._coach.look(conductor, now_s)
        return RunView(
            phase=state.phase,
            timeline=line_of(conductor.plan.timeline, state),
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
            control=Control.GUARDIAN if self._coach is None else self._coach.control,
            held=state.held,
            extended_s=state.extended_s,
            nudge_kph=state.nudge_kph,
            scale_percent=state.scale_percent,
            raise_in_s=None if state.raise_at_s is None else max(0.0, state.raise_at_s - now_s),
            spoken=self._spoken,
            turn=_turn(snapshot),
            continue_for_s=conductor.aftercare.continue_for_s(now_s),
            all_right_s=conductor.aftercare.all_right_s(now_s),
            calling=conductor.aftercare.calling(now_s),
            sound=self._sound,
            stop_seen=self._stop_seen,
            coach=coach,
            rings=self._rings,
            metres_left=left_of_m(line_of(conductor.plan.timeline, state), state),
            identity=self._identity,
            remark=self._remark,
            empty_belt=conductor.plan.empty_belt,
            computer=self._host.why,
            show_machine=self._machine.needed,
            machine_shown=self._machine.shown,
            key_test=self._key.needed,
            key_tested=self._key.complete,
            key_tested_at=self._key.tested_at((conductor.step.facing, conductor.step.belt)),
            answers=conductor.plan.answers,
            symptom=conductor.symptom,
            told=conductor.answers,
            happened=self._happened,
        )


def _turn(snapshot: Snapshot | None) -> TurnView | None:
    if snapshot is None or snapshot.turn is None:
        return None
    turn = snapshot.turn
    return TurnView(
        turn.facing, turn.belt, turn.on_rails, turn.facing_confirmed, turn.still_s, turn.dwell_s, turn.needs
    )


def is_over(view: RunView) -> bool:
    """Whether nothing more will happen in this run without a person."""
    return view.summary is not None or not view.guardian_alive or view.phase is Phase.FINISHED
