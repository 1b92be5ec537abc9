"""From a choice to a run: what is on offer, what stands in its way, and a run that has to do without its journal."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from retrotread import __version__
from retrotread.devices.errors import AddressError
from retrotread.machine import BeltDirection, Facing
from retrotread.sessions import launcher as launchers
from retrotread.sessions.folder import VARIABLE, FolderError
from retrotread.sessions.journal import Journal, RunHead
from retrotread.sessions.launcher import DEFAULT_TREADMILL, NoSuchTier, SessionLauncher, profile_at, tier_for
from retrotread.sessions.live import RunSetup
from retrotread.workouts.library import NoSuchWorkout, find, shipped
from retrotread.workouts.problems import WorkoutFileError

FAST = "retrotread: 1\nname: Fast\nfacing: rear\nsteps:\n  - walk: 5 min\n    speed: 5.0 km/h\n"

Launch = Callable[..., SessionLauncher]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def launch(data: Path) -> Iterator[Launch]:
    """Makes launchers, and gives their locks back."""
    made: list[SessionLauncher] = []

    def make(first: str | None = None, address: str | None = None) -> SessionLauncher:
        made.append(SessionLauncher(first, address))
        return made[-1]

    yield make
    for one in made:
        one._lock.release()


class OpenedRun:
    """Stands for ``LiveRun``: notes what it was made of."""

    def __init__(self, setup: RunSetup) -> None:
        self.plan, self.address, self.folder = setup.plan, setup.address, setup.folder
        self.journal: Any = setup.journal
        self.trouble = setup.trouble


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launchers, "LiveRun", OpenedRun)


def test_the_first_timers_workout_is_offered_first_and_then_the_others(launch: Launch) -> None:
    offers = launch().offers(DEFAULT_TREADMILL)
    others = [path.stem for path in shipped() if path.stem != "ladder-1"]
    assert [Path(one.key).stem for one in offers] == ["ladder-1", *others]
    first = offers[0]
    assert (first.title, first.level, first.tier) == ("Ladder 1: first steps backward", 1, "novice at home")
    assert first.needs == ("spotter", "rails")
    assert first.after == ("stretch lower limbs",)
    assert first.timeline is not None
    assert first.problems == ()


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
    assert [one.address for one in plain] == ["sim://well-behaved", "sim://slow-reporter", "sim://ignores-stop"]
    assert plain[0].title == "Simulated treadmill (well-behaved)"
    assert all(one.simulated for one in plain)


def test_an_address_of_ones_own_is_kept_as_it_was_given(launch: Launch) -> None:
    asked = launch(address="sim://well-behaved?start_s=0").treadmills()
    assert [one.address for one in asked[:2]] == ["sim://well-behaved?start_s=0", "sim://well-behaved"]


@pytest.mark.parametrize(
    ("first", "address", "error"),
    [
        ("ladder-9", None, NoSuchWorkout),
        ("ladder-1", "ble://gym", AddressError),
        (None, "ble://gym", AddressError),
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
    launcher = launch()
    offer = launcher.offers(DEFAULT_TREADMILL)[0]
    first, second = (launcher.launch(offer, DEFAULT_TREADMILL) for _ in range(2))
    assert isinstance(first, OpenedRun)
    assert isinstance(second, OpenedRun)
    assert first.plan.timeline == offer.timeline
    assert (first.plan.tier, first.plan.ceiling(Facing.REAR, BeltDirection.FORWARD).speed_ckph) == ("novice", 150)
    assert (first.address, first.folder, first.trouble) == (DEFAULT_TREADMILL, data, None)
    assert first.plan.run_id != second.plan.run_id
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


@pytest.mark.parametrize("address", ["ble://well-behaved", "serial+trackmaster://well-behaved"])
def test_a_real_treadmill_is_not_taken_for_a_simulated_one_of_its_name(address: str) -> None:
    with pytest.raises(AddressError, match=r"nothing here speaks .*; write sim://NAME"):
        profile_at(address)


def test_a_tier_that_is_none_is_told_with_those_that_are() -> None:
    assert tier_for(None) is None
    with pytest.raises(
        NoSuchTier, match="no tier 'expert'; the tiers are frail, alone, novice, walker, runner, harness"
    ):
        tier_for("expert")
