"""From a choice to a run: what is on offer, what stands in its way, and a run that has to do without its journal."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from retrotread import __version__, config
from retrotread.devices.errors import AddressError
from retrotread.devices.sheet import Sheet
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.machine import (
    BeltDirection,
    Capabilities,
    DeviceProfile,
    Facing,
    Identity,
    PhysicalStop,
    Qualification,
)
from retrotread.safety.attention import AnsweredBy
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.tiers import TIERS
from retrotread.sessions import launcher as launchers
from retrotread.sessions import treadmills
from retrotread.sessions.folder import VARIABLE, FolderError
from retrotread.sessions.journal import Journal, RunHead
from retrotread.sessions.launcher import (
    DEFAULT_TREADMILL,
    HeldBack,
    NoSuchTier,
    SessionLauncher,
    Wish,
    answered_by,
    profile_at,
    tier_for,
)
from retrotread.sessions.live import RunSetup
from retrotread.sessions.person import BackwardExperience, Person, Remote, Strap
from retrotread.sessions.preflight import BESIDE_THE_PLAN_S
from retrotread.sessions.prepare import Written, written_in
from retrotread.sessions.selftest import record as selftest
from retrotread.sessions.selftest import subject
from retrotread.sessions.step_workout import NEXT
from retrotread.sessions.summary import Summary
from retrotread.sessions.treadmills import UNMEASURED
from retrotread.training.history import Entry, Injury, Pain, Session
from retrotread.training.history_file import history_as_json
from retrotread.training.ladder import HILLY
from retrotread.workouts.library import NoSuchWorkout, find, shipped
from retrotread.workouts.problems import WorkoutFileError
from retrotread.workouts.quick import QuickError

FAST = "retrotread: 1\nname: Fast\nfacing: rear\nsteps:\n  - walk: 5 min\n    speed: 5.0 km/h\n"

Launch = Callable[..., SessionLauncher]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    return tmp_path / "data"


@pytest.fixture
def launch(data: Path) -> Iterator[Launch]:
    """Makes launchers, and gives their locks back."""
    made: list[SessionLauncher] = []

    def make(first: str | None = None, address: str | None = None, **wish: Any) -> SessionLauncher:
        made.append(SessionLauncher(Wish(first, address, **wish)))
        return made[-1]

    yield make
    for one in made:
        with contextlib.suppress(OSError):  # given back already
            one.close()


class OpenedRun:
    """Stands for ``LiveRun``: notes what it was made of."""

    def __init__(self, setup: RunSetup) -> None:
        self.plan, self.address, self.folder = setup.plan, setup.address, setup.folder
        self.journal: Any = setup.journal
        self.trouble, self.person, self.speech = setup.trouble, setup.person, setup.speech
        self.sheet = setup.sheet


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launchers, "LiveRun", OpenedRun)


def test_somebody_unknown_is_offered_the_first_step_of_the_ladder_and_then_its_workouts_in_their_order(
    launch: Launch,
) -> None:
    offers = launch().offers(DEFAULT_TREADMILL)
    assert [Path(one.key).stem for one in offers] == [NEXT, "ladder-0", *(path.stem for path in shipped()[1:])]
    first = offers[0]
    assert (first.title, first.level) == ("Level 0, walk 4 x 30 s backward at 0.5 km/h", 0)
    assert first.tier == "novice at home"
    assert first.needs == ("spotter", "rails")
    assert first.after == ("stretch lower limbs",)
    assert first.timeline is not None
    assert first.problems == ()
    assert first.findings[0].endswith(": begin here")


def test_somebody_who_has_walked_backward_before_is_told_of_a_placement_beside_it(launch: Launch) -> None:
    launcher = launch()
    launcher.introduce(Person("Ada", adult=True, experience=BackwardExperience.WALKS))
    first = launcher.offers(DEFAULT_TREADMILL)[0]
    assert (first.key, first.level) == (NEXT, 0)
    assert any("placement-walk" in one for one in first.findings)


WALKED = tuple(
    Session(date(2026, 1, day), 0, 2.5, dose=HILLY[0].dose, pain=Pain(0, 1, 0, 0), effort=3, supervised=True)
    for day in (5, 7)
)


def keep(data: Path, *entries: Entry) -> None:
    data.mkdir(exist_ok=True)
    (data / "history.json").write_text(history_as_json(entries), encoding="utf-8")


def test_the_step_that_is_next_is_offered_first_with_why_and_the_first_timers_workout_after_it(
    launch: Launch, data: Path, opened: None
) -> None:
    keep(data, *WALKED)
    launcher = launch()
    first, second = launcher.offers(DEFAULT_TREADMILL)[:2]
    assert (first.key, Path(second.key).stem) == (NEXT, "ladder-0")
    assert first.title.startswith("Level 0, walk 4 x 30 s backward")
    assert any("get used to it again" in one or "stay at this step" in one for one in first.findings)
    assert first.problems == ()
    run = cast(Any, launcher.launch(first, DEFAULT_TREADMILL))
    assert run.plan.timeline.name == first.title


RAN = tuple(
    Session(
        date(2026, 1, 1) + timedelta(days=4 * n),
        step.level.number,
        step.session_min,
        device="ble://Home",
        dose=step.dose,
        pain=Pain(0, 1, 0, 0),
        effort=3,
        supervised=True,
    )
    for n, step in enumerate(one for one in HILLY if one.level.number <= 8 for _ in range(3))
)
"""Somebody who has come to level 8 at home."""

THEN = RAN[-1].day + timedelta(days=4)


def at_noon(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(launchers, "wall_now", lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("address", "title"),
    [("coach://", "Level 1, walk"), ("coach://track", "Level 1, walk"), (DEFAULT_TREADMILL, "Level 8, run")],
)
def test_a_belt_that_a_hand_sets_is_a_machine_of_its_own_and_a_simulated_one_is_none(
    launch: Launch, data: Path, monkeypatch: pytest.MonkeyPatch, address: str, title: str
) -> None:
    at_noon(monkeypatch, THEN)
    keep(data, *RAN)
    first = launch().offers(address)[0]
    assert (first.key, first.title[: len(title)]) == (NEXT, title)


def on_a_coached_belt(entries: tuple[Session, ...]) -> tuple[Session, ...]:
    return tuple(replace(one, device=COACH) for one in entries)


COACH = "coach://"
RUNNER = Person("Ada", adult=True, experience=BackwardExperience.RUNS)


def shown(launcher: SessionLauncher, name: str, address: str = COACH) -> tuple[str, str]:
    """The problems and the findings of one workout."""
    offer = next(one for one in launcher.offers(address) if Path(one.key).stem == name)
    return "\n".join(offer.problems), "\n".join(offer.findings)


def test_to_have_run_backward_before_opens_no_run_of_its_own_and_a_walk_above_the_next_step_is_told(
    launch: Launch,
) -> None:
    launcher = launch()
    launcher.introduce(RUNNER)
    problem, _ = shown(launcher, "ladder-8")
    assert ": a backward run of level 8, and none is open today: your next step is level 0, walk 4 x 30 s" in problem
    assert problem.endswith("what is open says: retrotread next")
    problem, finding = shown(launcher, "ladder-3")
    assert problem == ""
    assert "level 3 is above your next step, level 0; it earns nothing" in finding
    assert "earns nothing" not in "".join(shown(launcher, "ladder-0"))


def test_a_run_that_the_history_opens_is_open_and_one_above_it_is_not(
    launch: Launch, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_runs = on_a_coached_belt(tuple(one for one in RAN if one.level <= 7)[:-1])
    at_noon(monkeypatch, first_runs[-1].day + timedelta(days=4))
    keep(data, *first_runs)
    launcher = launch()
    launcher.introduce(RUNNER)
    assert launcher.offers(COACH)[0].title.startswith("Level 7, run")
    assert shown(launcher, "ladder-7")[0] == ""
    problem = shown(launcher, "ladder-9")[0]
    assert "a backward run of level 9, and up to level 7 they are open today: your next step is level 7" in problem


@pytest.mark.usefixtures("opened")
def test_what_was_offered_before_a_run_is_not_begun_after_it_until_it_is_offered_again(launch: Launch) -> None:
    launcher = launch("ladder-1")
    for address, again in ((DEFAULT_TREADMILL, True), (COACH, False)):
        offer = launcher.offers(address)[0]
        launcher.launch(offer, address)
        if again:
            launcher.launch(offer, address)
            continue
        with pytest.raises(HeldBack, match="a run was begun since this was offered"):
            launcher.launch(offer, address)
        launcher.launch(launcher.offers(address)[0], address)


def test_a_walk_as_fast_as_a_run_is_held_against_the_history(launch: Launch, tmp_path: Path) -> None:
    """By quick words and in a file, whatever its author calls it."""
    fast = tmp_path / "fast.yaml"
    fast.write_text(FAST_WALK)
    for wish, level in ({"first": str(fast)}, 7), ({"quick": "1 min at 6 km/h backward"}, 8):
        launcher = launch(**wish)
        launcher.introduce(RUNNER)
        said = "\n".join(launcher.offers(COACH)[0].problems)
        assert f"a backward run of level {level}, and none is open today: your next step is level 0" in said
        launcher.close()


FAST_WALK = """\
retrotread: 1
name: Fast
facing: rear
steps:
  - walk: 5 min
    speed: 3 km/h
  - walk: 30 s
    speed: 6 km/h
  - cool down: 1 min
    speed: 3 km/h
