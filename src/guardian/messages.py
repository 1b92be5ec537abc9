"""What the main process and the guardian say to one another.

Every message to the guardian that could move a belt carries the epoch of the connection that it was meant
for and a deadline; the guardian drops it when either is past. A stop carries neither: it is always taken.
Moments are monotonic seconds, which the processes of one computer share.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..devices.advert import Advert
from ..devices.sheet import Sheet
from ..machine import NOT_SAID, BeltDirection, Command, DeviceProfile, Facing, Identity
from ..safety.attention import AnsweredBy
from ..safety.feeling import Symptom
from ..safety.hazards import Action, Cause
from ..safety.heart import HeartCeiling
from ..safety.inputs import Input, StopBy, TurnConfirm, Unreachable
from ..safety.limits import Limits, PlanCeiling
from ..safety.modes import Mode
from ..safety.stopping import StopClass
from ..values import value
from .trials import Trial, TrialPhase

# Counted up with every change of a message: a guardian and a main of different numbers refuse one another.
PROTOCOL = 5

# --- to the guardian ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connect:
    """Reach this treadmill. ``address`` is parsed by the guardian; ``sheet``: what main knows of it, if anything."""

    protocol: int
    address: str
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """Listen for machines and straps that advertise themselves. ``via``: a transport other than this computer's own."""

    protocol: int
    seconds: float
    via: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """Reach this machine and tell its reports. Nothing is ever asked of it, not even a stop."""

    protocol: int
    address: str
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Strap:
    """Listen to this heart-rate strap as well; an empty address lets go of it."""

    address: str


@value
class Heartbeat:
    """The session thread is alive; every 200 ms. ``ui_age_s``: since the screen last had a turn.

    ``unreachable``: what keeps the person from the program now; the guardian keeps the ages. ``recorder_age_s``: of
    the oldest thing that is not yet recorded. ``cues_ok``: a person can be warned of a rise. ``battery_percent``: of a
    computer without mains. ``clicker_held``: of a hold-to-run clicker; None: there is none.
    """

    seq: int
    ui_age_s: float
    input_alive: bool
    unreachable: tuple[Unreachable, ...] = ()
    recorder_age_s: float = 0.0
    recorder_failed: bool = False
    cues_ok: bool = True
    battery_percent: int | None = None
    clicker_held: bool | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """A person with a completed checklist wants to start. Within one ``run_id`` limits only tighten.

    ``key_tested``: the safety key was tested today, in this mode. ``session_max_s``: the motion that is left of
    today's and of this session's minutes, counted from the first start of the run. ``belt_empty``: nobody is on the
    belt and nobody will step on it. ``heart``: the ceiling of the person's heart rate, if there is one. ``answers``:
    who answers the attention check. ``machine_shown``: a hand at the machine was seen in its reports in this
    run; asked for where its adapter has no number. ``prescribed``: limits of a clinic for this one person, with the
    author's reason.
    """

    epoch: int
    deadline_s: float
    run_id: str
    tier: str
    facing: Facing
    belt: BeltDirection
    plan: PlanCeiling
    checklist_done: bool
    key_tested: bool = False
    session_max_s: float = 3600.0
    belt_empty: bool = False
    heart: HeartCeiling | None = None
    answers: AnsweredBy = AnsweredBy.SUPERVISOR
    machine_shown: bool = False
    prescribed: Limits | None = None


@dataclass(frozen=True, slots=True)
class HoldDone:
    """The deliberate part of the start sequence is done; begin the countdown."""

    epoch: int
    deadline_s: float


@dataclass(frozen=True, slots=True)
class CancelStart:
    """Any key, a lapse, a change of mind: no start."""


@value
class Intent:
    """What the plan or a person wants now. ``seq`` counts up; an older one that comes late is dropped.

    ``heart_bpm``: the ceiling of the heart rate in this block of the plan; None: that of the arming holds alone.
    """

    epoch: int
    seq: int
    deadline_s: float
    speed_kph: float
    incline_percent: float
    heart_bpm: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Bring the belt to rest and keep the place."""

    epoch: int


@dataclass(frozen=True, slots=True)
class Rest:
    """The pause becomes a rest off the belt, which may last; going on is a full arming, as ever."""

    epoch: int


@dataclass(frozen=True, slots=True)
class Turn:
    """At rest: the person is to face this way, over a belt that runs this way."""

    epoch: int
    facing: Facing
    belt: BeltDirection


@dataclass(frozen=True, slots=True)
class ConfirmTurn:
    """A person has confirmed one half of the turn to this facing and belt."""

    epoch: int
    what: TurnConfirm
    facing: Facing
    belt: BeltDirection


@dataclass(frozen=True, slots=True)
class HostSleeping:
    """The computer is about to sleep or to shut down. Always taken."""


@dataclass(frozen=True, slots=True)
class StopNow:
    """Stop. Always taken."""

    by: StopBy


@dataclass(frozen=True, slots=True)
class Attend:
    """The attention check is answered."""


@dataclass(frozen=True, slots=True)
class Feel:
    """The person feels this. Always taken."""

    what: Symptom


@dataclass(frozen=True, slots=True)
class Rate:
    """How much it hurts and how hard it is, each from 0 to 10; None: not said."""

    pain: int | None = None
    effort: int | None = None


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A person has read the cause. ``key_tested``: and has pulled the safety key and put it back."""

    epoch: int
    key_tested: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """Try this out with nobody on the belt: at confirmed standstill, unarmed, one trial at a time."""

    epoch: int
    deadline_s: float
    trial: Trial


