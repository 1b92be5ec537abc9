"""Every shipped family's file: each figure is there for a reason, and nothing dangerous rests on one word."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from retrotread.devices.address import ADDRESS_LENGTH_MAX
from retrotread.devices.csafe.reach import CAREFUL as CSAFE_UNTRIED
from retrotread.devices.ftms.dialect import AS_SPECIFIED, FtmsDialect
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.guardian import wire
from retrotread.guardian.messages import PROTOCOL, Connect
from retrotread.guardian.sheets import sheet_problem
from retrotread.machine import Capabilities, DeviceProfile, Identity, PhysicalStop, Qualification
from retrotread.sessions.machines.caution import BOLD, CAREFUL
from retrotread.sessions.machines.families import FOLDER, families, family_for, family_on
from retrotread.sessions.machines.family import Family

EVERY = pytest.mark.parametrize("family", families(), ids=lambda family: family.key)

VECTORS = Path(__file__).parents[2] / "devices" / "ftms" / "vectors.json"
CAPTURED_AS = {
    "matrix-consoles": "Matrix",
    "urevo-urtm": "Urevo E1L",
    "vitalwalk-tm11gy": "TM11GY",
    "yesoul-w2-pro": "Yesoul W2 Pro",
}
"""How the frames that are among the tests call the machine."""

TOLD_ALTHOUGH_CAREFUL = {"physical_stop": PhysicalStop.NONE, "rails": False}
"""A machine that is known to lack something: the same value as of one of which nobody knows, and worth telling."""


def careful(figure: str) -> object:
    """What stands where a family tells nothing."""
    for careful_one in (AS_SPECIFIED, CAREFUL.capabilities, CAREFUL):
        if hasattr(careful_one, figure):
            return getattr(careful_one, figure)
    raise AssertionError(f"{figure} is a figure of nothing")


def in_sheet(family: Family, figure: str) -> object:
    """What the family's sheet says of a figure."""
    for part, kind in ((family.dialect, FtmsDialect), (family.profile.capabilities, Capabilities)):
        if figure in {field.name for field in fields(kind)}:
            return getattr(part, figure)
    return getattr(family.profile, figure)


def test_there_are_at_least_twelve_families_and_every_file_is_one() -> None:
    assert len(families()) >= 12
    assert [family.key for family in families()] == sorted(path.stem for path in FOLDER.glob("*.toml"))


@EVERY
def test_every_figure_differs_from_the_careful_value_and_says_why(family: Family) -> None:
    for fact in family.facts:
        told_anyway = fact.figure == "report_period_ms" or TOLD_ALTHOUGH_CAREFUL.get(fact.figure) == fact.value
        # A lowest speed or a highest one that happens to be the careful one is a measurement all the same.
        range_of_its_own = fact.figure in {"speed_min_ckph", "speed_max_ckph"}
        assert fact.value != careful(fact.figure) or told_anyway or range_of_its_own, fact.figure
        assert len(fact.why) >= 15, fact.figure
        assert set(fact.sources) <= {source.key for source in family.sources}


@EVERY
def test_a_sheet_carries_what_is_taken_and_the_careful_value_of_the_rest(family: Family) -> None:
    for fact in family.facts:
        assert in_sheet(family, fact.figure) == (fact.value if fact.taken else careful(fact.figure)), fact.figure


@EVERY
def test_nothing_bold_rests_on_one_repository(family: Family) -> None:
    origin = {source.key: source.url.split("/")[4] for source in family.sources}
    for figure, (bold, _) in BOLD.items():
        fact = family.fact(figure)
        if fact is not None and bold(fact.value) and len({origin[key] for key in fact.sources}) < 2:
            assert not fact.taken, figure
            assert in_sheet(family, figure) == careful(figure)


@EVERY
def test_no_family_is_qualified_simulated_or_reversing_and_the_guardian_takes_its_sheet(family: Family) -> None:
    profile = family.profile
    assert (profile.qualification, profile.simulated, profile.reverses) == (Qualification.NONE, False, False)
    assert family.sheet.sealed_for is None
    assert sheet_problem(family.sheet, "ble") is None
    assert len(wire.encode(Connect(PROTOCOL, "x" * ADDRESS_LENGTH_MAX, family.sheet))) <= wire.ATOMIC_BYTES


@EVERY
def test_the_time_for_an_answer_is_that_of_the_dialect_and_a_little_more(family: Family) -> None:
    dialect = family.dialect
    assert family.profile.answer_within_ms == dialect.write_within_ms + dialect.answer_within_ms + 100


def test_a_csafe_machine_has_the_time_for_an_answer_that_its_driver_counts_with() -> None:
    family = family_on("serial+csafe")
    assert family is not None
    assert family.profile.answer_within_ms == CSAFE_UNTRIED.answer_within_ms == 5000


@EVERY
def test_every_mark_leads_to_its_own_family_and_to_no_other(family: Family) -> None:
    for start in family.marks.name_prefixes:
        assert family_for(Identity(name=f"{start}0123")) is family
    for name in family.marks.names:
        assert family_for(Identity(name=name)) is family
    for model in family.marks.models:
        assert family_for(Identity(model=model)) is family


@EVERY
def test_what_a_family_is_simulated_as_can_be_simulated(family: Family) -> None:
    assert set(family.seen.simulated_as) <= set(ARCHETYPES)


@EVERY
def test_nobody_has_seen_any_of_them_on_hardware_and_captured_means_frames_among_the_tests(family: Family) -> None:
    assert family.seen.on_hardware_by == 0
    assert family.seen.captured == (family.key in CAPTURED_AS)
    if family.seen.captured:
        machines = {str(frame["machine"]) for frame in json.loads(VECTORS.read_text(encoding="utf-8"))["frames"]}
        assert any(CAPTURED_AS[family.key] in machine for machine in machines)


@EVERY
def test_a_family_that_is_never_driven_says_why_in_a_sentence(family: Family) -> None:
    if family.read_only is not None:
        assert len(family.read_only.split()) >= 8


def test_the_figures_that_need_two_sources_are_figures_of_a_sheet() -> None:
    known = {field.name for kind in (DeviceProfile, FtmsDialect) for field in fields(kind)}
    assert set(BOLD) <= known
