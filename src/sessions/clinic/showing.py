"""A clinic and its register in words, and as plain values for other programs. Pure."""

from __future__ import annotations

from typing import Any

from ...guardian import wire
from ..machines.wording import shown
from .desk import ceilings_text
from .entries import Entry, Joined, Left, Missed, NewPassphrase, Prescribed, Profile, SetUp, Tried, Withdrawn
from .register import Written
from .standing import Clinic

ONLY = "nothing is run on this computer but what is prescribed"


def clinic_text(clinic: Clinic, only: str | None = None) -> str:
    """Everybody who takes part, or one of them, with what is prescribed for them."""
    many = len(clinic.participants)
    only_them = f"; {ONLY}" if clinic.participants_only else ""
    lines = [f"{clinic.name}: {'one participant' if many == 1 else f'{many} participants'}{only_them}"]
    for one in _shown(clinic, only):
        lines.append(f"{one.participant}{'' if one.adult else ', younger than 18'}")
        mine = clinic.for_participant(one.participant)
        lines += [f"  {_prescription_line(each)}" for each in mine] or ["  nothing is prescribed"]
    return "\n".join(lines)


def clinic_as_json(clinic: Clinic, only: str | None = None) -> dict[str, Any]:
    """The same as plain values; the plans themselves are named by their hash."""
    return {
        "clinic": clinic.name,
        "participants_only": clinic.participants_only,
        "participants": [
            {
                "participant": one.participant,
                "adult": one.adult,
                "prescriptions": [_plain(each.prescription) for each in clinic.for_participant(one.participant)],
            }
            for one in _shown(clinic, only)
        ],
    }


def log_text(written: tuple[Written, ...]) -> str:
    """A line for each entry: when, the beginning of its link, and what."""
    return "\n".join(
        f"{one.at_utc[:16].replace('T', ' ')} UTC  {one.link[:12]}  {_entry(one.entry)}" for one in written
    )


def log_as_json(written: tuple[Written, ...]) -> list[dict[str, Any]]:
    """Every entry with its moment and its whole link; no hash of a passphrase is shown."""
    return [{"at_utc": one.at_utc, "link": one.link, "what": _entry(one.entry)} for one in written]


def _shown(clinic: Clinic, only: str | None) -> tuple[Joined, ...]:
    return tuple(one for one in clinic.participants if only in (None, one.participant))


def _prescription_line(one: Prescribed) -> str:
    told = one.prescription
    days = f"{told.first_day} to {told.last_day}"
    return f"{told.number}  {told.workout} ({days}), at most {ceilings_text(told)}; {told.author}: {told.reason}"


def _entry(entry: Entry) -> str:
    match entry:
        case SetUp(name):
            return f"{name} was set up"
        case NewPassphrase():
            return "another passphrase"
        case Tried():
            return "a wrong passphrase; nothing was changed"
        case Profile(participants_only):
            return ONLY if participants_only else "this computer is not for participants only"
        case Joined(participant, adult):
            return f"{participant} takes part{'' if adult else ', younger than 18'}"
        case Left(participant, author, reason):
            return f"{participant} takes part no longer; {_by(author, reason)}"
        case Prescribed(prescription):
            return f"prescribed for {prescription.participant}: {_prescription_line(entry)}"
        case Withdrawn(number, author, reason):
            return f"prescription {number} was withdrawn; {_by(author, reason)}"
        case Missed(links, author, reason):
            lost = ", ".join(link[:12] for link in links)
            return f"it goes on without what the journals name as {lost}; {_by(author, reason)}"


def _by(author: str, reason: str) -> str:
    """Who and why, fit for a terminal; an earlier version took any text, also none."""
    return f"{shown(author) or 'nobody named'}: {shown(reason) or 'no reason given'}"


def _plain(value: object) -> Any:
    """Without the names of our types."""
    found = wire.plain(value)
    return _without_names(found)


def _without_names(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: _without_names(one) for key, one in found.items() if key != "_"}
    return found
