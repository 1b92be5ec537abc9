"""What is told and asked in a qualification, in order. Pure: it yields steps and is sent replies.

Every motion is started on purpose: the person says that nobody is on the belt, and types a digit that is shown. Whoever
carries the conversation out listens for a key while the belt moves, and any key is a stop.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace

from ...guardian.trials import Trial, TrialPhase, ceiling_ckph
from ...machine import BeltDirection, Facing, PhysicalStop, Qualification, SpeedUnit
from ..machines.shown import ASKED as HAND_ASKED
from .key_test import KeySeen
from .measure import measured
from .plan import trials_for
from .record import Record
from .units import Shown
from .verdict import RAN_ON, Machine, Told, Verdict, dangers, verdict
from .words import DOES, SAYS

# A slip of the fingers, and another one; after that it is not meant.
TRIES = 3
# Half the way, as a ratio, from a kilometre to a mile: nearer to the reports, a reading needs no second look.
UNLIKE = math.log(SpeedUnit.MPH.one_kph) / 2


@dataclass(frozen=True, slots=True)
class Tell:
    """Something to read."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Something to answer in a line; ``key`` names the question. The reply is the line, or None: nobody is there."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """A trial to carry out; the reply is its record. ``say``: what is said in which phase of it."""

    trial: Trial
    say: dict[TrialPhase, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LookForHand:
    """A hand at the machine is to show in its reports. The reply is ``SEEN``, or None: none did in time."""


SEEN = "seen"
Step = Tell | Ask | Move | LookForHand
Conversation = Generator[Step, str | Record | None, Verdict]


@dataclass(frozen=True, slots=True)
class _Left:
    """The person ended it."""

    why: str


def conversation(machine: Machine, level: Qualification, card: tuple[str, ...], digits: Iterator[int]) -> Conversation:
    """The qualification of this machine to that level. ``card``: what the machine allows now, in lines."""
    yield from _told((*card, "", *_introduction(machine, level)))
    told = yield from _beforehand(level is Qualification.FULL and machine.profile.may_reverse)
    if isinstance(told, Told) and (left := (yield from _which_machine(machine))) is not None:
        told = left
    if isinstance(told, _Left):
        return Verdict(None, (told.why,))
    records: tuple[Record, ...] = ()
    has_incline = machine.profile.capabilities.incline_max_dpct > 0
    for trial in trials_for(level, told.physical_stop, has_incline, told.may_reverse):
        record = yield from _tried(trial, digits)
        if isinstance(record, _Left):
            return (yield from _ended(machine, records, told, record.why))
        records = (*records, record)
        told = yield from _asked_after(record, told)
        found = (*dangers(measured(records)), *((RAN_ON,) if told.rested is False else ()))
        if found or not record.ready:
            why = found or (f"the machine did not come back to rest in the trial {trial.value}: {record.message}",)
            yield from _told(("This machine is not tried out any further:", *why))
            return Verdict(None, why, void=True)
    return verdict(machine, measured(records), told, level)


def key_conversation(
    machine: Machine, facing: Facing, digits: Iterator[int]
) -> Generator[Step, str | Record | None, KeySeen | str]:
    """The key of the day, for a person who will face this way: how it was seen to work, or why it does not count."""
    if not machine.profile.has_safety_key:
        return f"{machine.profile.name} is not known to have a safety key; qualify it first, and say what stops it"
    yield from _told(
        (
            f"This tests the safety key of {machine.profile.name} as it is worn facing the {facing.value}.",
            "Stand beside the belt where the person will be, turned that way, with the cord clipped on.",
        )
    )
    left = yield from _which_machine(machine)
    record = left or (yield from _tried(Trial.KEY_PULL, digits))
    if isinstance(record, _Left):
        return record.why
    found = measured((record,))
    if found.restarts:
        return "the belt moved again by itself: do not use this machine"
    if not found.key_seen:
        return (
            f"the key was not seen to stop the belt ({record.message or 'nothing was seen'}); do not use this machine"
        )
    return KeySeen.STATUS if found.key_told else KeySeen.ZEROS


def _ended(
    machine: Machine, records: tuple[Record, ...], told: Told, why: str
) -> Generator[Step, str | Record | None, Verdict]:
    """Left before its end: what was shown so far may be enough for the quick qualification."""
    yield Tell(why)
    reached = verdict(machine, measured(records), told, Qualification.QUICK)
    return replace(reached, missing=(*reached.missing, why))


def _told(lines: tuple[str, ...]) -> Generator[Step, str | Record | None, None]:
    yield Tell("\n".join(lines))


def _introduction(machine: Machine, level: Qualification) -> tuple[str, ...]:
    high = ceiling_ckph(machine.profile.capabilities) / 100
    length = "about two minutes" if level is Qualification.QUICK else "about ten minutes"
    return (
        f"This tries {machine.profile.name} out with nobody on the belt; it takes {length}.",
        f"The belt will be asked for no more than {high:.1f} km/h. While it moves, any key stops it.",
        _SIMULATED if machine.profile.simulated else _BESIDE,
    )


_BESIDE = "Stand beside the machine, where its safety key or its stop is in reach and nothing can pull you in."
_SIMULATED = (
    "It is simulated: nothing of it can be pulled or pressed, so that 'none' stops it without software; its console "
    "shows the speed that it is asked for. Nothing is kept of this exercise."
)


# --- questions ----------------------------------------------------------------------------------------------

_Asked = Generator[Step, str | Record | None, str | None]


def _choice(key: str, text: str, choices: dict[str, str]) -> _Asked:
    """One of the choices (or its first letter), asked again a few times; None when none comes."""
    words = ", ".join(f"{word} ({meaning})" if meaning else word for word, meaning in choices.items())
    for _ in range(TRIES):
        reply = yield Ask(key, f"{text} [{words}]")
        if not isinstance(reply, str):
            return None
        said = reply.strip().lower()
        fitting = [word for word in choices if said and word.startswith(said)]
        if said in choices or len(fitting) == 1:
            return said if said in choices else fitting[0]
        yield Tell(f"{reply.strip()[:20]!r} is none of these: {', '.join(choices)}")
    return None


_YES_NO = {"yes": "", "no": ""}
_RESTED = "Did the belt itself come to rest behind the stop (look at it, not at the console)?"
_REVERSES = "Is this machine built to run its belt backwards (no: it is not tried out)?"
_STOPS = {
    "key": "a safety key or cord that a person on the belt wears",
    "button": "a stop button that a person on the belt can reach",
    "none": "neither of them",
}


def _beforehand(may_reverse: bool) -> Generator[Step, str | Record | None, Told | _Left]:
    """``may_reverse``: machines of its kind can be built to run backwards, and it is to be found out."""
    person = yield from _choice("person", "Is anybody on the belt, or about to step on it?", _YES_NO)
    if person != "no":
        return _Left("there may be a person on the belt: nothing is tried out; begin again when nobody is")
    stop = yield from _choice("stop", "What stops this machine without software?", _STOPS)
    rails = yield from _choice("rails", "Are there rails on both sides to hold and to stand on?", _YES_NO)
    if stop is None or rails is None:
        return _Left("the questions were not answered; nothing was tried out")
    reverses = (yield from _choice("reverse", _REVERSES, _YES_NO)) if may_reverse else "no"
    return Told(PhysicalStop(stop), rails == "yes", may_reverse=reverses == "yes")


def _which_machine(machine: Machine) -> Generator[Step, str | Record | None, _Left | None]:
    """None where it is known which treadmill would move, or a hand at it has shown that it is this one."""
    if not machine.profile.unnumbered:
        return None
    for _ in range(TRIES):
        yield Tell(f"Its adapter has no serial number: this address may lead to another treadmill. {HAND_ASKED}.")
        if (yield LookForHand()) == SEEN:
            yield Tell("Seen: it is this machine.")
            return None
        again = yield from _choice("hand", "No hand was seen in its reports. Try once more?", _YES_NO)
        if again != "yes":
            break
    return _Left("no hand at this machine was seen in its reports, so that its address may lead to another one")


def _tried(trial: Trial, digits: Iterator[int]) -> Generator[Step, str | Record | None, Record | _Left]:
    """One trial, begun on purpose; once more where it was stopped and the person wants it again."""
    for _ in range(TRIES):
        yield Tell(f"\nNext: {DOES[trial]}")
        why = yield from _meant(next(digits))
        if why is not None:
            return why
        record = yield Move(trial, SAYS.get(trial, {}))
        assert isinstance(record, Record), "a trial is answered by its record"
        yield Tell(_outcome(record))
        if record.phase is TrialPhase.REFUSED:
            return _Left(f"the trial {trial.value} could not begin: {record.message}")
        if record.phase is not TrialPhase.STOPPED or record.reached(TrialPhase.READ_NOW) is not None:
            return record
        if not record.ready:
            return record
        again = yield from _choice("again", "You stopped it. Do you want to try it once more?", _YES_NO)
        if again != "yes":
            return _Left(f"the trial {trial.value} was stopped by you")
    return _Left(f"the trial {trial.value} was stopped {TRIES} times")


def _meant(digit: int) -> Generator[Step, str | Record | None, _Left | None]:
    """None when this motion is meant."""
    empty = yield from _choice("empty", "Is nobody on the belt, and nobody near it?", {"yes": "nobody is", "no": ""})
    if empty != "yes":
        return _Left("there may be a person on the belt: nothing more is tried out")
    for _ in range(TRIES):
        reply = yield Ask("digit", f"Type the digit {digit} to begin, or leave the line empty to end here:")
        said = reply.strip() if isinstance(reply, str) else ""
        if said == str(digit):
            return None
        if not said:
            return _Left("ended by you before the next trial")
        yield Tell(f"That is not {digit}; nothing was started.")
    return _Left("the digit was not typed; nothing was started")


def _outcome(record: Record) -> str:
    if record.alarm:
        return "PULL THE SAFETY KEY, or stop the machine at its console: it did not stop as it was told to."
    if record.phase is TrialPhase.DONE:
        return "Done; the belt is at rest."
    if record.phase is TrialPhase.REFUSED:
        return f"Not begun: {record.message}."
    return f"Ended: {record.message}; the belt is at rest."


def _asked_after(record: Record, told: Told) -> Generator[Step, str | Record | None, Told]:
    if record.trial is Trial.LOWEST_SPEED:
        shown = yield from _console(measured([record]).lowest_reported_kph)
        rested = yield from _choice("rested", _RESTED, {"yes": "", "no": "it ran on", "unseen": ""})
        return replace(told, shown=shown, rested={"yes": True, "no": False}.get(rested or ""))
    if record.trial is Trial.DISCONNECT_WHILE_RUNNING:
        did = yield from _choice(
            "away", "What did the belt do while the link was away?", {"ran": "ran on", "stopped": "", "unseen": ""}
        )
        return replace(told, ran_on={"ran": True, "stopped": False}.get(did or ""))
    if record.trial is Trial.REVERSE and record.reached(TrialPhase.READ_NOW) is not None:
        ran = yield from _choice("ran", "Which way did the top of the belt run in the first run?", _RAN)
        return replace(told, ran=_RAN_TO.get(ran or ""))
    if record.trial is Trial.KEY_PULL:
        yield from _choice("key back", "Is the safety key back in its place?", _YES_NO)
    return told


_RAN = {"console": "towards the console", "rear": "towards the rear", "unseen": ""}
_RAN_TO = {"console": BeltDirection.REVERSED, "rear": BeltDirection.FORWARD}


def _console(reported_kph: float | None) -> Generator[Step, str | Record | None, Shown | None]:
    """The speed on the console and its unit, as read, and confirmed where the reports say another; None: not read."""
    for _ in range(TRIES):
        reply = yield Ask("console", "Which speed did the console show (a number, as in 2.3; empty: not read)?")
        said = reply.strip().replace(",", ".") if isinstance(reply, str) else ""
        number = _number(said)
        if not said:
            return None
        if number is not None:
            unit = yield from _choice(
                "unit", "In which unit does the console show it?", {"km/h": "", "mph": "", "unsaid": "it does not say"}
            )
            shown = None if unit not in ("km/h", "mph") else Shown(number, SpeedUnit(unit))
            if shown is None or (yield from _surely(shown, reported_kph)):
                return shown
            continue
        yield Tell(f"{said[:20]!r} is no speed above 0 and up to 25.")
    return None


def _surely(shown: Shown, reported_kph: float | None) -> Generator[Step, str | Record | None, bool]:
    """Whether a reading that makes miles of somebody's kilometres, or the other way round, is really meant."""
    if reported_kph is None or not reported_kph or abs(math.log(shown.kph / reported_kph)) < UNLIKE:
        return True
    text = (
        f"The treadmill reported {reported_kph:.1f} km/h, and you read {shown.number:g} {shown.unit.value}. That makes"
        " a machine that takes miles for kilometres. Is it what the console showed?"
    )
    return (yield from _choice("sure", text, _YES_NO)) == "yes"


def _number(text: str) -> float | None:
    """A plain decimal between 0 and the fastest treadmill; None for anything else."""
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5):
        return None
    return float(text) if 0 < float(text) <= 25 else None
