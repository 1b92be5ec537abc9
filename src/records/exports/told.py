"""What an export tells of a run, and of the person in it: identified or pseudonymous, and never by chance. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import chain
from typing import Any
from urllib.parse import unquote

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


_PART_MIN = 3
"""Letters of a part of a name that is hidden by itself: shorter ones (de, of) stand in many other words' places."""

_BORDER, _BORDER_AFTER = r"(?<![^\W_])", r"(?![^\W_])"
"""Of a word, for which an underscore is none of its letters."""

_HARDWARE = re.compile(r"[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}", re.ASCII | re.IGNORECASE)
"""An address on the air, in pairs of digits."""


class _Hiding:
    """Takes names out of a sentence: whole words, whatever their case.

    Of a name also each of its parts, its parts written as one word, and what belongs to somebody (``Ada's``). Of an
    address also what stands between ``://`` and ``?`` (the port, or the name on the air, which other sentences have
    alone), what is said behind it by ``name=``, and the pairs of an address on the air however they are joined.
    """

    def __init__(self, whole: Whole, names: tuple[str, ...]) -> None:
        treadmill = [_alternatives(_of_treadmill(whole))]
        people = [_alternatives(chain.from_iterable(map(_of_name, names)), behind="(?:['\u2019]?s)?")]
        self._patterns = (*((one, HIDDEN) for one in treadmill), *((one, whole.pseudonym) for one in people))

    def __call__(self, text: str) -> str:
        for pattern, stands_for in self._patterns:
            text = pattern.sub(stands_for, text)
        return text


def _alternatives(patterns: Iterable[str], behind: str = "") -> re.Pattern[str]:
    """One that finds any of these as whole words, the longest first; nothing where there is none."""
    longest_first = sorted(set(patterns), key=len, reverse=True)
    words = "|".join(rf"{_BORDER}(?:{one}){behind}{_BORDER_AFTER}" for one in longest_first)
    return re.compile(words or r"(?!)", re.IGNORECASE)


def _of_name(name: str) -> Iterator[str]:
    parts = re.findall(r"[^\W_]+", name)
    if parts:
        yield r"[\W_]*".join(map(re.escape, parts))
    yield from (re.escape(one) for one in parts if len(one) >= _PART_MIN)


def _of_treadmill(whole: Whole) -> Iterator[str]:
    behind = whole.address.partition("://")[2]
    place, options = re.split("[?#]", behind)[0], behind.partition("?")[2]
    said = (value for key, _, value in (one.partition("=") for one in options.split("&")) if key == "name")
    for text in (whole.address, place, whole.treadmill, *said):
        for one in {text.strip(), unquote(text).strip()} - {""}:
            yield re.escape(one)
    for found in _HARDWARE.findall(whole.address):
        yield r"[\W_]?".join(re.split("[:-]", found))
