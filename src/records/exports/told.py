"""What an export tells of a run, and of the person in it: identified or pseudonymous, and never by chance. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any

from ...workouts.steps import Step
from ..intact import intact
from ..planned import timeline_of
from ..whole import Whole

HIDDEN = "(not told)"
"""Stands in a sentence where the name of a treadmill or its address stood."""

PLANS_KEPT = 64
"""A year of training goes through fewer workouts, and reading a plan is what takes time in an export."""


class Privacy(Enum):
    """Whether a file says who it was. There is no default: whoever exports chooses."""

    IDENTIFIED = "identified"
    PSEUDONYMOUS = "pseudonymous"


@dataclass(frozen=True, slots=True)
class Who:
    """What a file says of who it was. ``name``: what an identified one calls them, None where nobody told.

    ``hidden``: every name that may stand in a sentence; a pseudonymous file has none of them.
    """

    privacy: Privacy
    name: str | None = None
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A run as a file tells it. ``name``, ``treadmill`` and ``address`` are None in a pseudonymous one.

    ``steps`` of its plan as they were laid out; empty where today's program does not lay that plan out any more.
    ``unchanged``: its rows are those that were kept when it was taken over.
    """

    whole: Whole
    privacy: Privacy
    steps: tuple[Step, ...]
    name: str | None = None
    treadmill: str | None = None
    address: str | None = None
    unchanged: bool = True

    @property
    def title(self) -> str:
        """The name of the workout, and before it what made it no training."""
        workout = str(self.session["workout"])
        if self.whole.simulated:
            return f"simulated: {workout}"
        return f"empty belt: {workout}" if self.session["empty_belt"] else workout

    @property
    def session(self) -> dict[str, Any]:
        """The row of the session, its columns as in the table."""
        return self.whole.session

    def step(self, index: int | None) -> Step | None:
        """The step of that index; None where it is not known."""
        return self.steps[index] if index is not None and 0 <= index < len(self.steps) else None


def told(whole: Whole, who: Who) -> Told:
    """The run with what may be told of it.

    In a pseudonymous one every name, the name of the treadmill and its address are taken out of every sentence too.
    """
    steps = _steps(bytes(whole.session["plan"]), *(whole.session[key] for key in ("layout", "workout", "plan_hash")))
    unchanged = intact(whole)
    if who.privacy is Privacy.IDENTIFIED:
        return Told(whole, who.privacy, steps, who.name, whole.treadmill, whole.address, unchanged)
    return Told(_without_names(whole, who.hidden), who.privacy, steps, unchanged=unchanged)


@lru_cache(PLANS_KEPT)
def _steps(plan: bytes, layout: str, workout: str, plan_hash: str) -> tuple[Step, ...]:
    timeline = timeline_of(plan, layout, workout, plan_hash)
    return () if timeline is None else timeline.steps


_SENTENCES = ("workout", "ended")


def _without_names(whole: Whole, names: tuple[str, ...]) -> Whole:
    """Every text that somebody may have written a name into; the plan itself is in no export."""
    hide = _Hiding(whole, names)
    texts = {key: hide(whole.session[key]) for key in _SENTENCES} | {"notes": json.dumps(list(map(hide, whole.notes)))}
    events = tuple(replace(one, text=hide(one.text)) for one in whole.events)
    return replace(whole, treadmill="", address="", session=whole.session | texts, events=events)


class _Hiding:
    """Takes names out of a sentence: whole words, whatever their case.

    Of an address also what stands between ``://`` and ``?``: the port, or the name on the air, which other sentences
    have alone.
    """

    def __init__(self, whole: Whole, names: tuple[str, ...]) -> None:
        place = re.split(r"[?#]", whole.address.partition("://")[2])[0]
        known = dict.fromkeys((whole.address, place, whole.treadmill), HIDDEN) | dict.fromkeys(names, whole.pseudonym)
        self._stands_for = {key.casefold(): said for key, said in known.items() if key.strip()}
        longest_first = sorted(self._stands_for, key=len, reverse=True)
        words = "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in longest_first)
        self._pattern = re.compile(words or r"(?!)", re.IGNORECASE)

    def __call__(self, text: str) -> str:
        return self._pattern.sub(lambda found: self._stands_for.get(found[0].casefold(), HIDDEN), text)
