"""``retrotread check`` as a page: what it shows, and whether there is something to say no to."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotread.devices.errors import AddressError
from retrotread.safety.tiers import TIERS
from retrotread.sessions.check import check_text
from retrotread.workouts.library import find
from retrotread.workouts.problems import WorkoutFileError

ADDRESS = "sim://well-behaved"
PLAN = """\
retrotread: 1
name: Ramps
level: 8
facing: rear
needs: [spotter, rails]
steps:
  - walk: 2 min
    speed: 1.0 km/h -> 3.0 km/h
    incline: 0 % -> 0 %
  - run: 60 s
    speed: 6.0 km/h
    incline: 1 %
  - cool down: 90 s
    speed: 2.0 km/h
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "ramps.yaml"
    path.write_text(PLAN.replace("    incline: 0 % -> 0 %\n", ""))
    return path


def test_the_page_has_the_unrolled_steps_the_totals_the_limits_and_the_verdict(plan: Path) -> None:
    page = check_text(plan, ADDRESS, None)
    assert not page.found
    assert page.text == (
        "Ramps\n"
        "on Simulated treadmill (well-behaved), tier trained, no harness\n"
        "\n"
        "step       at      length  speed                    incline        what\n"
        "   1     0:00       2 min  1.0 km/h -> 3.0 km/h     0 %            walk 2 min\n"
        "   2     2:00        60 s  6.0 km/h                 1 %            run 60 s\n"
        "   3     3:00        90 s  2.0 km/h                 0 %            cool down 90 s\n"
        "\n"
        "total        4:30 min:s, about 216 m, backward all the way\n"
        "facing       the rear\n"
        "running      1:00 min:s\n"
        "rises        at most 0.54 km/h per second\n"
        "speed limit  8.0 km/h (tier trained, no harness, backward)\n"
        "incline      5 % (tier trained, no harness)\n"
        "needs        spotter, rails\n"
        "\n"
        "no limit is hit: it can be run as written"
    )


def test_each_limit_that_is_hit_is_a_line_with_its_reason(plan: Path) -> None:
    page = check_text(plan, ADDRESS, TIERS["novice"])
    assert page.found
    assert page.text.splitlines()[-4:] == [
        "limit: level 8 is above tier novice at home, which ends at level 3",
        "limit: step 2, run 60 s: 6.0 km/h is above 3.0 km/h (tier novice at home, backward)",
        "limit: step 2, run 60 s: 1.0 % is above 0.0 % (tier novice at home)",
        "limit: running backward is not part of tier novice at home",
    ]


def test_a_plan_that_cannot_be_laid_out_names_file_line_column_and_mend(plan: Path) -> None:
    page = check_text(plan, "sim://well-behaved?min_kph=1.5", None)
    assert page.found
    (line,) = page.text.splitlines()[-1:]
    assert line.startswith(
        f"limit: {plan}:7:5: steps[0]: walk 2 min: asks for 1.0 km/h, and the lowest speed of this belt"
    )
    assert "; ask for at least that" in line


def test_what_was_added_to_the_plan_is_a_note(plan: Path) -> None:
    plan.write_text("\n".join(plan.read_text().splitlines()[:-2]) + "\n")
    page = check_text(plan, ADDRESS, None)
    assert not page.found
    assert "note: the plan does not end in a cool down, so 2 min were added: 3.0 km/h -> 0.5 km/h" in page.text


@pytest.mark.parametrize("name", ["ladder-1", "ladder-3", "ladder-8"])
def test_every_shipped_workout_passes_its_own_check(name: str) -> None:
    page = check_text(find(name), ADDRESS, None)
    assert not page.found, page.text


def test_a_file_that_is_no_workout_is_no_page(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("retrotread: 1\nname: x\nfacing: rear\nsteps:\n  - walk: 5\n    speed: 2 km/h\n")
    with pytest.raises(WorkoutFileError, match=rf"{path}:5:11: steps\[0\]\.walk: "):
        check_text(path, ADDRESS, None)


@pytest.mark.parametrize("address", ["ble://gym", "serial+trackmaster:///dev/ttyUSB0", "sim://gym", "gym", ""])
def test_an_address_that_nothing_here_speaks_is_no_page(plan: Path, address: str) -> None:
    with pytest.raises(AddressError, match="address"):
        check_text(plan, address, None)
