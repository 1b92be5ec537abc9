"""Draw the pictures in ``docs/pictures``: python tests/tui/draw_pictures.py; with a folder, all there are, into that.

They show the first walk of the ladder on a simulated treadmill at chosen moments; nothing runs. Look at them after
every change of a screen.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "typings")]

from tests.tui.conftest import (  # noqa: E402
    A_SUMMARY,
    FakeControls,
    FakeLauncher,
    SetClock,
    a_snapshot,
    a_turn,
    a_view,
    checked,
    coached_view,
    off_belt_view,
    press,
    settled,
    still,
    turn_view,
)

from retrotread.devices.advert import Advert, Kind  # noqa: E402
from retrotread.guardian.messages import HeartShown, LimitInForce, StopShown  # noqa: E402
from retrotread.machine import Identity, Setpoint, SpeedUnit  # noqa: E402
from retrotread.safety.hazards import Hazard  # noqa: E402
from retrotread.safety.modes import Mode  # noqa: E402
from retrotread.safety.policy import cause  # noqa: E402
from retrotread.safety.stopping import StopClass  # noqa: E402
from retrotread.sessions.editing import Against, Opened, look_at  # noqa: E402
from retrotread.sessions.launcher import DEFAULT_TREADMILL, Asked, prepare, profile_at  # noqa: E402
from retrotread.sessions.on_air import on_air  # noqa: E402
from retrotread.sessions.person import Person, Remote  # noqa: E402
from retrotread.sessions.treadmills import treadmills_for  # noqa: E402
from retrotread.sessions.view import (  # noqa: E402
    CoachAsk,
    Control,
    OnAir,
    Participant,
    RunView,
    Spoken,
    StrapFound,
    TreadmillChoice,
    WatchView,
)
from retrotread.tui.app import RetroApp  # noqa: E402
from retrotread.tui.editor import EditorApp  # noqa: E402
from retrotread.tui.screens.receiving import ReceivingPage  # noqa: E402
from retrotread.workouts import library  # noqa: E402
from retrotread.workouts.engine import Phase  # noqa: E402

PROFILE = profile_at(DEFAULT_TREADMILL)
ALL = treadmills_for("sim://slow-reporter", frozenset(), Path("/nonexistent"))
OFFERS = tuple(prepare(path, PROFILE).offer for path in library.shipped())
OFFER = next(offer for offer in OFFERS if "ladder-1" in offer.key)
assert OFFER.timeline is not None
TIMELINE = OFFER.timeline
NOW_S = 675.0
STEP = TIMELINE.step_at(NOW_S)
SPEED_KPH = STEP.target.speed_kph
LIMITS = (
    LimitInForce("speed", 1.5, "km/h", "the highest speed of the plan"),
    LimitInForce("incline", 0.0, "%", "tier novice at home"),
)
SMALL, LARGE = (80, 24), (120, 40)

Act = Callable[[RetroApp], Awaitable[None]]


def view(phase: Phase, **changes: object) -> RunView:
    """A state of a run of the first workout, a good eleven minutes into it unless ``changes`` say otherwise."""
    base = a_view(phase, a_snapshot(speed_kph=SPEED_KPH, limits=LIMITS), timeline=TIMELINE, profile=PROFILE)
    base = replace(
        base, plan_time_s=NOW_S, step_index=STEP.index, wanted=Setpoint(SPEED_KPH), distance_m=178.0, cue=STEP.say
    )
    return replace(base, **changes)  # type: ignore[arg-type]


AT_THE_BEGINNING = {"plan_time_s": 0.0, "step_index": 0, "wanted": Setpoint(0.0), "distance_m": 0.0}
LIVE = view(Phase.RUNNING)
START = view(Phase.READY, snapshot=still(Mode.IDLE), **AT_THE_BEGINNING)
COUNTDOWN = view(Phase.WAITING_FOR_START, snapshot=still(Mode.COUNTDOWN, start_in_s=8.6), **AT_THE_BEGINNING)
MOUNTING = view(Phase.WAITING_FOR_PERSON, snapshot=a_snapshot(speed_kph=0.5), **AT_THE_BEGINNING)
BY_HAND = (cause(Hazard.OPERATOR_STOP, "stop was pressed"),)
UNCONFIRMED = cause(Hazard.STOP_UNCONFIRMED, "no fall of the speed was seen for 4.1 s after the stop (limit 4.0 s)")
UNDER_WAY = StopShown(StopClass.CONTROLLED, 0, 1.4)
STOPPING = view(
    Phase.STOPPED,
    snapshot=a_snapshot(
        Mode.STOPPING, 1.1, causes=BY_HAND, limits=LIMITS, stop=StopShown(StopClass.CONTROLLED, 0, 1.4)
    ),
    wanted=Setpoint(0.0),
)
ALARM = view(Phase.STOPPED, snapshot=a_snapshot(Mode.ESCALATED, 1.5, alarm=True, causes=(*BY_HAND, UNCONFIRMED)))
LINK_DOWN = cause(Hazard.LINK_DOWN, "the link to the treadmill is lost and the belt may run on")
LINK_LOST = view(
    Phase.STOPPED,
    snapshot=a_snapshot(Mode.ESCALATED, None, alarm=True, link_up=False, causes=(LINK_DOWN,)),
    snapshot_age_s=4.2,
)
STOPPED = view(Phase.STOPPED, snapshot=still(Mode.LATCHED, causes=BY_HAND))
PAUSED = view(Phase.PAUSED, snapshot=still(Mode.PAUSED))
SUMMARY = view(
    Phase.FINISHED,
    snapshot=still(Mode.LATCHED, causes=(cause(Hazard.PLAN_STOP, "the plan is done"),)),
    summary=replace(
        A_SUMMARY,
        workout=TIMELINE.name,
        elapsed_s=TIMELINE.total_s + 22,
        plan_time_s=TIMELINE.total_s,
        plan_total_s=TIMELINE.total_s,
        distance_m=296.0,
        max_speed_kph=1.5,
        notes=(),
        journal="~/.local/share/retrotread/runs/20261121T100000Z.sqlite",
    ),
)


TURN = turn_view(turn=a_turn(3.2), snapshot=still(Mode.TURN, limits=LIMITS))
FACING = turn_view(turn=a_turn(on_rails=True, needs="that you face the console"))
AFTER_TURN = turn_view(turn=a_turn(on_rails=True, faces=True))
OFF_BELT = off_belt_view()
COACH = coached_view()
COACH_SOON = replace(COACH, coach=CoachAsk("set 1.5 km/h", 1.5, 0.0, 8.0, confirmed=False))
TRACK = coached_view(control=Control.TRACK)
SPOKEN = (Spoken(999.0, "faster in 5 seconds, 2.5 km/h"),)
RISE = replace(
    LIVE, raise_in_s=3.6, spoken=SPOKEN, nudge_kph=-0.2, scale_percent=90, extended_s=60.0, wanted=Setpoint(1.3)
)
HELD = replace(LIVE, held=True)
FROZEN = cause(Hazard.UI_SLOW, "the terminal is not in front")
FREEZE = replace(LIVE, snapshot=a_snapshot(speed_kph=SPEED_KPH, limits=LIMITS, causes=(FROZEN,)))
MILES = replace(RISE, profile=replace(PROFILE, speed_unit=SpeedUnit.MPH))
RUNAWAY = (cause(Hazard.RUNAWAY, "the belt runs at 4.1 km/h and was asked for 1.5 km/h (limit 2.0 km/h)"),)
ALL_RIGHT = view(Phase.STOPPED, snapshot=still(Mode.LATCHED, causes=RUNAWAY), all_right_s=41.3)
ALL_RIGHT_MOVING = replace(STOPPING, all_right_s=52.0)
CALLING = replace(ALL_RIGHT, all_right_s=0.0, calling=True, message="your command was run: call-neighbour")
ALL_RIGHT_ALARM = replace(ALARM, all_right_s=52.0)
CONTINUE = replace(STOPPED, continue_for_s=272.0)


BEATING = HeartShown(132, 0.4, True, 150)
HEART = replace(LIVE, snapshot=a_snapshot(speed_kph=SPEED_KPH, limits=LIMITS, heart=BEATING))
NEAR = cause(Hazard.HEART_NEAR, "the heart rate of 147 is near its ceiling of 150")
GONE = HeartShown(132, 12.4, None, 150, "the strap is not heard; wet its electrodes, and stay near the computer")
STRAP_LOST = replace(LIVE, snapshot=a_snapshot(speed_kph=SPEED_KPH, limits=LIMITS, heart=GONE))
REAL_PROFILE = replace(PROFILE, name="Biodex RTM", simulated=False, experimental=True)
REAL_RUN = {"empty_belt": True, "profile": REAL_PROFILE, "cue": None}
EMPTY_BELT = replace(HEART, **REAL_RUN)  # type: ignore[arg-type]
EMPTY_MOUNTING = replace(MOUNTING, **REAL_RUN)  # type: ignore[arg-type]
EMPTY_START = replace(START, **REAL_RUN)  # type: ignore[arg-type]


def the_gym() -> TreadmillChoice:
    """A machine of a known family that nobody has tried out here, as a search finds it."""
    with TemporaryDirectory() as folder:
        air = on_air([Advert("C8:12:55:0A:3F:01", "FS-BC21E4", Kind.TREADMILL, -58)], "", Path(folder))
    return air.treadmills[0]


GYM = the_gym()
WATCHED = WatchView(
    "Treadmill", Identity("C8:12:55:0A:3F:01", "FS-BC21E4", "FITSHOW", "FS-TR", "2.1"), 4.2, 1.0, 830.0, 0.3
)
STRAPS = (StrapFound("ble://A0:9E:1A:22:10:4C", "Polar H10 22104C"), StrapFound("ble://F1:00:12:7B:55:02", ""))


async def at_the_digits(app: RetroApp) -> None:
    await press(app, "d")


async def as_it_is(_app: RetroApp) -> None:
    """Nothing more is done."""


async def at_the_checklist(app: RetroApp) -> None:
    await press(app, "enter", "space", "1", "2")


async def at_the_sound_test(app: RetroApp) -> None:
    await press(app, "enter", "space", "1", "2", "3", "4")


async def at_the_last_question(app: RetroApp) -> None:
    await press(app, *"Kim", "enter", "y", "down")


async def at_the_remote(app: RetroApp) -> None:
    await press(app, "r", "pagedown", "space")


async def at_the_treadmills(app: RetroApp) -> None:
    await press(app, "t", "up")


async def at_the_watch(app: RetroApp) -> None:
    await press(app, "t", "up", "w")


async def at_the_strap(app: RetroApp) -> None:
    await press(app, "b", "f")
    while app.searching:
        await settled(app)
    await settled(app)
    await press(app, "1", "5", "0")


async def beside_it(app: RetroApp) -> None:
    app.launch(OFFER, GYM)
    await settled(app)
    await press(app, "space", "1", "2")


async def at_the_help(app: RetroApp) -> None:
    await press(app, "question_mark")


LINE = (
    "Ladder 1: first steps backward, at most 1.5 km/h, 25 min, pain 2 of 10, backward only, until 2026-12-12 (A. Weber)"
)
CLINIC = tuple(
    Participant(f"P-{name}", (LINE,) * times)
    for name, times in zip(
        ("7QK2M9", "2BHX4T", "9VRM3C", "D4WN8P", "FJ6K2S", "GX5T9B", "H3CPW7", "KM8D2R", "N6VB4J", "QT9X5H", "R2F7GK",
         "S8JW3M", "T5NC6D", "VP4H9X"),
        (1, 2, 0, 1, 1, 0, 1, 1, 1, 3, 1, 1, 1, 1),
        strict=True,
    )
)  # fmt: skip


async def at_the_door(app: RetroApp) -> None:
    """A clinic asks whom it receives; some have come down the list."""
    app.push_screen(ReceivingPage(CLINIC, lambda _one: None))
    await settled(app)
    await press(app, "down", "down", "down")


async def at_a_closed_door(app: RetroApp) -> None:
    """Whoever was chosen could not be received, and somebody types the next one."""
    why = "P-9VRM3C cannot be received: /home/clinic/.local/share/retrotread/clinic.sqlite: entry 12 is not what was"
    app.push_screen(ReceivingPage(CLINIC, lambda _one: None, f"{why} added there; the file was left as it is"))
    await settled(app)
    await press(app, "h")


PICTURES: dict[str, tuple[RunView | None, Act, tuple[int, int]]] = {
    "setup": (None, as_it_is, SMALL),
    "first-run": (None, at_the_last_question, SMALL),
    "remote": (None, at_the_remote, SMALL),
    "checklist": (None, at_the_checklist, SMALL),
    "sound": (None, at_the_sound_test, SMALL),
    "treadmills": (None, at_the_treadmills, SMALL),
    "watch": (None, at_the_watch, SMALL),
    "strap": (None, at_the_strap, SMALL),
    "empty-belt": (EMPTY_BELT, as_it_is, SMALL),
    "empty-checklist": (None, beside_it, SMALL),
    "heart": (HEART, as_it_is, SMALL),
    "start": (START, as_it_is, SMALL),
    "countdown": (COUNTDOWN, as_it_is, SMALL),
    "mounting": (MOUNTING, as_it_is, SMALL),
    "live": (LIVE, as_it_is, SMALL),
    "live-large": (LIVE, as_it_is, LARGE),
    "digits": (LIVE, at_the_digits, SMALL),
    "rise": (RISE, as_it_is, SMALL),
    "turn": (TURN, as_it_is, SMALL),
    "off-belt": (OFF_BELT, as_it_is, SMALL),
    "coach": (COACH, as_it_is, SMALL),
    "all-right": (ALL_RIGHT, as_it_is, SMALL),
    "calling": (CALLING, as_it_is, SMALL),
    "continue": (CONTINUE, as_it_is, SMALL),
    "keys": (LIVE, at_the_help, SMALL),
    "stopping": (STOPPING, as_it_is, SMALL),
    "paused": (PAUSED, as_it_is, SMALL),
    "stopped": (STOPPED, as_it_is, SMALL),
    "alarm": (ALARM, as_it_is, SMALL),
    "summary": (SUMMARY, as_it_is, SMALL),
}

ALSO: dict[str, tuple[RunView | None, Act, tuple[int, int]]] = {
    "treadmills-large": (None, at_the_treadmills, LARGE),
    "empty-mounting": (EMPTY_MOUNTING, as_it_is, SMALL),
    "empty-start": (EMPTY_START, as_it_is, SMALL),
    "empty-large": (EMPTY_BELT, as_it_is, LARGE),
    "heart-digits": (HEART, at_the_digits, SMALL),
    "strap-lost": (STRAP_LOST, as_it_is, SMALL),
    "digits-large": (RISE, at_the_digits, LARGE),
    "held": (HELD, as_it_is, SMALL),
    "freeze": (FREEZE, as_it_is, SMALL),
    "miles": (MILES, as_it_is, SMALL),
    "facing": (FACING, as_it_is, SMALL),
    "after-turn": (AFTER_TURN, as_it_is, SMALL),
    "coach-soon": (COACH_SOON, as_it_is, LARGE),
    "track": (TRACK, as_it_is, SMALL),
    "all-right-moving": (ALL_RIGHT_MOVING, as_it_is, SMALL),
    "alarm-unlinked": (LINK_LOST, as_it_is, SMALL),
    "all-right-alarm": (ALL_RIGHT_ALARM, as_it_is, SMALL),
    "receiving": (None, at_the_door, SMALL),
    "receiving-large": (None, at_the_door, LARGE),
    "receiving-again": (None, at_a_closed_door, SMALL),
}
"""To be looked at, and in no document."""


async def draw(shown: RunView | None, act: Act, size: tuple[int, int]) -> str:
    """The SVG of one screen."""
    launcher = FakeLauncher(FakeControls(shown or START))
    launcher.on_offer = OFFERS
    launcher.choices = (*launcher.choices[:1], GYM, *ALL[2:5], *ALL[-2:])
    launcher.watching.now = WATCHED
    launcher.air = (OnAir((), STRAPS),)
    if act is beside_it:
        launcher.controls.now = EMPTY_START
    launcher.who = None if act is at_the_last_question else Person("Kim", adult=True, remote=Remote())
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=size):
        await settled(app)
        if shown is not None:
            app.launch(OFFER, GYM if shown.empty_belt else launcher.choices[0])
            checked(app)
            await settled(app)
        await act(app)
        await settled(app)
        return for_anybody(app.export_screenshot(title="Retrotread"))


WRITTEN = """retrotread: 1
name: mine
level: 3
facing: rear
steps:
  - walk: 3 min
    speed: 1.5 km/h
    say: tall, eyes level, short steps
  - repeat: 3
    steps:
      - walk: 2 min
        speed: 3.2 km/h
      - walk: 1 min
        speed: 1.8 km/h
  - cool down: 3 min
    speed: 1.5 km/h