ToGuardian = (
    Connect
    | Scan
    | Watch
    | Strap
    | Heartbeat
    | Arm
    | HoldDone
    | CancelStart
    | Intent
    | Pause
    | Rest
    | Turn
    | ConfirmTurn
    | HostSleeping
    | StopNow
    | Attend
    | Feel
    | Rate
    | Acknowledge
    | Try
)

# --- to the main process ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connected:
    """There is a connection; ``epoch`` goes into every message that is meant for it.

    ``profile``: what the guardian goes by, of the first connection. ``identity``: which machine answers now, in its own
    words. ``remark``: a sentence on why it is only read, if it is.
    """

    epoch: int
    profile: DeviceProfile
    identity: Identity = NOT_SAID
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class ConnectRefused:
    """No connection came about; ``message`` is a sentence."""

    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """One machine or strap that advertises itself; names are as sent, for whoever shows them to clean."""

    advert: Advert


@dataclass(frozen=True, slots=True)
class ScanEnded:
    """The listening is over; ``problem``: a sentence with its mend, where it was none."""

    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """One report of a machine that is watched; None: not reported."""

    at_s: float
    speed_kph: float | None
    incline_percent: float | None
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class WatchEnded:
    """Nothing more comes of a machine that was watched; ``reason`` is a sentence."""

    reason: str


@value
class LimitInForce:
    """One ceiling as the screen shows it: ``value`` in ``unit``, with the reason that holds it there."""

    name: str
    value: float
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class StopShown:
    """A stop under way: its class, the stop frames sent so far, and seconds since it began."""

    kind: StopClass
    frames: int
    since_s: float


@dataclass(frozen=True, slots=True)
class TurnShown:
    """A turn under way: where it goes, what is confirmed, how long the belt was seen still of how long it must be.

    ``needs``: a sentence that says what is missing; None once the turn is complete and may be armed.
    """

    facing: Facing
    belt: BeltDirection
    on_rails: bool
    facing_confirmed: bool
    still_s: float
    dwell_s: float
    needs: str | None


@dataclass(frozen=True, slots=True)
class HeartShown:
    """What the strap says: ``bpm`` of ``age_s`` ago, None while nothing good has come; and the ceiling in force.

    ``trouble``: a sentence on why the strap is not heard, with its mend, where its link knows one.
    """

    bpm: int | None
    age_s: float | None
    contact: bool | None
    ceiling_bpm: int | None
    trouble: str | None = None


@value
class Snapshot:
    """The guardian's view of the belt, at least five times a second and at every change.

    ``speed_kph`` and the others are as last reported, ``age_s`` seconds before ``at_s``; None before the first
    report. ``sent_speed_kph`` is the set-point in force. ``standstill`` is the only ground for the word
    "stopped". ``alarm`` asks for the safety key. ``start_in_s`` is the rest of the countdown.
    """

    at_s: float
    epoch: int
    mode: Mode
    action: Action
    causes: tuple[Cause, ...]
    link_up: bool
    speed_kph: float | None
    incline_percent: float | None
    distance_m: float | None
    age_s: float | None
    sent_speed_kph: float
    sent_incline_percent: float
    standstill: bool
    alarm: bool
    start_in_s: float | None = None
    stop: StopShown | None = None
    limits: tuple[LimitInForce, ...] = ()
    turn: TurnShown | None = None
    heart: HeartShown | None = None


@value
class Stepped:
    """One step of the supervisor, for the journal: everything that went in, and what came out."""

    at_s: float
    elapsed_ms: int
    inputs: tuple[Input, ...]
    commands: tuple[Command, ...]
    mode: Mode
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Armed:
    """The configuration that the steps from here on ran under; the other half of what a replay needs.

    ``asks``: the attention check was on.
    """

    at_s: float
    profile: DeviceProfile
    tier: str
    facing: Facing
    belt: BeltDirection
    plan: PlanCeiling
    limits: Limits
    heart: HeartCeiling | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """How far a trial is; ``message`` says why it ended. What was sent, answered and reported in it is in ``Stepped``.

    After an end that stopped the belt, the supervisor has it: its standstill is in the snapshots, as ever.
    """

    at_s: float
    trial: Trial
    phase: TrialPhase
    message: str = ""


FromGuardian = (
    Connected | ConnectRefused | Found | ScanEnded | Watched | WatchEnded | Snapshot | Stepped | Armed | Tried
)
