"""A run without a belt: what the screens are shown is set by the test, what they ask for is written down."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from textual import events
from textual.pilot import Pilot

from retrotread.guardian.messages import LimitInForce, Snapshot
from retrotread.machine import BeltDirection, Capabilities, DeviceProfile, Facing, PhysicalStop, Qualification, Setpoint
from retrotread.safety.feeling import Symptom
from retrotread.safety.hazards import Action
from retrotread.safety.modes import Mode
from retrotread.sessions.owed import NOTHING_OWED
from retrotread.sessions.person import Health
from retrotread.sessions.view import (
    Answered,
    CoachAsk,
    Control,
    Offer,
    OnAir,
    Owed,
    Participant,
    Person,
    RunView,
    Sound,
    Summary,
    TreadmillChoice,
    TurnView,
    WatchView,
)
from retrotread.training.history import Event
from retrotread.tui.app import RetroApp
from retrotread.tui.screens.setup import SetupPage
from retrotread.workouts.engine import Phase
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.timeline import PlannedStep, StepKind, Timeline, unroll

PROFILE = DeviceProfile(
    name="Simulated treadmill (well-behaved)",
    capabilities=Capabilities(50, 1600, 10, 120, 5),
    lag_ms=400,
    report_period_ms=250,
    physical_stop=PhysicalStop.KEY,
    rails=True,
    qualification=Qualification.FULL,
    simulated=True,
)
KIM = Person("Kim", adult=True)
LIMITS = (
    LimitInForce("speed", 3.0, "km/h", "tier novice at home, backward"),
    LimitInForce("incline", 0.0, "%", "tier novice at home"),
)
SIMULATED = TreadmillChoice("sim://well-behaved", "Simulated treadmill (well-behaved)", True, known=True)
REAL = TreadmillChoice("ble://gym", "Treadmill in the gym", False)


@dataclass(frozen=True, slots=True)
class SmallPlan:
    """A plan that needs no file."""

    name: str = "First backward steps"
    level: int | None = 1
    facing: Facing = Facing.REAR

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        slow, brisk = Setpoint(1.0), Setpoint(2.5)
        steps = [PlannedStep(StepKind.WALK, "walk 2 min", 120, slow, slow, "tall, eyes level, short steps")]
        for _ in range(3):
            steps.append(PlannedStep(StepKind.WALK, "walk 60 s", 60, brisk, brisk, "land on the toes"))
            steps.append(PlannedStep(StepKind.WALK, "walk 90 s", 90, Setpoint(1.5), Setpoint(1.5)))
        steps.append(PlannedStep(StepKind.COOL_DOWN, "cool down 2 min", 120, Setpoint(1.5), Setpoint(0.5)))
        return steps


def small_timeline() -> Timeline:
    """Thirteen and a half minutes at up to 2.5 km/h."""
    return unroll(SmallPlan(), RampRates(0.2, 0.54, 0.5), 0.5)


TIMELINE = small_timeline()


def an_offer(**changes: object) -> Offer:
    """A workout as the set-up screen gets it."""
    offer = Offer(
        key="first",
        title="First backward steps",
        level=1,
        tier="novice at home",
        timeline=TIMELINE,
        needs=("rails", "spotter"),
        after=("stretch calves, 30 s each side", "stretch hamstrings, 30 s each side"),
        findings=("highest speed 2.5 km/h; tier novice at home allows 3.0 km/h backward",),
        problems=(),
        not_for=("a fall in the last twelve months; ask a clinician first", "a sore calf; walk instead"),
        source="Somebody et al. 2019, a trial",
        grade="trial: a controlled trial used this dose",
        filled_in=("the speed", "a warm-up"),
    )
    return replace(offer, **changes)  # type: ignore[arg-type]


HARD = an_offer(
    key="intervals",
    title="60:60 backward intervals",
    level=8,
    tier="trained, no harness",
    findings=(),
    problems=("run 60 s asks for 9.0 km/h; tier trained, no harness allows 8.0 km/h backward: ask for less",),
)
A_SUMMARY = Summary(
    workout="First backward steps",
    ended="the plan is done",
    complete=True,
    elapsed_s=735.0,
    plan_time_s=690.0,
    plan_total_s=690.0,
    distance_m=302.0,
    max_speed_kph=2.5,
    max_incline_percent=0.0,
    notes=("speed held at 3.0 km/h: tier novice at home",),
    journal="/home/you/.local/share/retrotread/sessions/2026-11-21T10-00-00.sqlite",
)


def a_snapshot(mode: Mode = Mode.RUN, speed_kph: float | None = 2.5, **changes: object) -> Snapshot:
    """What a guardian says of a belt in this mode; ``changes`` are fields of Snapshot."""
    snapshot = Snapshot(
        at_s=0.0,
        epoch=1,
        mode=mode,
        action=Action.ALLOW,
        causes=(),
        link_up=mode is not Mode.DISCONNECTED,
        speed_kph=speed_kph,
        incline_percent=0.0,
        distance_m=120.0,
        age_s=0.1,
        sent_speed_kph=speed_kph or 0.0,
        sent_incline_percent=0.0,
        standstill=False,
        alarm=False,
        limits=LIMITS,
    )
    return replace(snapshot, **changes)  # type: ignore[arg-type]


def still(mode: Mode, **changes: object) -> Snapshot:
    """A snapshot of a belt at confirmed standstill."""
    return a_snapshot(mode, 0.0, **{"standstill": True, **changes})


def a_view(phase: Phase = Phase.RUNNING, snapshot: Snapshot | None = None, **changes: object) -> RunView:
    """A state of the run; ``changes`` are fields of RunView."""
    view = RunView(
        phase=phase,
        timeline=TIMELINE,
        plan_time_s=140.0,
        wanted=Setpoint(2.5),
        step_index=1,
        profile=PROFILE,
        snapshot=snapshot,
        snapshot_age_s=0.1,
        guardian_alive=True,
        distance_m=61.0,
        cue="land on the toes",
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def waiting_view() -> RunView:
    """A run that is connected and waits for its start."""
    return a_view(Phase.READY, still(Mode.IDLE), plan_time_s=0.0, step_index=0, wanted=Setpoint(0.0), distance_m=0.0)


def turning_timeline() -> Timeline:
    """The same plan with a turn to the console in the place of its third step, and drills in that of the fifth."""
    steps = list(TIMELINE.steps)
    steps[2] = replace(steps[2], kind=StepKind.TURN, label="turn to the console", say=None)
    steps[4] = replace(steps[4], kind=StepKind.OFF_BELT, label="step-on practice 90 s", say="three times on and off")
    after = [replace(step, facing=Facing.CONSOLE) for step in steps[2:]]
    return replace(TIMELINE, steps=(*steps[:2], *after))


TURNING = turning_timeline()
TURN_STEP, OFF_BELT_STEP = 2, 4


def turn_view(snapshot: Snapshot | None = None, turn: TurnView | None = None, **changes: object) -> RunView:
    """At the turn of ``TURNING``; the belt at rest unless a snapshot says otherwise."""
    step = TURNING.steps[TURN_STEP]
    at = {"timeline": TURNING, "step_index": TURN_STEP, "plan_time_s": step.starts_s, "wanted": Setpoint(0.0)}
    return a_view(Phase.WAITING_FOR_TURN, snapshot or still(Mode.TURN), turn=turn, cue=None, **{**at, **changes})


def a_turn(still_s: float = 5.0, on_rails: bool = False, faces: bool = False, needs: str | None = None) -> TurnView:
    """A turn to the console with a dwell of 5 s."""
    return TurnView(Facing.CONSOLE, BeltDirection.FORWARD, on_rails, faces, still_s, 5.0, needs)


def off_belt_view(snapshot: Snapshot | None = None, gone_s: float = 30.0, **changes: object) -> RunView:
    """So long into the drills of ``TURNING``."""
    step = TURNING.steps[OFF_BELT_STEP]
    at = {"timeline": TURNING, "step_index": OFF_BELT_STEP, "plan_time_s": step.starts_s + gone_s, "cue": step.say}
    return a_view(Phase.OFF_BELT, snapshot or still(Mode.IDLE), wanted=Setpoint(0.0), **{**at, **changes})


def unmeasured(mode: Mode = Mode.RUN, **changes: object) -> Snapshot:
    """What stands in for a guardian says where nothing is measured."""
    at_rest = mode not in (Mode.RUN, Mode.PAUSING, Mode.STOPPING)
    nothing = {"incline_percent": None, "distance_m": None, "age_s": None, "standstill": at_rest}
    return a_snapshot(mode, None, **{**nothing, **changes})


def coached_view(
    snapshot: Snapshot | None = None,
    control: Control = Control.COACHED,
    phase: Phase = Phase.RUNNING,
    **changes: object,
) -> RunView:
    """A run whose belt is not ours."""
    ask = CoachAsk("set 2.5 km/h", 2.5, 0.0, 0.0, confirmed=False)
    stop = PhysicalStop.KEY if control is Control.COACHED else PhysicalStop.NONE
    profile = replace(PROFILE, name="Treadmill set by hand", physical_stop=stop)
    return a_view(phase, snapshot or unmeasured(), **{"control": control, "coach": ask, "profile": profile, **changes})


LIVE_MODES_OFF = frozenset({Mode.IDLE, Mode.LATCHED, Mode.DISCONNECTED, Mode.FAULT})


class FakeControls:
    """Implements ``Controls``. ``calls`` holds what was asked, ``stops`` the thread of every stop.

    ``reacts``: the view follows what is asked, at once, as a run on a willing belt would.
    """

    def __init__(self, view: RunView | None = None, reacts: bool = False) -> None:
        self.now = view or waiting_view()
        self.reacts = reacts
        self.live: bool | None = None
        self.calls: list[str] = []
        self.was_prepared = False
        self.stops: list[str] = []
        self.turns = 0
        self.on_view: Callable[[], None] = lambda: None
        self.told: Callable[[str], None] = lambda line: None

    def see(self, snapshot: Snapshot | None = None, **changes: object) -> None:
        """Show this from now on."""
        if snapshot is not None:
            changes["snapshot"] = snapshot
        self.now = replace(self.now, **changes)  # type: ignore[arg-type]

    def view(self) -> RunView:
        self.on_view()
        return self.now

    def ui_turn(self) -> None:
        self.turns += 1
        if self.turns == 1:
            self.told("first turn")

    def feel(self, what: Symptom) -> None:
        self._asked(f"feel {what.value}")

    def happened(self, what: Event) -> None:
        self._asked(f"happened {what.value}")

    def rate(self, pain: int | None, effort: int | None) -> None:
        self._asked(f"rate {pain} {effort}")

    def input_alive(self, alive: bool) -> None:
        self._asked(f"input_alive {alive}")

    def prepared(self) -> None:
        self.was_prepared = True

    def key_pulled(self) -> None:
        self._asked("key_pulled", lambda: self.see(key_tested=True))

    def belt_empty(self, confirmed: bool) -> None:
        self._asked(f"belt_empty {confirmed}")

    def arm(self) -> None:
        self._asked("arm", lambda: self.see(still(Mode.ARMED)))

    def hold_done(self) -> None:
        self._asked("hold_done", lambda: self.see(still(Mode.COUNTDOWN, start_in_s=10.0)))

    def cancel_start(self) -> None:
        self._asked("cancel_start", lambda: self.see(still(Mode.IDLE)))

    def person_on(self) -> None:
        self._asked("person_on", lambda: self.see(phase=Phase.RUNNING))

    def pause(self) -> None:
        self._asked("pause")

    def next_step(self) -> None:
        self._asked("next_step")

    def previous_step(self) -> None:
        self._asked("previous_step")

    def hold(self) -> None:
        self._asked("hold")

    def extend(self) -> None:
        self._asked("extend")

    def nudge(self, by_kph: float) -> None:
        self._asked(f"nudge {by_kph:+.1f}")

    def scale(self, by_percent: int) -> None:
        self._asked(f"scale {by_percent:+d}")

    def confirm_turn(self) -> None:
        self._asked("confirm_turn")

    def continue_run(self) -> None:
        self._asked("continue_run")

    def all_right(self) -> None:
        self._asked("all_right")

    def focus(self, has_focus: bool) -> None:
        self._asked(f"focus {has_focus}")

    def own_stop_seen(self) -> None:
        self._asked("own_stop_seen", lambda: self.see(stop_seen=True))

    def test_sound(self) -> int:
        self._asked("test_sound", lambda: self.see(sound=Sound.ASKED))
        return 3

    def sound_heard(self, heard: bool) -> None:
        self._asked(f"sound_heard {heard}", lambda: self.see(sound=Sound.HEARD if heard else Sound.FAILED))

    def confirm_set(self) -> None:
        self._asked("confirm_set")

    def finish(self) -> None:
        self._asked("finish")

    def stop(self) -> None:
        thread = threading.current_thread().name
        self.stops.append(thread)
        self._asked(f"stop {thread}", lambda: self.see(a_snapshot(Mode.STOPPING)))

    def stop_keys_live(self) -> bool:
        if self.live is not None:
            return self.live
        return self.now.snapshot is not None and self.now.snapshot.mode not in LIVE_MODES_OFF

    def acknowledge(self, key_tested: bool = False) -> None:
        self._asked(f"acknowledge {key_tested}")

    def close(self) -> None:
        self._asked("close")

    def asked(self) -> list[str]:
        """What was asked, without the news about the keyboard."""
        return [call for call in self.calls if not call.startswith("input_alive")]

    def _asked(self, call: str, reaction: Callable[[], None] = lambda: None) -> None:
        self.calls.append(call)
        if self.reacts:
            reaction()
        self.told(call)


class FakeWatching:
    """Implements ``Watching``: shows what it is told to."""

    def __init__(self) -> None:
        self.now = WatchView()
        self.closed = threading.Event()

    def view(self) -> WatchView:
        return self.now

    def close(self) -> None:
        self.closed.set()


class FakeLauncher:
    """Implements ``Launcher`` with two treadmills and two workouts."""

    def __init__(self, controls: FakeControls | None = None) -> None:
        self.controls = controls or FakeControls()
        self.choices: tuple[TreadmillChoice, ...] = (SIMULATED, REAL)
        self.on_offer: tuple[Offer, ...] = (an_offer(), HARD)
        self.found: tuple[str, ...] = ()
        self.who: Person | None = KIM
        self.alone = False
        self.launched: list[tuple[str, str]] = []
        self.before_offers: Callable[[], None] = lambda: None
        self.air: tuple[OnAir, ...] = ()
        self.search_problem: str | None = None
        self.kept: list[str] = []
        self.cannot_keep: str | None = None
        self.watched: list[str] = []
        self.watching = FakeWatching()
        self.owes = NOTHING_OWED
        self.answers: list[Answered] = []
        self.clinic: tuple[Participant, ...] | None = None
        self.received: list[str | None] = []
        self.cannot_receive: str | None = None

    def treadmills(self) -> tuple[TreadmillChoice, ...]:
        return self.choices

    def participants(self) -> tuple[Participant, ...] | None:
        return self.clinic

    def receive(self, pseudonym: str | None) -> None:
        if self.cannot_receive is not None:
            raise OSError(self.cannot_receive)
        self.received.append(pseudonym)

    def person(self) -> Person | None:
        return self.who

    def introduce(self, person: Person) -> None:
        self.who = person

    def owed(self) -> Owed:
        return self.owes

    def answer(self, asked: Owed, answered: Answered) -> None:
        if self.cannot_keep is not None:
            raise OSError(self.cannot_keep)
        self.answers.append(answered)
        if answered.agreed and self.who is not None:
            self.who = replace(self.who, held=None, health=Health.NOTHING)

    def offers(self, address: str, alone: bool = False) -> tuple[Offer, ...]:
        self.before_offers()
        return self.on_offer

    def search(self, told: Callable[[OnAir], None]) -> str | None:
        for one in self.air:
            told(one)
        return self.search_problem

    def remember(self, treadmill: TreadmillChoice) -> None:
        if self.cannot_keep is not None:
            raise OSError(self.cannot_keep)
        self.kept.append(treadmill.address)

    def watch(self, address: str) -> FakeWatching:
        self.watched.append(address)
        return self.watching

    def launch(self, offer: Offer, address: str) -> FakeControls:
        self.launched.append((offer.key, address))
        return self.controls

    def recovered(self) -> tuple[str, ...]:
        return self.found


class SetClock:
    """A clock that stands where the test puts it."""

    def __init__(self) -> None:
        self.at_s = 1000.0

    def now_s(self) -> float:
        return self.at_s

    async def sleep_until(self, moment_s: float) -> None:
        self.at_s = max(self.at_s, moment_s)


@pytest.fixture
def controls() -> FakeControls:
    return FakeControls()


@pytest.fixture
def launcher(controls: FakeControls) -> FakeLauncher:
    return FakeLauncher(controls)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


def checked(app: RetroApp) -> None:
    """As if the checklist of the open run had been gone through just now, without asking its controls for anything."""
    readiness = app.readiness
    stamps = (app.clock.now_s(),) * len(readiness.checklist.items)
    readiness.checklist = replace(readiness.checklist, ticked_at_s=stamps)
    readiness._settled = Sound.HEARD


def painted(app: RetroApp) -> str:
    """What stands on the terminal, row by row, as a person would read it."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


