"""The guardian's own look at a data sheet: main made it from files, and files are written by people.

Every figure has bounds outside of which no treadmill lies; a sheet beyond them is refused as a whole, with the figure,
its value and its bounds. What only a qualification may say is taken from a sealed sheet alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from ..devices.ftms.dialect import FtmsDialect, GattWrite
from ..devices.sheet import Sheet
from ..machine import Qualification

MEND = "mend the machine's file, or forget the machine and qualify it again"
# A line of a screen; a longer name was pasted by mistake.
NAME_MAX = 80
# An unlock is one or two writes on every machine on record; each fits into the smallest packet of the attribute
# protocol (Bluetooth Core Specification, volume 3, part F, 3.2.8: a value holds at most 512 bytes).
WRITES_MAX = 8
WRITE_BYTES_MAX = 512
UUID_LENGTH = 36
# The two dialects that have a command for it; of the simulated machines the drivers are the same.
REVERSING_SCHEMES = frozenset({"serial+woodway", "serial+biodex", "sim"})


@dataclass(frozen=True, slots=True)
class _Bounds:
    """A figure of the sheet by its path, its lowest and highest sensible value, and its unit."""

    path: str
    lowest: int
    highest: int
    unit: str

    def problem(self, sheet: Sheet) -> str | None:
        value = attrgetter(self.path)(sheet)
        if self.lowest <= value <= self.highest:
            return None
        return f"{self.path.rpartition('.')[2]} is {value} (from {self.lowest} to {self.highest} {self.unit})"


_BOUNDS = (
    # 30 km/h is more than any treadmill for people runs; a lowest speed above 5 km/h nobody could step onto.
    _Bounds("profile.capabilities.speed_min_ckph", 1, 500, "hundredths of a km/h"),
    _Bounds("profile.capabilities.speed_max_ckph", 1, 3000, "hundredths of a km/h"),
    # One mile an hour is the coarsest step on record.
    _Bounds("profile.capabilities.speed_increment_ckph", 1, 161, "hundredths of a km/h"),
    _Bounds("profile.capabilities.incline_max_dpct", 0, 400, "tenths of a percent"),
    _Bounds("profile.capabilities.incline_increment_dpct", 1, 50, "tenths of a percent"),
    # Beyond five seconds of lag or between reports, no rule of the supervisor would come in time.
    _Bounds("profile.lag_ms", 0, 5_000, "ms"),
    _Bounds("profile.report_period_ms", 10, 5_000, "ms"),
    # A stop that shows nothing for four seconds is an alarm whatever a sheet says.
    _Bounds("profile.stop_reaction_ms", 0, 4_000, "ms"),
    # From a belt that coasts for minutes to one that throws people.
    _Bounds("profile.slowest_fall_ckph_per_s", 5, 1_000, "hundredths of a km/h per second"),
    _Bounds("profile.start_timeout_ms", 1_000, 30_000, "ms"),
    _Bounds("profile.command_gap_ms", 0, 5_000, "ms"),
    # The stop may have to wait for a command that hangs; who waits longer than this has no stop.
    _Bounds("profile.answer_within_ms", 100, 5_000, "ms"),
    _Bounds("dialect.write_within_ms", 50, 5_000, "ms"),
    _Bounds("dialect.answer_within_ms", 50, 5_000, "ms"),
    _Bounds("dialect.subscribe_gap_ms", 0, 2_000, "ms"),
)


def sheet_problem(sheet: Sheet, scheme: str) -> str | None:
    """Why this sheet is not taken for a machine of this address scheme, as a sentence with its mend; None: it is."""
    problem = next((found for look in _LOOKS if (found := look(sheet)) is not None), None)
    if problem is None and sheet.profile.reverses and scheme not in REVERSING_SCHEMES:
        problem = f"it says that the belt runs backwards, and nothing tells a machine at {scheme}:// to"
    if problem is None and sheet.profile.simulated and scheme != "sim":
        problem = f"it calls the machine simulated, and {scheme}:// leads to a real one"
    name = sheet.profile.name[:NAME_MAX]
    return None if problem is None else f"the data sheet of {name!r} is not taken: {problem}; {MEND}"


def _figures(sheet: Sheet) -> str | None:
    return next((found for one in _BOUNDS if (found := one.problem(sheet)) is not None), None)


def _name(sheet: Sheet) -> str | None:
    name = sheet.profile.name
    if name and len(name) <= NAME_MAX and name.isprintable():
        return None
    return f"its name is not one to {NAME_MAX} characters that can be seen"


def _seal(sheet: Sheet) -> str | None:
    """A family's sheet was tried on somebody else's machine."""
    if sheet.profile.qualification is Qualification.NONE or sheet.sealed_for is not None:
        return None
    return "it says that the machine is qualified and not which machine that was"


def _reverses(sheet: Sheet) -> str | None:
    """A machine reverses where its own full qualification has seen it, and nowhere else."""
    profile = sheet.profile
    if not profile.reverses or (profile.qualification is Qualification.FULL and sheet.sealed_for is not None):
        return None
    return "it says that the belt runs backwards, and no full qualification of this very machine has seen that"


def _answers(sheet: Sheet) -> str | None:
    """The gate waits no shorter than the driver: an answer in time must not be called late."""
    dialect, within_ms = sheet.dialect, sheet.profile.answer_within_ms
    needed_ms = dialect.write_within_ms + dialect.answer_within_ms
    if sheet.dialect == FtmsDialect() or needed_ms <= within_ms:
        return None
    return f"answer_within_ms is {within_ms} ms, less than the {needed_ms} ms that writing and answering may take"


def _pace(sheet: Sheet) -> str | None:
    return None if sheet.dialect.pace_bytes in (None, 1, 2) else f"pace_bytes is {sheet.dialect.pace_bytes} (1 or 2)"


def _writes(sheet: Sheet) -> str | None:
    for writes in (sheet.dialect.unlock, sheet.dialect.preamble):
        if len(writes) > WRITES_MAX:
            return f"it asks for {len(writes)} writes in a row (limit {WRITES_MAX})"
        if not all(_sensible(one) for one in writes):
            return f"a write goes to no whole UUID, or is empty or longer than {WRITE_BYTES_MAX} bytes"
    return None


def _sensible(write: GattWrite) -> bool:
    size = len(bytes.fromhex(write.value_hex))
    return len(write.uuid) == UUID_LENGTH and write.uuid.isascii() and 0 < size <= WRITE_BYTES_MAX


_LOOKS: tuple[Callable[[Sheet], str | None], ...] = (_name, _figures, _seal, _reverses, _answers, _pace, _writes)
