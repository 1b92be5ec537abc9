"""The trial that finds out whether a belt runs backwards, on the simulated machines that can, through their drivers.

The operator looks at the true belt. Only what the machine tells and the operator sees makes a sheet say so.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from retrotread.devices.biodex import reach as biodex
from retrotread.devices.biodex.driver import BiodexConnection
from retrotread.devices.biodex.setup import SCALES
from retrotread.devices.biodex.simulated import BiodexMachine
from retrotread.devices.biodex.simulated import Setup as BiodexSetup
from retrotread.devices.serialport.meeting import known_to_reverse
from retrotread.devices.serialport.wired import Wired, WiredTreadmill
from retrotread.devices.sheet import Sheet
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.devices.woodway import reach as woodway
from retrotread.devices.woodway.driver import WoodwayConnection
from retrotread.devices.woodway.simulated import Setup, WoodwayMachine
from retrotread.guardian.sheets import sheet_problem
from retrotread.guardian.trials import Trial, TrialPhase
from retrotread.machine import (
    BeltDirection,
    DeviceProfile,
    Facing,
    PhysicalStop,
    Qualification,
    StartBelt,
)
from retrotread.sessions.machines.families import family_on
from retrotread.sessions.qualify.bench import hold
from retrotread.sessions.qualify.conversation import conversation, key_conversation
from retrotread.sessions.qualify.figures import figures
from retrotread.sessions.qualify.measure import measured
from retrotread.sessions.qualify.plan import trials_for
from retrotread.sessions.qualify.record import Record, Reported, Sent
from retrotread.sessions.qualify.verdict import Verdict
from retrotread.sessions.qualify.virtual import Hands, VirtualBench

FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED
FULL, QUICK = Qualification.FULL, Qualification.QUICK
KPH_PER_MPH = 1.609344


MADE: list[Bound] = []


@pytest.fixture(autouse=True)
def closed_behind_each() -> Iterator[None]:
    """Every machine has a loop of its own."""
    yield
    while MADE:
        MADE.pop().close()


class Bound(WiredTreadmill):
    """A machine on its line, with the hands and the loose cable that trials ask for."""

    def __init__(self, kind: Wired) -> None:
        super().__init__(kind)
        MADE.append(self)

    @property
    def way(self) -> BeltDirection | None:
        assert isinstance(self.machine, WoodwayMachine | BiodexMachine)
        return self.machine.belt_direction(self._now_s)

    @property
    def sent(self) -> list[bytes]:
        return [data for _, data in self.told]

    def drop_link(self, now_s: float, reason: str, returns_after_s: float = 0.0) -> None:
        super().drop_link(now_s, reason, returns_after_s)

    def press_console_stop(self, now_s: float) -> None:
        assert isinstance(self.machine, WoodwayMachine | BiodexMachine)
        self.machine.stop_at_console(now_s)

    def insert_safety_key(self, now_s: float) -> None:
        assert isinstance(self.machine, WoodwayMachine | BiodexMachine)
        self.machine.release(now_s)


@dataclass
class Operator:
    """Stands beside the belt, reads the console and sees which way the belt truly runs."""

    bench: VirtualBench
    treadmill: Bound
    says: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    saw: BeltDirection | None = None

    def tell(self, text: str) -> None:
        self.told.append(text)
        if text.startswith("Look now"):
            self.saw = self.treadmill.way

    def ask(self, key: str, text: str) -> str | None:
        self.asked.append(key)
        if key in self.says:
            return self.says[key]
        if key == "digit":
            return text.removeprefix("Type the digit ")[0]
        if key == "console":
            return f"{self.bench.eyes_kph[TrialPhase.READ_NOW] / KPH_PER_MPH:.1f}"
        if key == "away":
            return "ran" if self.bench.eyes_kph.get(TrialPhase.LINK_LET_GO, 0.0) > 0 else "stopped"
        if key == "ran":
            return {REVERSED: "console", FORWARD: "rear", None: "unseen"}[self.saw]
        return {"person": "no", "stop": "button", "unit": "mph"}.get(key, "yes")


def profile_of(scheme: str) -> DeviceProfile:
    family = family_on(scheme)
    assert family is not None
    return family.profile


def a_woodway(setup: Setup = Setup(), profile: DeviceProfile | None = None) -> Bound:  # noqa: B008  a value
    known = profile or profile_of("serial+woodway")
    return Bound(Wired(known, lambda now_s: WoodwayMachine(setup, now_s), WoodwayConnection))


def a_biodex(profile: DeviceProfile | None = None) -> Bound:
    def driver(line: Any, clock: Any, profile: DeviceProfile) -> BiodexConnection:
        return BiodexConnection(line, clock, SCALES["0.1mph"], profile)

    return Bound(
        Wired(profile or profile_of("serial+biodex"), lambda now_s: BiodexMachine(BiodexSetup(), now_s), driver)
    )


def bench_of(treadmill: Bound, hands: Hands) -> VirtualBench:
    """It has all that a bench asks of a simulated treadmill."""
    return VirtualBench(cast("SimulatedTreadmill", treadmill), treadmill.profile, hands)


def tried_out(
    treadmill: Bound, level: Qualification = FULL, says: dict[str, str] | None = None
) -> tuple[Verdict, Operator]:
    bench = bench_of(treadmill, Hands())
    operator = Operator(bench, treadmill, says or {})
    verdict = hold(conversation(bench.machine, level, ("the card",), itertools.cycle((3, 7))), bench, operator)
    bench.watch(10.0)
    assert treadmill.belt_speed_kph == 0.0, "whatever came of it, the belt rests"
    return verdict, operator


def backwards(told: list[bytes]) -> list[bytes]:
    """What went over the line with a reversed direction in it."""
    return [data for data in told if data[:2] == b"\xa33" or data == b"\x84R"]


# --- a sheet that says so ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("machine", [a_woodway, a_biodex], ids=["woodway", "biodex"])
def test_a_machine_that_was_told_and_seen_to_run_both_ways_is_sealed_as_one(machine: Any) -> None:
    treadmill = machine()
    verdict, operator = tried_out(treadmill)
    assert verdict.refusals == ()
    assert verdict.sheet is not None
    assert (verdict.missing, verdict.sheet.profile.qualification) == ((), FULL)
    assert verdict.sheet.profile.reverses
    assert operator.saw is REVERSED
    assert "it runs its belt both ways: yes" in figures(verdict.sheet)
    assert len(backwards(treadmill.sent)) == 1, "one start backwards, at the lowest speed, and nothing more"


@pytest.mark.parametrize("says", [{"ran": "unseen"}, {"reverse": "no"}], ids=["unseen", "not built to"])
def test_what_nobody_has_seen_is_not_sealed(says: dict[str, str]) -> None:
    verdict, _ = tried_out(a_woodway(), says=says)
    assert verdict.sheet is not None
    assert (verdict.sheet.profile.qualification, verdict.sheet.profile.reverses) == (FULL, False)


def test_a_machine_of_which_a_person_says_that_it_runs_forwards_gets_no_byte_of_it() -> None:
    treadmill = a_woodway()
    _, operator = tried_out(treadmill, says={"reverse": "no"})
    assert backwards(treadmill.sent) == []
    assert "ran" not in operator.asked


def test_the_quick_qualification_neither_asks_nor_tries() -> None:
    treadmill = a_woodway()
    verdict, operator = tried_out(treadmill, QUICK)
    assert verdict.sheet is not None
    assert (verdict.sheet.profile.qualification, verdict.sheet.profile.reverses) == (QUICK, False)
    assert "reverse" not in operator.asked
    assert backwards(treadmill.sent) == []


def test_a_machine_of_a_kind_that_runs_forward_is_never_asked_to() -> None:
    treadmill = a_woodway(profile=replace(profile_of("serial+woodway"), may_reverse=False))
    _, operator = tried_out(treadmill)
    assert "reverse" not in operator.asked
    assert backwards(treadmill.sent) == []
    assert Trial.REVERSE not in trials_for(FULL, treadmill.profile.physical_stop, True)


def test_a_machine_without_the_option_refuses_and_is_qualified_for_forwards() -> None:
    verdict, operator = tried_out(a_woodway(Setup(reverses=False)))
    assert verdict.sheet is not None
    assert (verdict.sheet.profile.qualification, verdict.sheet.profile.reverses) == (FULL, False)
    assert "ran" not in operator.asked
    assert any("it runs forwards only" in remark for remark in verdict.remarks)


def test_a_machine_that_was_told_backwards_and_runs_forwards_is_not_driven_at_all() -> None:
    treadmill = a_woodway()
    assert isinstance(treadmill.machine, WoodwayMachine)
    treadmill.machine.deaf_to_direction = True
    verdict, _ = tried_out(treadmill)
    assert verdict.sheet is None
    assert verdict.refusals == ("the belt told that it runs the other way than it was started",)


def test_a_machine_whose_word_for_backwards_is_forwards_is_not_driven_at_all() -> None:
    verdict, _ = tried_out(a_woodway(), says={"ran": "rear"})
    assert verdict.sheet is None
    assert verdict.refusals == ("the belt told that it runs backwards, and was seen to run forwards",)


def test_a_key_while_the_belt_runs_backwards_stops_it_and_leaves_no_alarm() -> None:
    treadmill = a_woodway()
    bench = bench_of(treadmill, Hands(TrialPhase.MOVING, 1.0))
    record = bench.try_out(Trial.REVERSE, lambda _phase: None)
    assert (record.phase, record.alarm, record.ready) == (TrialPhase.STOPPED, False, True)
    assert treadmill.belt_speed_kph == 0.0


# --- and only so ------------------------------------------------------------------------------------------------


def test_what_an_earlier_sheet_said_is_found_out_anew() -> None:
    treadmill = a_woodway(profile=replace(profile_of("serial+woodway"), reverses=True))
    verdict, _ = tried_out(treadmill, says={"reverse": "no"})
    assert verdict.sheet is not None
    assert not verdict.sheet.profile.reverses


@pytest.mark.parametrize("driver", [woodway, biodex])
def test_a_sheet_counts_only_when_it_is_sealed_for_the_machine(driver: Any) -> None:
    verdict, _ = tried_out(a_woodway())
    assert verdict.sheet is not None
    assert known_to_reverse(verdict.sheet)
    assert (
        sheet_problem(replace(verdict.sheet, profile=replace(verdict.sheet.profile, simulated=False)), "serial+woodway")
        is None
    )
    assert not known_to_reverse(Sheet(verdict.sheet.profile))
    assert not driver.CAREFUL.reverses


@pytest.mark.parametrize("scheme", ["serial+trackmaster", "serial+woodway", "serial+csafe", "serial+biodex"])
def test_no_family_reverses_and_only_two_may(scheme: str) -> None:
    profile = profile_of(scheme)
    assert (profile.reverses, profile.may_reverse) == (False, scheme in ("serial+woodway", "serial+biodex"))


# --- an adapter without a number --------------------------------------------------------------------------------


def test_which_machine_it_is_has_to_be_shown_by_a_hand_before_anything_moves() -> None:
    treadmill = a_woodway(profile=replace(profile_of("serial+woodway"), unnumbered=True))
    verdict, operator = tried_out(treadmill, QUICK)
    assert verdict.sheet is not None
    seen = operator.told.index("Seen: it is this machine.")
    assert seen < next(number for number, text in enumerate(operator.told) if text.startswith("\nNext:"))
    assert "hand" not in operator.asked


def test_where_no_hand_is_seen_nothing_moves() -> None:
    treadmill = a_woodway(profile=replace(profile_of("serial+woodway"), unnumbered=True))
    bench = bench_of(treadmill, Hands(deaf=True))
    operator = Operator(bench, treadmill)
    verdict = hold(conversation(bench.machine, QUICK, (), itertools.cycle((3,))), bench, operator)
    assert verdict.refusals == (
        "no hand at this machine was seen in its reports, so that its address may lead to another one",
    )
    assert (operator.asked.count("hand"), treadmill.belt_travel_m) == (3, 0.0)
    assert b"\xa0" not in treadmill.sent


def test_the_key_of_the_day_is_not_tested_on_another_machine_either() -> None:
    known = replace(profile_of("serial+biodex"), unnumbered=True, physical_stop=PhysicalStop.KEY)
    treadmill = a_biodex(known)
    bench = bench_of(treadmill, Hands(deaf=True))
    talk = key_conversation(bench.machine, Facing.REAR, itertools.cycle((3,)))
    seen = hold(talk, bench, Operator(bench, treadmill, {"hand": "no"}))
    assert seen == "no hand at this machine was seen in its reports, so that its address may lead to another one"
    assert treadmill.belt_travel_m == 0.0


# --- findings -----------------------------------------------------------------------------------------------------


def moved(*ways: BeltDirection | None, asked: BeltDirection = REVERSED) -> list[Sent | Reported]:
    """A start and reports of motion behind it."""
    reports = [Reported(1.0 + number, 0.8, None, way) for number, way in enumerate(ways)]
    return [Sent(0.0, StartBelt(belt=asked)), *reports]


def after(entries: list[Sent | Reported], at_s: float) -> list[Sent | Reported]:
    return [replace(one, at_s=one.at_s + at_s) for one in entries]


BACK = moved(*[REVERSED] * 3)
FORTH = after(moved(*[FORWARD] * 3, asked=FORWARD), 10.0)


@pytest.mark.parametrize(
    ("entries", "phase", "reverses"),
    [
        (BACK + FORTH, TrialPhase.DONE, True),
        (BACK + FORTH, TrialPhase.STOPPED, False),
        (BACK, TrialPhase.DONE, False),
        (moved(REVERSED, REVERSED) + FORTH, TrialPhase.DONE, False),
        (moved(None, REVERSED, REVERSED, REVERSED) + FORTH, TrialPhase.DONE, False),
        (moved(FORWARD, REVERSED, REVERSED, REVERSED) + FORTH, TrialPhase.DONE, False),
    ],
    ids=["both", "cut short", "never forwards", "two reports", "a report without a way", "a report of the other way"],
)
def test_only_a_whole_trial_with_every_report_on_its_way_shows_it(
    entries: list[Sent | Reported], phase: TrialPhase, reverses: bool
) -> None:
    assert measured((Record(Trial.REVERSE, tuple(entries), phase),)).reverses is reverses
