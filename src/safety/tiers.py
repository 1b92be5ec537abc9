"""Tiers: how much a kind of person may be given, as data.

Every figure is an engineering default of this project, chosen at least twenty times milder than the belt
changes that laboratories use to make people stumble: 3 to 5 m/s2 (BMC Geriatrics 2020, s12877-020-01944-7, table 6).
Rises are held tighter than falls: a rise throws a backward walker backwards, head first.

``alone`` is for somebody with nobody at the belt: an honest answer instead of a ticked spotter. As slow as the
clinic's frail tier in both directions, on a level deck, in blocks of five minutes, without running; its rates are
the novice's. No level of the ladder belongs to it.

``clinic`` is ``frail`` in everything that a belt does: as slow, as gentle, as flat, in blocks as short. It holds a
published dose of half an hour (Awosika et al., PubMed 39314955; Chang et al. 2021, PMC7967772), which is made of such
blocks with rests between them, and what begins at a level up to the third. Somebody in charge chooses between the two.

Rates are in hundredths of a km/h per second: 0.06 m/s2 is 21 of them and is set to 20.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tier:
    """Ceilings and rates for one kind of person.

    Speeds in hundredths of a km/h, inclines in tenths of a percent, rates per second, times in minutes.
    ``running_min_day`` of None means that running is not part of the tier. ``asked_every_ms``: how often the attention
    check asks. ``clinic``: somebody in charge sees to it, and keeps the record.
    """

    key: str
    title: str
    level_min: int
    level_max: int
    backward_max_ckph: int
    forward_max_ckph: int
    incline_max_dpct: int
    rise_ckph_per_s: int
    fall_ckph_per_s: int
    block_max_min: int
    backward_min_day: int
    running_min_day: int | None = None
    asked_every_ms: int = 60_000
    clinic: bool = False


TIERS = {
    tier.key: tier
    for tier in (
        Tier("frail", "clinic frail", 0, 0, 150, 300, 0, 10, 36, 5, 15, asked_every_ms=30_000, clinic=True),
        Tier("clinic", "clinic, supervised", 0, 3, 150, 300, 0, 10, 36, 5, 30, asked_every_ms=30_000, clinic=True),
        Tier("alone", "alone", 0, 3, 150, 150, 0, 20, 54, 5, 25),
        Tier("novice", "novice at home", 0, 3, 300, 600, 0, 20, 54, 10, 25),
        Tier("walker", "experienced walker", 4, 6, 560, 800, 100, 36, 72, 20, 45),
        Tier("runner", "trained, no harness", 7, 8, 800, 1200, 50, 54, 108, 10, 45, running_min_day=20),
        Tier("harness", "trained, harness and supervisor", 9, 10, 1000, 1400, 50, 54, 108, 10, 60, running_min_day=30),
    )
}
NOVICE = TIERS["novice"]


def tier_for_level(level: int) -> Tier:
    """The lowest tier for home use that holds this ladder level. Raises KeyError for a level off the ladder."""
    for key in ("novice", "walker", "runner", "harness"):
        if TIERS[key].level_min <= level <= TIERS[key].level_max:
            return TIERS[key]
    raise KeyError(f"there is no ladder level {level}; levels go from 0 to 10")
