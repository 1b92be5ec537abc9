"""The register of a clinic: a file that is only ever added to, and what the clinic comes to after its last entry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from ...clock import wall_now
from ...guardian import wire
from ..added_only import Added, AddedOnly, AddedOnlyDamaged
from ..prescription import Prescription, signed
from ..pseudonym import drawn
from . import passphrase as passphrases
from .entries import Entry, Joined, Left, Missed, NewPassphrase, Prescribed, Profile, SetUp, Tried, Withdrawn
from .others import NO_OTHERS, Others
from .standing import Clinic, OutOfOrder, clinic_of
from .witness import Seen, seen_in

NAME = "clinic.sqlite"
"""Of the register in the data folder."""

APPLICATION_ID = 0x52744331
""""RtC1": tells it from any other SQLite file."""

TRIED_EVERY = timedelta(minutes=1)
"""For so long after a wrong passphrase another one writes no entry: at most 1,440 a day, 300 kB."""

PARTICIPANTS = "participants"
"""The folder in the data folder in which each participant has one: runs, diary and store, as of a person at home."""


def data_folder_of(folder: Path) -> Path:
    """The data folder, where the program has its lock, around a participant's folder; any other one is one itself."""
    return folder.parents[1] if folder.parent.name == PARTICIPANTS else folder


class NoClinic(LookupError):
    """There is no clinic here; the message says how to set one up."""


@dataclass(frozen=True, slots=True)
class Written:
    """One entry with its moment and its link."""

    at_utc: str
    entry: Entry
    link: str