# Names of keys that are one character and are not called by it.
CHARACTERS = {
    "space": " ", "question_mark": "?", "full_stop": ".", "enter": "\r", "plus": "+", "minus": "-", "comma": ",",
    "left_square_bracket": "[", "right_square_bracket": "]",
}  # fmt: skip
# A new screen is mounted, laid out and drawn in turns of the loop that follow one another; each round is many.
SETTLING_ROUNDS = 3
LOOP_TURNS = 60


async def settled(app: RetroApp) -> None:
    """After everything that was pressed or posted has been dealt with and drawn.

    The pilot's own waiting hangs for half a minute when the screen that it waits for is taken away meanwhile.
    """
    app.turn()
    for _ in range(SETTLING_ROUNDS):
        await app.workers.wait_for_complete()  # in every round: the end of one may be the beginning of another
        for _ in range(LOOP_TURNS):
            await asyncio.sleep(0)
        app.screen._on_timer_update()


async def set_up(app: RetroApp) -> None:
    """Once the set-up has read its workouts: it begins after its first painting, whenever the computer gets to that."""
    for _ in range(100):
        await settled(app)
        page = app.screen
        if not isinstance(page, SetupPage) or page.choice.offers is not None or page.choice.failed is not None:
            return


async def press(app: RetroApp, *keys: str) -> None:
    """Each key, as the driver would post it, and a few turns of the loop for what follows from it."""
    for key in keys:
        character = CHARACTERS.get(key, key if len(key) == 1 else None)
        app.post_message(events.Key(key, character))
        for _ in range(LOOP_TURNS):
            await asyncio.sleep(0)


