"""What a machine allows, in figures and in sentences: what every card of a machine says.

The answers come from the same functions that the guardian asks before it arms; nothing is decided here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from ...devices.address import EXPERIMENTAL_SCHEMES
from ...machine import DeviceProfile, Facing, PhysicalStop, Qualification
from ...safety.limits import HARD_BACKWARD_CKPH, SLOW_REPORT_PERIOD_MS, Limit, PlanCeiling, limits_for
from ...safety.real_machines import UNSHOWN, beyond_qualification, no_backward, nobody_on_belt, only_read
from ...safety.tiers import NOVICE, TIERS, Tier
from .caution import CAREFUL
from .family import Family

WALKING = TIERS["walker"]
RUNNING = TIERS["runner"]
"""What is walked and what is run backward at most at home; the tiers say so, and why."""

QUICK_PERIOD_MS = SLOW_REPORT_PERIOD_MS // 2
"""Of a machine that reports often enough to be run on: any period below the slow one says the same."""

IF_QUICK = "if it is measured to report more often than once a second"

_QUALIFY = "qualify it with nobody on the belt (retrotread treadmills qualify)"
_FULLY = "qualify it in full with nobody on the belt (retrotread treadmills qualify --full)"
_COACH = "let the program coach you and set the machine by hand (coach://)"
_READY = "choose a workout (retrotread)"
_NO_CAP = PlanCeiling(HARD_BACKWARD_CKPH, 0, "none")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a machine allows whom.

    ``watch``: its reports may be shown, and it may be coached. The two ceilings are for backward gait, in km/h; None:
    not at all. ``empty_belt_only``: a sentence on why it is driven with nobody on the belt. ``reasons``: a sentence for
    everything that is held back. ``next_step``: what to do to get further.
    """

    watch: bool
    backward_walking_max_kph: float | None
    backward_running_max_kph: float | None
    empty_belt_only: str | None
    reasons: tuple[str, ...]
    next_step: str

    @property
    def running(self) -> bool:
        """Whether running backward is allowed at all."""
        return self.backward_running_max_kph is not None

    @property
    def sentence(self) -> str:
        """One line: watching, walking, running."""
        if self.backward_walking_max_kph is None:
            return "watch and coach only; no backward walking or running under the program's control"
        walking = f"backward walking to {tenths(self.backward_walking_max_kph)} km/h"
        if self.backward_running_max_kph is None:
            return f"{walking}; no running"
        return f"{walking}; running to {tenths(self.backward_running_max_kph)} km/h"


def allowance(profile: DeviceProfile, read_only: str | None = None) -> Allowance:
    """What a machine with this profile allows now; ``read_only``: why its family is never driven, if it is not."""
    if read_only is not None:
        return _only_watched((read_only,), _COACH)
    one = _allowed(profile)
    return replace(one, reasons=(*one.reasons, UNSHOWN)) if profile.unnumbered else one


def _allowed(profile: DeviceProfile) -> Allowance:
    """The same for a machine of which it is known that it is this one, of a family that may be driven."""
    if (unqualified := only_read(profile)) is not None:
        return _only_watched((unqualified,), f"{_QUALIFY}, or {_COACH}")
    if (stuck := no_backward(profile)) is not None:
        return _only_watched((stuck,), _COACH)
    return _driven(profile)


def allowed_after_qualification(family: Family | None) -> Allowance:
    """The most that a full qualification could unlock, with what it depends on; of no family: of any machine.

    What nobody has told is taken as found; what is told to be missing stays missing.
    """
    profile = CAREFUL if family is None else family.profile
    if family is not None and family.read_only is not None:
        return allowance(profile, family.read_only)
    found, depends = _as_found(profile, family)
    experiment = family is not None and bool(EXPERIMENTAL_SCHEMES.intersection(family.marks.schemes))
    most = allowance(replace(profile, qualification=Qualification.FULL, experimental=experiment, **found))
    more = allowed_if_quick(family)
    if more is None:
        return replace(most, reasons=(*depends, *most.reasons))
    return replace(most, reasons=(*depends, f"{more.sentence}, {IF_QUICK}; until then it counts as slow"))


def allowed_if_quick(family: Family | None) -> Allowance | None:
    """The same, should it be measured to report more often than once a second; None where that is settled."""
    profile = CAREFUL if family is None else family.profile
    if profile.report_period_ms < SLOW_REPORT_PERIOD_MS or _told_slow(family) or (family and family.read_only):
        return None
    found, _ = _as_found(profile, family)
    in_full = replace(profile, qualification=Qualification.FULL, report_period_ms=QUICK_PERIOD_MS)
    return allowance(replace(in_full, **found))


def tenths(kph: float) -> str:
    """A ceiling as it is told: never higher than it is."""
    return f"{math.floor(kph * 10 + 1e-6) / 10:.1f}"


def _driven(profile: DeviceProfile) -> Allowance:
    in_full = beyond_qualification(profile, RUNNING.key)
    walking = _ceiling(profile, WALKING if in_full is None else NOVICE)
    running = _ceiling(profile, RUNNING)
    runs = in_full is None and running.value > WALKING.backward_max_ckph
    reasons = [f"backward walking to {tenths(walking.value / 100)} km/h: {walking.reason}"]
    if not runs:
        reasons.append(f"no running: {in_full or _too_slow(running, profile)}")
    return Allowance(
        watch=True,
        backward_walking_max_kph=walking.value / 100,
        backward_running_max_kph=running.value / 100 if runs else None,
        empty_belt_only=nobody_on_belt(profile),
        reasons=tuple(reasons),
        next_step=_READY if in_full is None else f"{_READY}, or {_FULLY}",
    )


def _ceiling(profile: DeviceProfile, tier: Tier) -> Limit:
    return limits_for(profile, tier, _NO_CAP, Facing.REAR).speed_ckph


def _too_slow(limit: Limit, profile: DeviceProfile) -> str:
    if profile.report_period_ms >= SLOW_REPORT_PERIOD_MS:
        return (
            f"{limit.reason}, and a runaway shows in two reports: about {_seconds(profile)} s, longer than a person "
            f"has; the ceiling is {tenths(limit.value / 100)} km/h backward"
        )
    return f"{limit.reason} is {tenths(limit.value / 100)} km/h, which is walked"


def _seconds(profile: DeviceProfile) -> str:
    return f"{2 * profile.report_period_ms / 1000:.1f}"


def _only_watched(reasons: tuple[str, ...], next_step: str) -> Allowance:
    return Allowance(True, None, None, None, reasons, next_step)


def _as_found(profile: DeviceProfile, family: Family | None) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The figures that a qualification may find, and what that would have to be, as sentences."""
    found: dict[str, Any] = {}
    depends: list[str] = []
    if profile.physical_stop is PhysicalStop.NONE and not _told(family, "physical_stop", PhysicalStop.NONE):
        found["physical_stop"] = PhysicalStop.KEY
        depends.append("only if it has a safety key or a stop button in reach of the person on the belt")
    if not profile.rails and not _told(family, "rails", False):
        found["rails"] = True
        depends.append("only if it has rails to hold and to stand on")
    return found, tuple(depends)


def _told(family: Family | None, figure: str, value: object) -> bool:
    """Whether the family's file tells this figure to be ``value``."""
    fact = None if family is None else family.fact(figure)
    return fact is not None and fact.value == value


def _told_slow(family: Family | None) -> bool:
    """Whether somebody measured that machines of this family report once a second or slower."""
    fact = None if family is None else family.fact("report_period_ms")
    return fact is not None and isinstance(fact.value, int) and fact.value >= SLOW_REPORT_PERIOD_MS
