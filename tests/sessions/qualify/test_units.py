"""Miles for kilometres, in each of the ways in which a machine can take or mean them."""

from __future__ import annotations

import pytest

from retrotread.devices.ftms.dialect import AS_SPECIFIED
from retrotread.machine import Capabilities, DeviceProfile, Identity, PhysicalStop, Qualification, SpeedUnit
from retrotread.sessions.qualify.measure import Findings
from retrotread.sessions.qualify.units import Shown, Units, units_of
from retrotread.sessions.qualify.verdict import Machine, Told, verdict

KPH, MPH = SpeedUnit.KPH, SpeedUnit.MPH
PLAIN = Units(KPH, KPH)


@pytest.mark.parametrize(
    ("set_kph", "reported_kph", "shown", "units"),
    [
        (1.0, 1.0, Shown(1.0, KPH), Units(KPH, KPH)),
        (1.0, 1.61, Shown(1.6, KPH), Units(MPH, KPH)),
        (1.0, 1.61, Shown(1.0, MPH), Units(MPH, KPH)),
        (1.0, 0.62, Shown(1.0, KPH), Units(KPH, MPH)),
        (1.0, 1.0, Shown(1.0, MPH), Units(MPH, MPH)),
        (1.0, 1.0, Shown(0.6, MPH), Units(KPH, KPH)),
        (0.5, 0.5, Shown(0.3, MPH), Units(KPH, KPH)),
        (0.5, 0.5, Shown(0.5, KPH), Units(KPH, KPH)),
        (0.8, 0.8, Shown(0.8, MPH), Units(MPH, MPH)),
    ],
)
def test_the_console_tells_which_of_the_other_two_is_in_miles(
    set_kph: float, reported_kph: float, shown: Shown, units: Units
) -> None:
    assert units_of(set_kph, reported_kph, shown, PLAIN) == units


def test_units_that_are_known_already_are_reckoned_back() -> None:
    assert units_of(1.61, 1.61, Shown(1.0, MPH), Units(MPH, KPH)) == Units(MPH, KPH)
    assert units_of(1.61, 1.0, Shown(1.0, KPH), Units(MPH, KPH)) == Units(KPH, KPH)


@pytest.mark.parametrize(
    ("set_kph", "reported_kph", "shown"),
    [
        (1.0, 1.0, Shown(2.5, KPH)),
        (1.0, 1.3, Shown(1.0, KPH)),
        (1.0, 0.0, Shown(1.0, KPH)),
        (1.0, float("nan"), Shown(1.0, KPH)),
        (1.0, 2.59, Shown(1.0, KPH)),
    ],
)
def test_numbers_that_no_unit_explains_are_refused(set_kph: float, reported_kph: float, shown: Shown) -> None:
    found = units_of(set_kph, reported_kph, shown, PLAIN)
    assert isinstance(found, str)
    assert "neither kilometres nor miles" in found


@pytest.mark.parametrize(("shown", "refused"), [(Shown(0.8, MPH), True), (Shown(0.8, KPH), False)])
def test_a_unit_that_is_a_part_of_the_address_is_not_mended_but_refused(shown: Shown, refused: bool) -> None:
    """A sheet could say miles; the driver of a serial machine goes by its address, 1.6 times too fast."""
    machine = Machine(DeviceProfile("it", Capabilities(80, 1000, 10)), AS_SPECIFIED, Identity("/dev/ttyUSB0"), True)
    found = Findings(0.8, 0.8, countdown_s=1.0, period_s=0.2, stop_obeyed=True)
    reached = verdict(machine, found, Told(PhysicalStop.NONE, True, shown, rested=True), Qualification.QUICK)
    assert (reached.sheet is None) is refused
    assert [("another unit than its address says" in one) for one in reached.refusals] == [True] * refused


@pytest.mark.parametrize(("on_cable", "period_ms"), [(True, 1000), (False, 200)])
def test_a_machine_that_is_asked_five_times_a_second_does_not_know_five_times_a_second(
    on_cable: bool, period_ms: int
) -> None:
    """A Trackmaster answers at once, with a mean of two seconds; how soon a runaway shows is its family's figure."""
    profile = DeviceProfile("it", Capabilities(80, 1000, 10), report_period_ms=1000)
    machine = Machine(profile, AS_SPECIFIED, Identity("/dev/ttyUSB0"), on_cable)
    found = Findings(0.8, 0.8, countdown_s=1.0, period_s=0.2, stop_obeyed=True)
    told = Told(PhysicalStop.NONE, True, Shown(0.8, KPH), rested=True)
    sheet = verdict(machine, found, told, Qualification.QUICK).sheet
    assert sheet is not None
    assert sheet.profile.report_period_ms == period_ms