@dataclass
class Stand:
    """The app under test with all that it stands on."""

    app: RetroApp
    pilot: Pilot[int]
    launcher: FakeLauncher
    controls: FakeControls
    clock: SetClock

    async def press(self, *keys: str) -> None:
        """Each key once what the one before it began in another thread is there."""
        for key in keys:
            await press(self.app, key)
            await self.app.workers.wait_for_complete()
        await settled(self.app)

    async def see(self, view: RunView) -> str:
        """What stands on the terminal once this is the newest view."""
        self.controls.now = view
        await settled(self.app)
        return painted(self.app)

    async def hold(self, key: str, seconds: float) -> None:
        """The key held: a press, and its repeats until then."""
        await press(self.app, key)
        self.clock.at_s += 0.5
        for _ in range(round((seconds - 0.5) / 0.1) + 1):
            await press(self.app, key)
            self.clock.at_s += 0.1
        await settled(self.app)

    @property
    def screen(self) -> str:
        return painted(self.app)


@asynccontextmanager
async def a_stand(
    controls: FakeControls | None = None, size: tuple[int, int] = (80, 24), person: Person | None = KIM
) -> AsyncIterator[Stand]:
    """The app at its first screen, used by this person."""
    controls, clock = controls or FakeControls(), SetClock()
    launcher = FakeLauncher(controls)
    launcher.who = person
    app = RetroApp(launcher, clock)
    async with app.run_test(size=size) as pilot:
        await set_up(app)
        yield Stand(app, pilot, launcher, controls, clock)


@asynccontextmanager
async def a_run(
    view: RunView,
    reacts: bool = False,
    simulated: bool = True,
    size: tuple[int, int] = (80, 24),
    person: Person | None = None,
) -> AsyncIterator[Stand]:
    """The app with an open run that shows this view, its checklist gone through."""
    async with a_stand(FakeControls(view, reacts), size, person or KIM) as stand:
        stand.app.launch(an_offer(), stand.launcher.choices[0] if simulated else REAL)
        checked(stand.app)
        await settled(stand.app)
        yield stand