"""


async def draw_editor(size: tuple[int, int]) -> str:
    """The editor over a plan that is too fast in one step, with the cursor there."""
    against = Against(DEFAULT_TREADMILL, Asked())
    app = EditorApp(Path("mine.yaml"), Opened(WRITTEN, WRITTEN), lambda text: look_at(text, "mine.yaml", against))
    async with app.run_test(size=size) as pilot:
        for keys in ((), ("f8",)):
            await pilot.press(*keys)
            await app.workers.wait_for_complete()
            await pilot.pause()
        return for_anybody(app.export_screenshot(title="Retrotread"))


def for_anybody(svg: str) -> str:
    """Without fonts from elsewhere, and with every space kept by every viewer."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: *[^;\"]+", "font-family: monospace", svg)
    svg = svg.replace("<text ", '<text xml:space="preserve" ')
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def main(arguments: list[str]) -> None:
    """Those of the documents; with a folder as argument all there are, into that."""
    folder = Path(arguments[0]) if arguments else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for name, (shown, act, size) in ({**PICTURES, **ALSO} if arguments else PICTURES).items():
        (folder / f"{name}.svg").write_text(asyncio.run(draw(shown, act, size)), encoding="utf-8")
    for name, size in {"editor": LARGE, **({"editor-small": SMALL} if arguments else {})}.items():
        (folder / f"{name}.svg").write_text(asyncio.run(draw_editor(size)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