"""


def test_after_three_weeks_off_no_run_is_open(launch: Launch, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_noon(monkeypatch, RAN[-1].day + timedelta(days=22))
    keep(data, *on_a_coached_belt(RAN))
    launcher = launch()
    launcher.introduce(RUNNER)
    assert "none is open today: your next step is level 1" in shown(launcher, "ladder-8")[0]


@pytest.mark.parametrize(
    ("wish", "address"), [({}, DEFAULT_TREADMILL), ({"tier": TIERS["harness"]}, COACH)], ids=["simulated", "clinic"]
)
def test_a_simulated_belt_and_a_clinic_ask_for_no_history(launch: Launch, wish: dict[str, Any], address: str) -> None:
    launcher = launch(**wish)
    launcher.introduce(RUNNER)
    said = "".join((*shown(launcher, "ladder-8", address), *shown(launcher, "ladder-3", address)))
    assert "is open today" not in said
    assert "earns nothing" not in said


def test_what_was_asked_for_by_name_is_held_against_the_history_too(launch: Launch) -> None:
    launcher = launch("ladder-8")
    launcher.introduce(RUNNER)
    assert "a backward run of level 8, and none is open today" in shown(launcher, "ladder-8")[0]


def test_behind_a_history_that_cannot_be_read_no_run_is_open_and_each_walk_is(launch: Launch, data: Path) -> None:
    data.mkdir()
    (data / "history.json").write_text("{")
    launcher = launch()
    launcher.introduce(RUNNER)
    said = shown(launcher, "ladder-8")[0]
    assert f"none is open today: what you have done before cannot be read: {data / 'history.json'}: " in said
    assert shown(launcher, "ladder-3") == ("", "")
    told = [one for one in launcher.recovered() if "what comes next on the ladder is not known" in one]
    assert len(told) == 1, "however often it was asked"


def test_on_a_rest_day_the_easiest_walk_is_first_and_no_run_is_open_until_it_is_over(
    launch: Launch, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(data, *on_a_coached_belt(RAN))
    at_noon(monkeypatch, RAN[-1].day + timedelta(days=1))
    launcher = launch()
    launcher.introduce(RUNNER)
    first = launcher.offers(COACH)[0]
    assert (first.key, first.title, first.problems) == (NEXT, "Level 1, walk 5 x 1 min backward at 0.8 km/h", ())
    over = RAN[-1].day + timedelta(days=3)
    assert f": a rest day; from {over} on" in first.findings[0]
    assert first.findings[1].startswith("an easy walk is open all the same, this one or less; after the rest: level 8")
    problem = shown(launcher, "ladder-8")[0]
    assert f"none is open today: a rest day, and running again from {over} on; what is open" in problem
    assert shown(launcher, "ladder-4")[0] == ""
    at_noon(monkeypatch, over)
    assert launcher.offers(COACH)[0].title.startswith("Level 8, run")
    assert shown(launcher, "ladder-8")[0] == ""


def test_on_a_rest_day_of_somebody_at_the_bottom_the_first_step_is_first(
    launch: Launch, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(data, replace(WALKED[0], device=COACH))
    at_noon(monkeypatch, WALKED[0].day + timedelta(days=1))
    first = launch().offers(COACH)[0]
    assert (first.key, first.level) == (NEXT, 0)
    assert ": a rest day; from 2026-01-07 on" in first.findings[0]


@pytest.mark.parametrize(
    "wish", [{"first": "ladder-8"}, {"quick": "5 min at 1 km/h backward"}, {"tier": TIERS["harness"]}]
)
def test_whoever_asked_for_a_workout_or_a_tier_is_not_led_past_it(
    launch: Launch, data: Path, wish: dict[str, Any]
) -> None:
    keep(data, *WALKED)
    assert NEXT not in [one.key for one in launch(**wish).offers(DEFAULT_TREADMILL)]


def test_nothing_is_next_while_it_is_locked_and_a_history_that_cannot_be_read_is_said(
    launch: Launch, data: Path
) -> None:
    keep(data, *WALKED, Injury(date(2026, 1, 8), "the ankle"))
    launcher = launch()
    assert NEXT not in [one.key for one in launcher.offers(DEFAULT_TREADMILL)]
    (data / "history.json").write_text("{")
    assert NEXT not in [one.key for one in launcher.offers(DEFAULT_TREADMILL)]
    assert any("what comes next on the ladder is not known" in one for one in launcher.recovered())


def test_what_is_recorded_counts_for_what_is_next(data: Path) -> None:
    launcher = SessionLauncher(recorded=lambda folder, person: WALKED)
    try:
        assert launcher.offers(DEFAULT_TREADMILL)[0].key == NEXT
    finally:
        launcher.close()


def test_the_workout_that_was_asked_for_is_offered_first_and_once(launch: Launch) -> None:
    offers = launch("ladder-8").offers(DEFAULT_TREADMILL)
    others = [path.stem for path in shipped() if path.stem != "ladder-8"]
    assert [Path(one.key).stem for one in offers] == ["ladder-8", *others]


def test_a_file_of_ones_own_is_offered_with_what_stands_in_its_way(launch: Launch, tmp_path: Path) -> None:
    path = tmp_path / "fast.yaml"
    path.write_text(FAST)
    offer = launch(str(path)).offers(DEFAULT_TREADMILL)[0]
    assert (offer.title, offer.level, offer.tier) == ("Fast", None, "novice at home")
    assert offer.problems[0] == "step 1, walk 5 min: 5.0 km/h is above 3.0 km/h (tier novice at home, backward)"
    assert offer.findings == ("the plan does not end in a cool down, so 2 min were added: 3.0 km/h -> 0.5 km/h",)


def test_a_workout_that_a_treadmill_is_too_fast_for_is_offered_without_a_timeline(launch: Launch) -> None:
    offer = launch().offers("sim://well-behaved?min_kph=1")[0]
    assert offer.timeline is None
    assert "the lowest speed of this belt is 1.0 km/h" in offer.problems[0]


def test_the_treadmill_that_was_asked_for_comes_first_and_every_kind_once(launch: Launch) -> None:
    plain = launch().treadmills()
    assert [one.address for one in plain[:-2]] == [f"sim://{name}" for name in ARCHETYPES]
    assert plain[0].title == "Simulated treadmill (well-behaved)"
    assert all(one.simulated for one in plain[:-2])


def test_what_a_hand_sets_comes_last_and_is_not_simulated(launch: Launch) -> None:
    treadmill, track = launch().treadmills()[-2:]
    assert (treadmill.address, treadmill.title, treadmill.simulated) == ("coach://", "Coached treadmill", False)
    assert (track.address, track.title, track.simulated) == ("coach://track", "Coached track", False)


@pytest.mark.usefixtures("opened")
def test_a_treadmill_that_was_run_from_here_is_known(launch: Launch) -> None:
    launcher = launch("ladder-1")
    assert not any(one.known for one in launcher.treadmills())
    run = launcher.launch(launcher.offers("sim://slow-reporter")[0], "sim://slow-reporter")
    assert isinstance(run, OpenedRun)
    assert not any(one.known for one in launcher.treadmills()), "its belt has not moved"
    run.journal.close(Summary("Ladder 1", "done", True, 10.0, 9.0, 9.0, 5.0, 1.0, 0.0, ()))
    assert [one.address for one in launcher.treadmills() if one.known] == ["sim://slow-reporter"]


def test_an_address_of_ones_own_is_kept_as_it_was_given(launch: Launch) -> None:
    asked = launch(address="sim://well-behaved?start_s=0").treadmills()
    assert [one.address for one in asked[:2]] == ["sim://well-behaved?start_s=0", "sim://well-behaved"]


@pytest.mark.parametrize(
    ("first", "address", "error"),
    [
        ("ladder-11", None, NoSuchWorkout),
        ("ladder-1", "csafe://gym", AddressError),
        (None, "csafe://gym", AddressError),
        (None, "sim://well-behaved?speed=9", AddressError),
    ],
)
def test_what_was_asked_for_and_is_not_there_is_said_before_anything_is_touched(
    launch: Launch, data: Path, first: str | None, address: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        launch(first, address)
    assert not data.exists()


def test_a_file_that_is_no_workout_is_said_before_anything_is_touched(
    launch: Launch, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.yaml").write_text("retrotread: 2\n")
    with pytest.raises(WorkoutFileError, match=r"broken\.yaml:1:13: retrotread: "):
        launch(str(tmp_path / "broken.yaml"))
    assert not data.exists()


def test_a_second_launcher_on_the_same_folder_is_refused(launch: Launch) -> None:
    launch()
    with pytest.raises(FolderError, match="another Retrotread is using"):
        launch()


def test_a_run_that_was_left_open_is_closed_and_told(launch: Launch, data: Path) -> None:
    (data / "runs").mkdir(parents=True)
    path = data / "runs" / "old.sqlite"
    left = Journal(path, RunHead("x", "Ladder 3", "h", 1.0, b"", "novice", "sim://well-behaved", "retrotread"))
    left._rows.put(None)
    left._thread.join(10.0)
    (sentence,) = launch().recovered()
    assert sentence.startswith("the run 'Ladder 3' of ")


def test_most_days_nothing_was_left_open(launch: Launch) -> None:
    assert launch().recovered() == ()


@pytest.mark.usefixtures("opened")
def test_a_launched_run_has_its_plan_its_tier_and_a_journal_of_its_own(launch: Launch, data: Path) -> None:
    launcher = launch("ladder-1")
    offer = launcher.offers(DEFAULT_TREADMILL)[0]
    first, second = (launcher.launch(offer, DEFAULT_TREADMILL) for _ in range(2))
    assert isinstance(first, OpenedRun)
    assert isinstance(second, OpenedRun)
    assert first.plan.timeline == offer.timeline
    assert (first.plan.tier, first.plan.ceiling(Facing.REAR, BeltDirection.FORWARD).speed_ckph) == ("novice", 150)
    assert (first.address, first.folder, first.trouble) == (DEFAULT_TREADMILL, data, None)
    assert first.plan.run_id != second.plan.run_id
    assert first.plan.session_max_s == 25 * 60 + BESIDE_THE_PLAN_S, "what the tier allows a day"
    with contextlib.closing(sqlite3.connect(f"file:{first.journal.path}?mode=ro", uri=True)) as database:
        row = database.execute("SELECT run_id, workout, plan_hash, plan, tier, address, program FROM run").fetchone()
    assert offer.timeline is not None
    assert row == (
        first.plan.run_id,
        "Ladder 1: first steps backward",
        offer.timeline.plan_hash,
        find("ladder-1").read_bytes(),
        "novice",
        DEFAULT_TREADMILL,
        f"retrotread {__version__}",
    )


@pytest.mark.usefixtures("opened")
def test_a_run_whose_journal_cannot_be_made_runs_and_says_so(launch: Launch, data: Path) -> None:
    launcher = launch()
    offer = launcher.offers(DEFAULT_TREADMILL)[0]
    (data / "runs").rmdir()
    run = launcher.launch(offer, DEFAULT_TREADMILL)
    assert isinstance(run, OpenedRun)
    assert run.journal is None
    assert run.trouble is not None
    assert run.trouble.startswith(f"the journal {data}/runs/")
    assert run.trouble.endswith("choose another folder with RETROTREAD_DATA; the run goes on without it")


def test_the_profile_of_an_address_is_that_of_its_machine() -> None:
    assert profile_at("sim://slow-reporter").report_period_ms == 1000


def test_a_scheme_without_a_driver_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(AddressError, match=r"nothing here speaks csafe:// yet; write sim://NAME, ble://NAME, serial"):
        profile_at("csafe://well-behaved")


@pytest.mark.usefixtures("data")
def test_a_real_treadmill_is_not_taken_for_a_simulated_one_of_its_name() -> None:
    profile = profile_at("ble://well-behaved")
    assert (profile, profile.simulated, profile.qualification) == (UNMEASURED, False, Qualification.NONE)


# --- real machines ------------------------------------------------------------------------------------------------

GYM = "ble://Gym"
MEASURED = DeviceProfile(
    "Gym treadmill",
    Capabilities(50, 1600, 10),
    lag_ms=400,
    report_period_ms=250,
    physical_stop=PhysicalStop.KEY,
    rails=True,
    qualification=Qualification.QUICK,
)


@pytest.fixture
def proved(data: Path) -> None:
    """The self-test has passed on this computer."""
    data.mkdir(mode=0o700)
    selftest.keep(data, ())


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, proved: None) -> Callable[..., Sheet]:
    """Makes this computer keep a sheet for the gym's treadmill, and for no other."""

    def keep(**changes: Any) -> Sheet:
        sheet = Sheet(replace(MEASURED, **changes), sealed_for=Identity("AA:BB:CC:DD:EE:FF", "Gym"))
        found = {GYM: sheet}
        monkeypatch.setattr(treadmills, "sheet_at", lambda address, _folder: found.get(address))
        monkeypatch.setattr(launchers, "sheet_at", lambda address, _folder: found.get(address))
        return sheet

    return keep


