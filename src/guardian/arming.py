"""An arming: the numbers that it would run under, why it cannot be, and what the next one in its run is held to."""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import BeltDirection, DeviceProfile
from ..safety.attention import AnsweredBy
from ..safety.config import Config
from ..safety.heart import HeartCeiling, tightened
from ..safety.limits import Limits, limits_for
from ..safety.modes import Mode
from ..safety.real_machines import UNSHOWN, not_armed
from ..safety.tiers import TIERS
from ..safety.turning import Way
from .messages import Arm


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an arming is held against beside its own words: what the belt does, whether somebody tries it out, why this
    connection leads to another machine or may (a sentence), whether the strap in use is a simulated one."""

    mode: Mode
    trying: bool
    only_read: str | None
    simulated_strap: bool


class Arming:
    """The armings of one run: within it no limit of one way is wider than it was."""

    def __init__(self) -> None:
        self._run_id: str | None = None
        self._limits: dict[Way, Limits] = {}
        self._heart: HeartCeiling | None = None

    def in_same_run(self, message: Arm) -> bool:
        """Whether it goes on with the run that was armed last."""
        return message.run_id == self._run_id

    def config_for(self, message: Arm, profile: DeviceProfile) -> Config | None:
        """The numbers of this arming. None: no such tier."""
        tier = TIERS.get(message.tier)
        if tier is None:
            return None
        limits = limits_for(profile, tier, message.plan, message.facing, message.belt)
        asks = message.answers is not AnsweredBy.NOBODY and not message.belt_empty
        if not asks and not message.belt_empty:
            limits = limits.unattended()
        if message.prescribed is not None:
            limits = limits.tighten(message.prescribed)
        before = self._limits.get((message.facing, message.belt))
        if self.in_same_run(message) and before is not None:
            limits = limits.tighten(before)
        heart = tightened(self._heart, message.heart) if self.in_same_run(message) else message.heart
        return Config.of(profile, tier, limits, message.facing, message.belt).under(heart).asking(asks)

    def keep(self, message: Arm, config: Config) -> None:
        """It came about: what comes next in its run is held to it."""
        self._limits = self._limits if self.in_same_run(message) else {}
        self._limits[message.facing, message.belt] = config.limits
        self._heart = config.heart
        self._run_id = message.run_id


def refusal(message: Arm, config: Config, around: Surroundings) -> str | None:
    """Why this arming cannot be; None where it can, as far as the message goes."""
    if around.mode not in (Mode.IDLE, Mode.PAUSED, Mode.TURN):
        return f"arming is possible only at rest, and the belt is {around.mode.value}"
    if around.trying:
        return "a trial with nobody on the belt is under way"
    if not message.checklist_done:
        return "the checklist is not complete"
    if around.only_read is not None:
        return around.only_read
    unfit = not_armed(config.profile, message.tier, message.facing, message.belt, message.belt_empty)
    if unfit is not None:
        return unfit
    unchecked = _unchecked(message, config.profile)
    if unchecked is not None:
        return unchecked
    if around.simulated_strap and not (config.profile.simulated or message.belt_empty):
        return "the heart-rate strap is a simulated one and somebody is on a real belt: choose a real one, or none"
    if message.belt is not BeltDirection.FORWARD and not config.profile.reverses:
        return f"{config.profile.name} is not known to run its belt backwards"
    lowest, limit = config.profile.capabilities.speed_min_ckph, config.limits.speed_ckph
    if limit.value < lowest:
        return f"the lowest speed of the belt, {lowest / 100} km/h, is above {limit.value / 100} km/h ({limit.reason})"
    return None


def _unchecked(message: Arm, profile: DeviceProfile) -> str | None:
    """What of the machine has not been looked at before this start; None where nothing is missing."""
    if profile.unnumbered and not message.machine_shown:
        return f"{profile.name}: {UNSHOWN}"
    if profile.has_safety_key and not (profile.simulated or message.key_tested):
        return f"{profile.name}: its safety key was not tested today, facing the {message.facing.value}"
    return None


def no_such_tier(message: Arm) -> str:
    """Why there are no numbers for it."""
    return f"there is no tier {message.tier!r}; the tiers are {', '.join(TIERS)}"