class Register:
    """The register in one data folder. What changes anything asks for the passphrase. Raises AddedOnlyError.

    An entry that cannot follow those before it raises OutOfOrder (ValueError), a passphrase that is not the clinic's
    PassphraseError, and then nothing was written.
    """

    def __init__(self, folder: Path) -> None:
        self._file = AddedOnly(folder / NAME, APPLICATION_ID)
        self.folder = folder

    # --- what it says -------------------------------------------------------------------------------------------

    def written(self) -> tuple[Written, ...]:
        """Everything, in its order."""
        return tuple(self._read(one) for one in self._file.all())

    def clinic(self) -> Clinic | None:
        """How the clinic stands now; None where there is none."""
        return self._after(self._agreed())

    def standing(self, pseudonym: str | None = None) -> Clinic:
        """The same, where there has to be one, and in it this participant. Raises NoClinic or NoParticipant."""
        clinic, _ = self._standing()
        if pseudonym is not None:
            clinic.asked_for(pseudonym)
        return clinic

    def folder_of(self, pseudonym: str) -> Path:
        """Where the runs of a participant are kept. Raises NoClinic or NoParticipant."""
        self.standing(pseudonym)
        return self.folder / PARTICIPANTS / pseudonym

    # --- what changes it ----------------------------------------------------------------------------------------

    def set_up(self, name: str, passphrase: str) -> None:
        """Begin a clinic in this data folder."""
        if self._after(self.written()) is not None:
            raise OutOfOrder("the clinic is set up already")
        self._add(0, SetUp(name, passphrases.hashed(passphrase)))

    def change_passphrase(self, passphrase: str, to: str) -> None:
        """Another passphrase from now on."""
        clinic, seen = self._opened(passphrase)
        self._follows(clinic, seen, NewPassphrase(passphrases.hashed(to)))

    def make(self, passphrase: str, profile: Profile) -> None:
        """What this computer is for from now on."""
        clinic, seen = self._opened(passphrase)
        self._follows(clinic, seen, profile)

    def join(self, passphrase: str, pseudonym: str | None = None, adult: bool = True) -> Joined:
        """Somebody new, under this pseudonym or a new one."""
        clinic, seen = self._opened(passphrase)
        joined = Joined(pseudonym or _new_pseudonym(clinic), adult)
        self._follows(clinic, seen, joined)
        return joined

    def leave(self, passphrase: str, pseudonym: str, author: str, reason: str) -> None:
        """Somebody takes part no longer; what was recorded of them stays until it is erased."""
        signed(author, reason)
        clinic, seen = self._opened(passphrase)
        self._follows(clinic, seen, Left(pseudonym, author, reason))

    def prescribe(
        self, passphrase: str, prescription: Prescription, plan: str, others: Others = NO_OTHERS
    ) -> Prescribed:
        """Write a prescription; its number is the next one, whatever it came with.

        ``others`` of this participant on the same days are named, since whoever trains may choose any that holds.
        """
        clinic, seen = self._opened(passphrase)
        told = replace(prescription, number=clinic.numbers + 1)
        if (why := clinic.too_young(told)) is not None:
            raise OutOfOrder(why)
        entry = Prescribed(told, plan)
        ended = (Withdrawn(number, told.author, told.reason) for number in others.ended(clinic, told))
        self._follows(clinic, seen, *ended, entry)
        return entry

    def withdraw(self, passphrase: str, number: int, author: str, reason: str) -> None:
        """A prescription holds no longer."""
        signed(author, reason)
        clinic, seen = self._opened(passphrase)
        self._follows(clinic, seen, Withdrawn(number, author, reason))

    def go_on_without(self, passphrase: str, author: str, reason: str) -> tuple[str, ...]:
        """The newest copy is lost, and this one goes on: the links that the journals name and that are not here."""
        signed(author, reason)
        written = self.written()
        clinic = self._needed(self._after(written))
        self._let_in(passphrase, clinic)
        links = tuple(dict.fromkeys(one.link for one in self._missing(written)))
        if not links:
            raise OutOfOrder("every journal agrees with the register; nothing is missing")
        self._follows(clinic, len(written), Missed(links, author, reason))
        return links

    # --- the file -----------------------------------------------------------------------------------------------

    def _after(self, written: tuple[Written, ...]) -> Clinic | None:
        try:
            return clinic_of(one.entry for one in written)
        except OutOfOrder as error:
            raise AddedOnlyDamaged(f"{self._file.path} is damaged ({error}); it was left as it is") from None

    def _standing(self) -> tuple[Clinic, int]:
        """How it stands, and after how many entries."""
        written = self._agreed()
        return self._needed(self._after(written)), len(written)

    def _needed(self, clinic: Clinic | None) -> Clinic:
        if clinic is None:
            raise NoClinic("there is no clinic in this data folder; set one up with 'retrotread clinic set-up'")
        return clinic

    def _agreed(self) -> tuple[Written, ...]:
        """Everything, where no journal knows better."""
        written = self.written()
        missing = next(self._missing(written), None)
        if missing is not None:
            raise AddedOnlyDamaged(
                f"{self._file.path} has {len(written)} entries, and {missing.journal.name} was begun under entry "
                f"{missing.n} with link {missing.link[:12]}, which is not among them: it is an older copy, or was "
                "changed; put its newest copy back, or where that is lost go on with 'retrotread clinic go-on-without'"
            )
        return written

    def _missing(self, written: tuple[Written, ...]) -> Iterator[Seen]:
        """What journals name, that is not here and not known to be lost."""
        lost = {link for one in written if isinstance(one.entry, Missed) for link in one.entry.links}
        for seen in seen_in(self.folder / PARTICIPANTS):
            here = seen.n <= len(written) and written[seen.n - 1].link == seen.link
            if not here and seen.link not in lost:
                yield seen

    def _opened(self, passphrase: str) -> tuple[Clinic, int]:
        clinic, seen = self._standing()
        self._let_in(passphrase, clinic)
        return clinic, seen

    def _let_in(self, passphrase: str, clinic: Clinic) -> None:
        """Refuse who has not the passphrase, and keep that they tried."""
        try:
            passphrases.check(passphrase, clinic.passphrase)
        except passphrases.WrongPassphrase:
            written = self.written()
            if not _tried_just_now(written[-1]):
                self._add(len(written), Tried())
            raise

    def _follows(self, clinic: Clinic, seen: int, *entries: Entry) -> None:
        """All of them or none."""
        for entry in entries:
            clinic = clinic.with_entry(entry)
        self._add(seen, *entries)

    def _add(self, seen: int, *entries: Entry) -> None:
        said = (json.dumps(wire.plain(one), separators=(",", ":"), allow_nan=False) for one in entries)
        self._file.add(seen, *said)

    def _read(self, one: Added) -> Written:
        try:
            return Written(one.at_utc, wire.from_record(Entry, json.loads(one.said)), one.link)
        except ValueError as error:
            raise AddedOnlyDamaged(f"{self._file.path}: entry {one.n} cannot be read ({error})") from None


def _tried_just_now(last: Written) -> bool:
    """So that whoever tries a thousand words does not write a thousand entries."""
    age = wall_now() - datetime.fromisoformat(last.at_utc)
    return isinstance(last.entry, Tried) and abs(age) < TRIED_EVERY


def _new_pseudonym(clinic: Clinic) -> str:
    while True:
        found = drawn()
        if clinic.participant(found) is None:
            return found