def test_a_machine_that_nobody_tried_out_is_only_read_and_every_offer_says_so_and_the_mend(
    launch: Launch, proved: None
) -> None:
    for offer in launch(None, GYM).offers(GYM):
        assert offer.problems[0].startswith("A treadmill that nobody has measured is only read, because")
        assert "retrotread treadmills qualify" in offer.problems[0]
        assert "coach" in offer.problems[0]


def test_before_the_self_test_has_passed_nothing_is_run_on_a_real_treadmill(
    launch: Launch, kept: Callable[..., Sheet], data: Path
) -> None:
    kept()
    (data / "selftest.json").unlink()
    launcher = launch("ladder-1", GYM)
    for offer in launcher.offers(GYM):
        assert offer.problems[0] == selftest.LOCKED
        assert "retrotread selftest" in offer.problems[0]
    assert launcher.offers("sim://well-behaved")[0].problems == ()


@pytest.mark.usefixtures("opened")
def test_a_self_test_that_failed_since_the_offer_was_made_keeps_it_from_being_run(
    launch: Launch, kept: Callable[..., Sheet], data: Path
) -> None:
    kept()
    launcher = launch("ladder-1", GYM)
    offer = launcher.offers(GYM)[0]
    assert offer.problems == ()
    selftest.forget(data)
    with pytest.raises(HeldBack, match="the self-test has passed for this version on this computer"):
        launcher.launch(offer, GYM)


