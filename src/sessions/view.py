"""What a screen may know of a run, as one frozen value; and what a person may ask of it.

The screen is a function of ``RunView``. ``Controls`` is everything that keys and buttons can do; all of it
returns at once and may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from ..guardian.messages import HeartShown, Snapshot
from ..machine import BeltDirection, DeviceProfile, Facing, Identity, Setpoint
from ..safety.attention import AnsweredBy
from ..safety.feeling import Symptom
from ..safety.hazards import Hazard
from ..training.answers import NO_ANSWERS, Answers
from ..training.history import Event
from ..workouts.engine import Phase
from ..workouts.timeline import Timeline
from .owed import Answered, Owed
from .person import Person, Strap
from .summary import Summary

__all__ = [
    "Answered",
    "CoachAsk",
    "Control",
    "Controls",
    "Group",
    "Launcher",
    "Offer",
    "OnAir",
    "Owed",
    "Participant",
    "Person",
    "RunView",
    "Sound",
    "Spoken",
    "Strap",
    "StrapFound",
    "Summary",
    "TreadmillChoice",
    "TurnView",
    "WatchView",
    "Watching",
]


class Control(Enum):
    """Whose hand is on the belt in this run."""

    GUARDIAN = "guardian"
    COACHED = "coached"
    TRACK = "track"


class Sound(Enum):
    """Whether cues are heard. Nothing rises on cues that failed."""

    UNTESTED = "untested"
    ASKED = "asked"
    HEARD = "heard"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One cue as it was spoken and shown: when, on the monotonic clock, and its words."""

    at_s: float
    text: str


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn under way. ``needs`` is the sentence of what is still missing, None when the start may begin.

    ``still_s``: how long the belt has been reported still, of the ``dwell_s`` that a turn needs.
    """

    facing: Facing
    belt: BeltDirection
    on_rails: bool
    facing_confirmed: bool
    still_s: float
    dwell_s: float
    needs: str | None


@dataclass(frozen=True, slots=True)
class CoachAsk:
    """What the person, or whoever is at the console, shall set by hand. ``due_in_s`` counts down to the change."""

    text: str
    speed_kph: float
    incline_percent: float
    due_in_s: float
    confirmed: bool


_CHECKED = [Hazard.ATTENTION_ASKED, Hazard.ATTENTION_LATE, Hazard.ATTENTION_LOST]


@dataclass(frozen=True, slots=True)
class RunView:
    """The state of a run at one moment.

    ``snapshot`` is None until the guardian has connected; its numbers are ``snapshot_age_s`` plus its own
    ``age_s`` old. ``wanted`` is what the plan wants now. ``cue`` is the text of the current step, ``message``
    the newest sentence for the person (a refusal, a cause, a connection that failed).

    ``held``: plan time waits at the person's wish. ``extended_s``: what is left of the time added to this step.
    ``nudge_kph`` and ``scale_percent``: what the person changed. ``raise_in_s``: a rise that was announced comes in
    so long. ``spoken``: the last cues, newest last. ``continue_for_s``: how long "continue from this step" is still
    offered, None when it is not. ``all_right_s``: seconds left to answer "are you all right?", None when it is
    not asked; ``calling``: nobody answered and help is called. ``stop_seen``: the person's own stop key was seen in
    the preflight. ``coach``: what to set by hand, in a run without control of the belt. ``rings`` counts the bells
    that were asked for so far: the screen rings once for each. ``metres_left``: of a step that metres end, as measured.

    ``identity``: which machine is connected, in its own words; ``remark``: why it is only read, if it is.
    ``empty_belt``: nobody is on the belt of this run, and nobody may be. ``computer``: what this computer cannot tell
    or do, a sentence. ``key_test``: the machine has a safety key that is tested each day; ``key_tested``: it was, for
    the way of the next start, or need not be. ``show_machine``: its adapter has no number; ``machine_shown``: a hand at
    it was seen in its reports, or need not be. ``key_tested_at``: the hour and minute of that test, where it is known.
    ``answers``: who answers the attention check. ``symptom``: what the person said that they feel; ``told``: their own
    numbers of pain and effort; ``happened``: what they said befell them.
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
    control: Control = Control.GUARDIAN
    held: bool = False
    extended_s: float = 0.0
    nudge_kph: float = 0.0
    scale_percent: int = 100
    raise_in_s: float | None = None
    spoken: tuple[Spoken, ...] = ()
    turn: TurnView | None = None
    continue_for_s: float | None = None
    all_right_s: float | None = None
    calling: bool = False
    sound: Sound = Sound.UNTESTED
    stop_seen: bool = False
    coach: CoachAsk | None = None
    rings: int = 0
    metres_left: float | None = None
    identity: Identity | None = None
    remark: str | None = None
    empty_belt: bool = False
    computer: str | None = None
    key_test: bool = False
    key_tested: bool = True
    show_machine: bool = False
    machine_shown: bool = True
    key_tested_at: str | None = None
    answers: AnsweredBy = AnsweredBy.SUPERVISOR
    symptom: Symptom | None = None
    told: Answers = NO_ANSWERS
    happened: Event | None = None

    @property
    def checked(self) -> Hazard | None:
        """How far the attention check has gone unanswered; None while it does not ask."""
        causes = () if self.snapshot is None else self.snapshot.causes
        found = [one.hazard for one in causes if one.hazard in _CHECKED]
        return max(found, key=_CHECKED.index, default=None)

    @property
    def heart(self) -> HeartShown | None:
        """What the strap says, as of the newest snapshot; None where there is none."""
        return None if self.snapshot is None else self.snapshot.heart

    @property
    def facing(self) -> Facing:
        """Which way the person looks in the step that is on; in a turn, once it is made."""
        return self.timeline.steps[self.step_index].facing

    @property
    def belt(self) -> BeltDirection:
        """Which way the belt runs in the step that is on; in a turn, after it."""
        return self.timeline.steps[self.step_index].belt


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

    def prepared(self) -> None:
        """The checklist is done: a plan that begins off the belt begins."""
        ...

    def key_pulled(self) -> None:
        """The person has pulled the safety key of a machine that says nothing of it, and put it back."""
        ...

    def belt_empty(self, confirmed: bool) -> None:
        """Whether a person has confirmed that nobody is on the belt; an experiment is armed with nothing less."""
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

    def previous_step(self) -> None:
        """Back to the start of this step; in its first seconds, to the step before it."""
        ...

    def hold(self) -> None:
        """Let plan time wait at the set-point of now, or let it go on."""
        ...

    def extend(self) -> None:
        """Add a minute to the step that is on."""
        ...

    def nudge(self, by_kph: float) -> None:
        """Change the speed of this step: lower at once, higher after a warning and within the limits."""
        ...

    def scale(self, by_percent: int) -> None:
        """Scale the speeds of the rest of the plan: lower at once, higher after a warning and within the limits."""
        ...

    def confirm_turn(self) -> None:
        """The next confirmation of a turn: on the rails with the belt seen still, then facing the new way."""
        ...

    def continue_run(self) -> None:
        """After the person's own stop: back to this step, by a whole new start from the lowest speed."""
        ...

    def all_right(self) -> None:
        """The person answers that they are all right: after a stop, and to the attention check."""
        ...

    def feel(self, what: Symptom) -> None:
        """The person feels this, and the belt stops for it. Goes to the guardian directly, as a stop does."""
        ...

    def rate(self, pain: int | None, effort: int | None) -> None:
        """How much it hurts and how hard it is, from 0 to 10; None: no answer."""
        ...

    def happened(self, what: Event) -> None:
        """This befell the person: a fall, a near-fall, a stumble."""
        ...

    def focus(self, has_focus: bool) -> None:
        """Whether the terminal is the one that gets the keys. Any thread."""
        ...

    def own_stop_seen(self) -> None:
        """A stop key was pressed in the preflight, from where the person will be."""
        ...

    def test_sound(self) -> int:
        """Speak a random digit from 2 to 5 (where nothing can speak, ring so often); returns it."""
        ...

    def sound_heard(self, heard: bool) -> None:
        """The digit was typed as it was spoken, or was not."""
        ...

    def confirm_set(self) -> None:
        """Without control of the belt: what the coach asked for has been set."""
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
    ``not_for`` says who should leave it or ask first. ``source`` is where the dose comes from, ``grade`` what that is
    worth, in a word and a sentence; both are empty where the author says nothing. ``filled_in`` is what the author
    decided beside the source. ``read_back`` is what a participant of a clinic is read before the start, line by line;
    empty for everybody else.
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
    not_for: tuple[str, ...] = ()
    source: str = ""
    grade: str = ""
    read_back: tuple[str, ...] = ()
    filled_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody whom a clinic can receive: their pseudonym, and what is prescribed for them today, a line each."""

    pseudonym: str
    today: tuple[str, ...]


class Group(Enum):
    """What kind of belt is behind a choice, as the list of treadmills is divided."""

    REAL = "Real"
    SIMULATED = "Simulated"
    BY_HAND = "Set by hand: the program coaches"


@dataclass(frozen=True, slots=True)
class TreadmillChoice:
    """A treadmill that can be chosen: its address and what to call it. ``known``: it has been run from here before.

    Of a real one: ``card`` is what is known of it and what it allows, in lines; ``held_back`` why it is only read, and
    the mend, None where it is driven; ``remembered``: it is on this computer's list.
    """

    address: str
    title: str
    simulated: bool
    known: bool = False
    card: tuple[str, ...] = ()
    held_back: str | None = None
    remembered: bool = False

    @property
    def group(self) -> Group:
        """Where it stands in the list."""
        if self.simulated:
            return Group.SIMULATED
        return Group.BY_HAND if self.address.startswith("coach:") else Group.REAL


@dataclass(frozen=True, slots=True)
class StrapFound:
    """A heart-rate strap that was heard: its address, and its name, cleaned; empty where it has none."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class OnAir:
    """What a search has heard so far, each address once."""

    treadmills: tuple[TreadmillChoice, ...] = ()
    straps: tuple[StrapFound, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchView:
    """What a machine that is only watched says. Numbers are as last reported, ``age_s`` ago; None: never reported.

    ``connected`` is the name of the machine once there is a link, and ``identity`` which machine it says it is.
    ``message``: a sentence on why there is no link (any more), or on why the machine is only read.
    """

    connected: str | None = None
    identity: Identity | None = None
    speed_kph: float | None = None
    incline_percent: float | None = None
    distance_m: float | None = None
    age_s: float | None = None
    message: str | None = None
    over: bool = False


Keep = Callable[[Path, Person | None], str]
"""Takes the journal of a run that is over into the store, for whoever ran; a sentence about it."""


class Watching(Protocol):
    """A machine that is watched. There is no way to ask it for anything."""

    def view(self) -> WatchView:
        """The newest state. Any thread."""
        ...

    def close(self) -> None:
        """Let go of it. Returns within a second."""
        ...


class Launcher(Protocol):
    """What the set-up screen needs: what there is to choose, and the way into a run."""

    def treadmills(self) -> tuple[TreadmillChoice, ...]:
        """The treadmills to choose from, the preselected one first."""
        ...

    def person(self) -> Person | None:
        """Who trains here; None when nobody has been asked yet."""
        ...

    @property
    def alone(self) -> bool:
        """Whether the person said before the program began that nobody else is there."""
        ...

    def introduce(self, person: Person) -> None:
        """Remember who trains here. Raises OSError where that cannot be kept."""
        ...

    def participants(self) -> tuple[Participant, ...] | None:
        """Whom the clinic of this data folder can receive; None where this computer is nobody's clinic.

        Raises OSError for a register that cannot be read.
        """
        ...

    def receive(self, pseudonym: str | None) -> None:
        """From now on this participant trains here, or none of the clinic. Raises LookupError or OSError."""
        ...

    def owed(self) -> Owed:
        """What is asked before anything else: of the morning after the last run, of the night, of what came of it."""
        ...

    def answer(self, asked: Owed, answered: Answered) -> None:
        """Keep what was said to it. Raises OSError where that cannot be kept."""
        ...

    def offers(self, address: str, alone: bool = False) -> tuple[Offer, ...]:
        """The workouts for that treadmill, the preselected one first; ``alone``: with nobody at the belt."""
        ...

    def search(self, told: Callable[[OnAir], None]) -> str | None:
        """Listen for machines and straps, some seconds long; ``told`` hears of each news, on the calling thread.

        A sentence with its mend where the search failed. No run may be opened meanwhile.
        """
        ...

    def remember(self, treadmill: TreadmillChoice) -> None:
        """Keep it on this computer's list. Raises OSError where that cannot be kept."""
        ...

    def watch(self, address: str) -> Watching:
        """Read what a machine reports, and nothing else. Raises OSError where that cannot begin."""
        ...

    def launch(self, offer: Offer, address: str) -> Controls:
        """Open a run: starts the guardian and connects. Returns at once; the view tells how it goes."""
        ...

    def recovered(self) -> tuple[str, ...]:
        """Sentences about earlier runs that were found interrupted and have been closed; empty most days."""
        ...