@pytest.mark.parametrize("of", ["program", "computer"])
def test_a_self_test_of_another_version_or_computer_counts_for_nothing(of: str, tmp_path: Path) -> None:
    selftest.keep(tmp_path, ())
    assert selftest.locked(tmp_path) is None
    path = tmp_path / selftest.FILE_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | {of: "0" * 64}))
    assert selftest.locked(tmp_path) == selftest.LOCKED


@pytest.mark.parametrize("told", ["4cc1a1e0f5d64d8fa0cd1b9b9a3a6f62", None], ids=["its number", "its name"])
def test_a_self_test_that_another_computer_passed_unlocks_nothing_here(
    told: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = tmp_path / "machine-id"
    monkeypatch.setattr(selftest, "MACHINE_ID", number)
    if told is not None:
        number.write_text(f"{told}\n")
    selftest.keep(tmp_path, ())
    assert selftest.locked(tmp_path) is None
    assert told is None or told not in (tmp_path / "selftest.json").read_text()
    number.write_text("0b7f2c3d4e5f60718293a4b5c6d7e8f9\n")
    assert selftest.locked(tmp_path) == selftest.LOCKED
    number.unlink()
    monkeypatch.setattr("platform.node", lambda: "another")
    assert selftest.locked(tmp_path) == selftest.LOCKED


@pytest.mark.parametrize("address", ["serial+woodway:///dev/ttyUSB0", "serial+woodway:///dev/ttyS0", GYM])
def test_the_subject_of_the_self_test_opens_nothing_but_a_pseudo_terminal(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[RunSetup] = []

    class Noted:
        def __init__(self, setup: RunSetup) -> None:
            opened.append(setup)

        def belt_empty(self, confirmed: bool) -> None: ...
        def sound_heard(self, heard: bool) -> None: ...

    monkeypatch.setattr(subject, "LiveRun", Noted)
    with pytest.raises(ValueError, match="is no pseudo-terminal, and the self-test moves no other belt"):
        subject.open_run(tmp_path, address)
    assert not opened
    subject.open_run(tmp_path, "serial+woodway:///dev/pts/7")
    assert len(opened) == 1


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("offered_at", ["coach://", DEFAULT_TREADMILL])
def test_what_was_offered_for_another_treadmill_is_not_launched_on_a_real_one(
    offered_at: str, launch: Launch, kept: Callable[..., Sheet], data: Path
) -> None:
    """Else the locks of a real one, which stand in its offers, are gone round."""
    kept()
    (data / "selftest.json").unlink()
    launcher = launch("ladder-1", offered_at)
    offer = launcher.offers(offered_at)[0]
    with pytest.raises(HeldBack, match="nothing was offered last for this treadmill"):
        launcher.launch(offer, GYM)


def test_what_is_kept_of_a_machine_lays_its_workouts_out(launch: Launch, kept: Callable[..., Sheet]) -> None:
    kept(lag_ms=2_000)
    launcher = launch("ladder-1", GYM)
    assert launcher.treadmills()[0].title == "Gym treadmill"
    assert launcher.offers(GYM)[0].problems == ()


def test_a_quick_qualification_does_not_open_the_walkers_tier(launch: Launch, kept: Callable[..., Sheet]) -> None:
    kept()
    launcher = launch(None, GYM)
    assert "passed the quick qualification only" in problems(launcher, "ladder-4", address=GYM)
    kept(qualification=Qualification.FULL)
    assert "qualification" not in problems(launcher, "ladder-4", address=GYM)


def test_a_workout_without_a_level_is_held_to_what_a_quick_qualification_allows(
    launch: Launch, kept: Callable[..., Sheet], tmp_path: Path
) -> None:
    """A walker may do it as a novice; in full it is theirs as a walker."""
    kept()
    launcher = launch(None, GYM, quick="2 min at 1 km/h backward")
    launcher.introduce(Person("Ada", True, BackwardExperience.WALKS))
    offer = launcher.offers(GYM)[0]
    assert (offer.tier, offer.problems) == ("novice at home", ())
    kept(qualification=Qualification.FULL)
    assert launcher.offers(GYM)[0].tier == "experienced walker"


@pytest.mark.parametrize("lacking", [{"physical_stop": PhysicalStop.NONE}, {"rails": False}])
def test_nobody_goes_backward_without_a_stop_in_reach_and_rails(
    launch: Launch, kept: Callable[..., Sheet], lacking: dict[str, Any]
) -> None:
    kept(**lacking)
    assert "nobody goes backward on it" in problems(launch("ladder-1", GYM), "ladder-1", address=GYM)


def test_nobody_goes_forward_on_a_real_machine_that_only_software_stops(
    launch: Launch, kept: Callable[..., Sheet]
) -> None:
    kept(physical_stop=PhysicalStop.NONE)
    offer = launch(None, GYM, quick="8 min at 5 km/h forward").offers(GYM)[0]
    assert "so nobody is moved by it" in offer.problems[0]


@pytest.mark.usefixtures("opened")
def test_somebody_may_be_on_a_qualified_belt_and_only_the_key_of_a_real_one_is_tested(
    launch: Launch, kept: Callable[..., Sheet]
) -> None:
    kept()
    launcher = launch("ladder-1", GYM)
    for address, real in ((GYM, True), (DEFAULT_TREADMILL, False), ("coach://", False)):
        run = launcher.launch(launcher.offers(address)[0], address)
        assert isinstance(run, OpenedRun)
        assert not run.plan.empty_belt
        assert run.plan.key_test is real


@pytest.mark.usefixtures("opened")
def test_nobody_may_be_on_the_belt_of_an_experiment(launch: Launch, kept: Callable[..., Sheet]) -> None:
    """Its sheet says so, also where its scheme does not."""
    kept(experimental=True)
    launcher = launch("ladder-1", GYM)
    run = launcher.launch(launcher.offers(GYM)[0], GYM)
    assert isinstance(run, OpenedRun)
    assert run.plan.empty_belt


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("strap", "ceiling"),
    [(Strap("ble://s", 150, required=True), HeartCeiling(150, required=True)), (Strap("ble://s"), None), (None, None)],
)
def test_the_ceiling_of_the_strap_goes_with_the_run(
    launch: Launch, strap: Strap | None, ceiling: HeartCeiling | None
) -> None:
    launcher = launch()
    launcher.introduce(replace(ADA, strap=strap))
    run = launcher.launch(launcher.offers(DEFAULT_TREADMILL)[0], DEFAULT_TREADMILL)
    assert isinstance(run, OpenedRun)
    assert run.plan.heart == ceiling
    assert SessionLauncher.person(launcher) == replace(ADA, strap=strap)


@pytest.mark.usefixtures("opened")
def test_a_workout_at_the_rails_is_run_as_one(launch: Launch) -> None:
    launcher = launch()
    launcher.introduce(ADA)
    for offer in launcher.offers(DEFAULT_TREADMILL):
        if offer.problems or "ladder" not in offer.key:
            continue
        run = launcher.launch(offer, DEFAULT_TREADMILL)
        assert isinstance(run, OpenedRun)
        assert run.plan.handrail is ("rails" in offer.needs)


def test_a_strap_that_is_in_the_settings_stays_when_somebody_is_introduced(launch: Launch, tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "settings.toml").write_text('[heart]\nstrap = "ble://s"\nceiling_bpm = 150\n')
    launch().introduce(ADA)
    assert '[heart]\nstrap = "ble://s"' in (tmp_path / "settings" / "settings.toml").read_text()


def test_whoever_sets_the_belt_by_hand_needs_no_qualified_machine(launch: Launch) -> None:
    assert problems(launch(), "ladder-1", address="coach://") == ""


@pytest.mark.usefixtures("opened")
def test_the_sheet_of_the_machine_goes_with_the_run(launch: Launch, kept: Callable[..., Sheet]) -> None:
    sheet = kept()
    launcher = launch("ladder-1", GYM)
    run = launcher.launch(launcher.offers(GYM)[0], GYM)
    assert isinstance(run, OpenedRun)
    assert run.sheet is sheet
    simulated = launcher.launch(launcher.offers(DEFAULT_TREADMILL)[0], DEFAULT_TREADMILL)
    assert isinstance(simulated, OpenedRun)
    assert simulated.sheet is None


def test_a_tier_that_is_none_is_told_with_those_that_are() -> None:
    assert tier_for(None) is None
    with pytest.raises(
        NoSuchTier, match="no tier 'expert'; the tiers are frail, clinic, alone, novice, walker, runner, harness"
    ):
        tier_for("expert")


# --- the person ---------------------------------------------------------------------------------------------------

ADA = Person("Ada", True, BackwardExperience.WALKS, 6.5, Remote("f5", "b"), ("notify-send", "help"))


def test_nobody_has_been_asked_yet_and_then_somebody_is_remembered(launch: Launch) -> None:
    launcher = launch()
    assert launcher.person() is None
    launcher.introduce(ADA)
    assert launcher.person() == ADA
    launcher.close()
    assert launch().person() == ADA


def test_a_broken_settings_file_is_told_holds_nobody_up_and_is_never_written_over(
    launch: Launch, tmp_path: Path
) -> None:
    (tmp_path / "settings").mkdir()
    path = tmp_path / "settings" / "settings.toml"
    path.write_text("[person]\nname = 'Ada'\n")
    launcher = launch()
    sentence = f"{path}:1: [person] adult: is missing; write it"
    assert launcher.recovered() == (f"{sentence}; careful defaults hold",)
    assert launcher.person() is None
    assert launcher.offers(DEFAULT_TREADMILL)[0].problems == ()
    with pytest.raises(OSError, match=re.escape(sentence)):
        launcher.introduce(ADA)
    assert path.read_text() == "[person]\nname = 'Ada'\n"
    assert launcher.person() == ADA, "for this run of the program it holds"


def test_what_no_settings_file_may_hold_is_refused_with_the_mend(launch: Launch, tmp_path: Path) -> None:
    launcher = launch()
    with pytest.raises(OSError, match="the settings cannot be kept: name: has 81 characters, the limit is 80; shorten"):
        launcher.introduce(Person("a" * 81, True))
    with pytest.raises(OSError, match="the settings cannot be kept: next: 'enter' stops a moving belt"):
        launcher.introduce(Person("Ada", True, remote=Remote("enter")))
    assert not (tmp_path / "settings").exists()


def problems(launcher: SessionLauncher, stem: str, alone: bool = False, address: str = DEFAULT_TREADMILL) -> str:
    (offer,) = [one for one in launcher.offers(address, alone) if Path(one.key).stem == stem]
    return "\n".join(offer.problems)


def test_nobody_under_18_is_offered_anything(launch: Launch) -> None:
    launcher = launch()
    launcher.introduce(Person("Kim", False, BackwardExperience.RUNS))
    sentence = "adults only here; a clinic can plan and supervise this for somebody under 18"
    assert all(sentence in one.problems for one in launcher.offers(DEFAULT_TREADMILL))
    assert all(sentence in one.problems for one in launcher.offers(DEFAULT_TREADMILL, alone=True))


@pytest.mark.parametrize(
    ("experience", "highest", "refused", "mend"),
    [
        (None, 3, 4, "when you walk backward with ease, say so: retrotread person --experience walks"),
        (
            BackwardExperience.NONE,
            3,
            4,
            "when you walk backward with ease, say so: retrotread person --experience walks",
        ),
        (
            BackwardExperience.WALKS,
            6,
            7,
            "when retrotread next leads to level 7, say so: retrotread person --experience runs",
        ),
    ],
)
def test_experience_decides_the_highest_level(
    launch: Launch, experience: BackwardExperience | None, highest: int, refused: int, mend: str
) -> None:
    launcher = launch()
    if experience is not None:
        launcher.introduce(Person("Ada", True, experience))
    assert "is for tier" not in problems(launcher, f"ladder-{highest}")
    assert f"level {refused} is for tier" in problems(launcher, f"ladder-{refused}")
    assert problems(launcher, f"ladder-{refused}").splitlines()[0].endswith(mend)


def test_who_runs_backward_may_run(launch: Launch) -> None:
    launcher = launch()
    launcher.introduce(Person("Ada", True, BackwardExperience.RUNS))
    assert problems(launcher, "ladder-8") == ""


def test_above_every_experience_a_clinic_or_coach_is_named(launch: Launch, tmp_path: Path) -> None:
    (tmp_path / "nine.yaml").write_text(FAST.replace("name: Fast", "name: Nine\nlevel: 9"))
    launcher = launch(str(tmp_path / "nine.yaml"))
    launcher.introduce(Person("Ada", True, BackwardExperience.RUNS))
    assert problems(launcher, "nine") == (
        "level 9 is for tier trained, harness and supervisor, and somebody who runs backward trains up to level 8 "
        "(tier trained, no harness); it is for a harness and a supervisor: ask a clinic or a coach"
    )


def test_a_workout_without_a_level_is_held_against_the_tier_of_the_person(launch: Launch, tmp_path: Path) -> None:
    (tmp_path / "fast.yaml").write_text(FAST)
    launcher = launch(str(tmp_path / "fast.yaml"))
    assert "5.0 km/h is above 3.0 km/h (tier novice at home, backward)" in problems(launcher, "fast")
    launcher.introduce(Person("Ada", True, BackwardExperience.WALKS))
    assert problems(launcher, "fast") == ""
    assert launcher.offers(DEFAULT_TREADMILL)[0].tier == "experienced walker"


# --- alone --------------------------------------------------------------------------------------------------------

STROLL = "5 min at 1 km/h backward"


def test_alone_every_workout_is_held_against_the_tier_alone(launch: Launch) -> None:
    launcher = launch(quick=STROLL)
    launcher.introduce(Person("Ada", True, BackwardExperience.RUNS))
    assert {one.tier for one in launcher.offers(DEFAULT_TREADMILL, alone=True)} == {"alone"}
    assert problems(launcher, "quick", alone=True) == ""
    assert "3.0 km/h is above 1.5 km/h (tier alone, backward)" in problems(launcher, "ladder-3", alone=True)


def test_alone_a_workout_that_needs_a_spotter_is_refused(launch: Launch) -> None:
    launcher = launch()
    needs = "needs a spotter; you are alone: ask somebody to stand beside the belt, or choose another"
    assert needs in problems(launcher, "ladder-1", alone=True)
    assert needs not in problems(launcher, "ladder-1")
    assert needs not in problems(launcher, "ladder-3", alone=True)


@pytest.mark.usefixtures("opened")
def test_who_said_alone_before_the_program_began_is_alone_and_runs_in_that_tier(launch: Launch) -> None:
    launcher = launch(quick=STROLL, alone=True)
    offer = launcher.offers(DEFAULT_TREADMILL)[0]
    run = launcher.launch(offer, DEFAULT_TREADMILL)
    assert isinstance(run, OpenedRun)
    assert (launcher.alone, offer.tier, run.plan.tier) == (True, "alone", "alone")
    launcher.close()
    assert not launch().alone


def test_alone_and_set_by_hand_the_speed_does_not_change_behind_ones_back(launch: Launch, tmp_path: Path) -> None:
    steps = "  - walk: 2 min\n    speed: 1.0 km/h\n  - walk: 2 min\n    speed: 1.2 km/h\n"
    (tmp_path / "two.yaml").write_text(f"retrotread: 1\nname: Two\nfacing: rear\nsteps:\n{steps}")
    launcher = launch(str(tmp_path / "two.yaml"))
    sentence = "step 2, walk 2 min: the speed changes while you face the rear, and nobody is at the console"
    assert sentence in problems(launcher, "two", True, "coach://")
    assert sentence not in problems(launcher, "two", False, "coach://")
    assert sentence not in problems(launcher, "two", True)
    console = (tmp_path / "two.yaml").read_text().replace("rear", "console")
    (tmp_path / "two.yaml").write_text(console)
    launcher.close()
    assert sentence not in problems(launch(str(tmp_path / "two.yaml")), "two", True, "coach://")


# --- what was asked for before the program began --------------------------------------------------------------------


@pytest.mark.usefixtures("opened")
def test_a_workout_in_words_is_offered_first_and_journalled_as_its_words(launch: Launch) -> None:
    launcher = launch(quick="10 min at 2 km/h backward")
    offer, second = launcher.offers(DEFAULT_TREADMILL)[:2]
    assert offer.title == "quick: 10 min at 2.0 km/h backward"
    assert Path(second.key).suffix == ".yaml"
    run = launcher.launch(offer, DEFAULT_TREADMILL)
    assert isinstance(run, OpenedRun)
    with contextlib.closing(sqlite3.connect(f"file:{run.journal.path}?mode=ro", uri=True)) as database:
        assert database.execute("SELECT plan FROM run").fetchone() == (b"10 min at 2 km/h backward",)


def test_words_that_are_no_workout_are_said_before_anything_is_touched(launch: Launch, data: Path) -> None:
    with pytest.raises(QuickError, match="write it like 10 min at 2 km/h backward"):
        launch(quick="run fast")
    assert not data.exists()


@pytest.mark.usefixtures("opened")
def test_the_lowest_speed_of_the_belt_is_accepted_when_asked_for_and_the_journal_says_so(launch: Launch) -> None:
    address = "sim://well-behaved?min_kph=1"
    before = launch("ladder-1")
    assert before.offers(address)[0].timeline is None
    before.close()
    launcher = launch("ladder-1", accept_lowest=True)
    offer = launcher.offers(address)[0]
    assert offer.problems == ()
    sentence = "walk 5 min: asks for 0.8 km/h, and the lowest speed of this belt is 1.0 km/h, which it will run"
    assert offer.findings[0] == sentence
    run = launcher.launch(offer, address)
    assert isinstance(run, OpenedRun)
    run.journal._rows.put(None)
    run.journal._thread.join(10.0)
    with contextlib.closing(sqlite3.connect(f"file:{run.journal.path}?mode=ro", uri=True)) as database:
        told = database.execute("SELECT kind, text FROM event").fetchall()
    assert ("accepted", sentence) in told


def test_a_lowest_speed_above_a_limit_is_not_accepted(launch: Launch) -> None:
    launcher = launch(quick=STROLL, accept_lowest=True, alone=True)
    assert "2.0 km/h is above 1.5 km/h (tier alone, backward)" in problems(
        launcher, "quick", True, "sim://well-behaved?min_kph=2"
    )


def test_a_file_is_read_once_so_that_what_runs_is_what_was_shown(launch: Launch, tmp_path: Path) -> None:
    path = tmp_path / "fast.yaml"
    path.write_text(FAST)
    launcher = launch(str(path))
    path.write_text(FAST.replace("5.0 km/h", "15.0 km/h"))
    assert "5.0 km/h is above 3.0 km/h" in problems(launcher, "fast")
    path.unlink()
    assert "5.0 km/h is above 1.5 km/h" in problems(launcher, "fast", alone=True)


def test_no_workout_is_read_twice(launch: Launch, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def note(path: Path) -> Written:
        read.append(path)
        return written_in(path)

    monkeypatch.setattr(launchers, "written_in", note)
    launcher = launch()
    launcher.offers(DEFAULT_TREADMILL)
    launcher.offers("sim://slow-reporter", alone=True)
    assert sorted(read) == sorted(shipped())


@pytest.mark.usefixtures("opened")
def test_the_settings_decide_whether_cues_are_spoken(launch: Launch, tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "settings.toml").write_text("[cues]\nspeech = false\n")
    launcher = launch()
    run = launcher.launch(launcher.offers(DEFAULT_TREADMILL)[0], DEFAULT_TREADMILL)
    assert isinstance(run, OpenedRun)
    assert (run.speech, run.person) == (False, None)


@pytest.mark.usefixtures("opened")
def test_what_stands_in_the_way_cannot_be_launched_nor_what_was_offered_in_other_company(launch: Launch) -> None:
    launcher = launch()
    offers = {Path(one.key).stem: one for one in launcher.offers(DEFAULT_TREADMILL)}
    with pytest.raises(HeldBack, match="this cannot be run: "):
        launcher.launch(offers["ladder-8"], DEFAULT_TREADMILL)
    launcher.offers(DEFAULT_TREADMILL, alone=True)
    with pytest.raises(HeldBack, match="only what was offered last can be launched"):
        launcher.launch(offers["ladder-1"], DEFAULT_TREADMILL)


@pytest.mark.parametrize(
    ("remote", "alone", "answers"),
    [
        (None, False, AnsweredBy.SUPERVISOR),
        (None, True, AnsweredBy.NOBODY),
        (Remote("pagedown"), True, AnsweredBy.NOBODY),
        (Remote("pagedown", "home"), True, AnsweredBy.HAND),
        (Remote("pagedown", "home"), False, AnsweredBy.HAND),
    ],
)
def test_who_answers_the_attention_check_follows_from_the_remote_and_from_who_is_there(
    remote: Remote | None, alone: bool, answers: AnsweredBy
) -> None:
    assert answered_by(Person("Kim", adult=True, remote=remote), alone) is answers
