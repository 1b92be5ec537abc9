"""How a simulated treadmill speaks: the departures from the specification that machines in the field have, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from ..simulated.naming import known

FRAME_BYTES = 20
"""What fits into a notification at the length that every link begins with (Core Specification, vol 3 part F, 3.2.8)."""

PREAMBLE_UUID = "d18d2c10-c44c-11e8-a355-529269fb1459"
PREAMBLE_HEX = "01000d00060b0f0d"
"""What a KingSmith MC-21 wants before every command (mcdax/walkingpad-controller, docs)."""

UNLOCK_UUID = "0000fff2-0000-1000-8000-00805f9b34fb"
UNLOCK_HEX = "02510b03"
"""What starts a Urevo E1L's vendor protocol (blak3r/treadspan, protocol-analysis/urevo-E1L)."""


class Control(Enum):
    """What a request for control (op 00) leads to."""

    GRANTED = "granted"
    SILENT = "granted without an answer"
    FAILS = "answered with 'failed', and commands are taken all the same"
    ONE_COMMAND = "granted for one command"
    NOT_NEEDED = "granted, and not needed"


class Answering(Enum):
    """How the answers of the control point come."""

    INDICATED = "by indication"
    NOTIFIED = "by notification"


class Advertising(Enum):
    """What an advertisement says of the machine beside its name."""

    AS_SPECIFIED = "service and service data"
    SWAPPED = "service data with its type octets swapped"
    SHORT = "service data with one octet for the type"
    BARE = "neither service nor service data"


class Ranges(Enum):
    """What the range of speeds is published in."""

    KPH = "km/h"
    MPH = "miles an hour, by the number"
    MISSING = "no characteristic"


@dataclass(frozen=True, slots=True)
class Shape:
    """The defaults are the specification. Times in milliseconds.

    full               every field of Treadmill Data, not the usual five
    split              a record in two frames, the first without a speed
    cut                every frame ends after 20 octets, whatever its flags promise
    padded             two octets of nothing at the end of frames and statuses
    pace_bytes         the width of a pace; None: there is none
    steps              the vendors' step count in bit 13
    sentinels          what the machine does not know is sent as not available
    incline_told       the incline is in the reports
    set_point_told     the reported speed is the set-point, not the belt's
    control, answering, preamble, unlock, write_command   see ``Control``, ``Answering`` and the quirks below
    gap_ms             a command that comes sooner after the last one is taken and forgotten
    one_at_a_time      a command before the last one is answered is refused (attribute error FE)
    refused_att        every write to the control point is refused with this attribute error
    console_first      a start over the link fails until somebody has pressed start at the console
    early_set_drops    a set-point for a belt that does not move yet ends the link
    speed_locked       set speeds are answered with success and change nothing
    incline_dead       the same of inclines
    stale_status       who subscribes to the status is told of an old start
    start_says_stopped status 02 comes with every start
    ramp_told          status 05 comes with every report of a slowing belt
    starts_on_connect  the belt starts by itself two seconds after a connection
    cccd_gap_ms        a subscription that comes sooner after the last one is acknowledged and forgotten
    """

    full: bool = False
    split: bool = False
    cut: bool = False
    padded: bool = False
    pace_bytes: int | None = None
    steps: bool = False
    sentinels: bool = False
    incline_told: bool = True
    set_point_told: bool = False
    control: Control = Control.GRANTED
    answering: Answering = Answering.INDICATED
    preamble: bool = False
    unlock: bool = False
    write_command: bool = False
    gap_ms: int = 0
    one_at_a_time: bool = False
    refused_att: int | None = None
    console_first: bool = False
    early_set_drops: bool = False
    speed_locked: bool = False
    incline_dead: bool = False
    stale_status: bool = False
    start_says_stopped: bool = False
    ramp_told: bool = False
    starts_on_connect: bool = False
    cccd_gap_ms: int = 0
    ranges: Ranges = Ranges.KPH
    advertising: Advertising = Advertising.AS_SPECIFIED


AS_SPECIFIED = Shape()


@dataclass(frozen=True, slots=True)
class Quirk:
    """One departure: ``changes`` are the fields of the shape; ``seen_on`` says where it is from."""

    name: str
    summary: str
    seen_on: str
    changes: tuple[tuple[str, Any], ...]


def _quirk(name: str, summary: str, seen_on: str, **changes: Any) -> Quirk:
    return Quirk(name, summary, seen_on, tuple(changes.items()))


QUIRKS: dict[str, Quirk] = {
    quirk.name: quirk
    for quirk in (
        _quirk("full", "every field of a record is sent", "Life Fitness", full=True),
        _quirk("split", "a record comes in two frames", "Matrix TouchXL, Technogym MyRun", full=True, split=True),
        _quirk("cut", "a frame ends after 20 octets, in the middle of a field", "Matrix", full=True, cut=True),
        _quirk("padded", "frames and statuses have octets to spare", "Life Fitness, Urevo E1L", padded=True),
        _quirk("pace8", "paces of one octet", "the layout of 2017", pace_bytes=1),
        _quirk("pace16", "paces of two octets", "today's layout", pace_bytes=2),
        _quirk("steps", "steps in the reserved bit 13", "FitShow, Yesoul, KingSmith, Urevo, CitySports", steps=True),
        _quirk("sentinels", "unknown values as 7FFF and FFFF", "Life Fitness, Matrix", full=True, sentinels=True),
        _quirk("no-incline-reports", "the incline is not in the reports", "Schwinn 810, Mobvoi", incline_told=False),
        _quirk("set-point-told", "the reported speed is the set-point", "Urevo E1L, Mobvoi TMP", set_point_told=True),
        _quirk("notified-answers", "answers are notified, not indicated", "Urevo E1L", answering=Answering.NOTIFIED),
        _quirk("write-command", "commands are taken without an acknowledgement", "Urevo E1L", write_command=True),
        _quirk("silent-control", "a request for control is not answered", "Horizon Omega Z", control=Control.SILENT),
        _quirk("control-fails", "a request for control fails, and works", "KingSmith MC-21", control=Control.FAILS),
        _quirk("control-each-time", "control lasts for one command", "Technogym MyRun", control=Control.ONE_COMMAND),
        _quirk("control-free", "commands are taken without control", "Urevo E1L", control=Control.NOT_NEEDED),
        _quirk("preamble", "wants eight vendor octets before every command", "KingSmith MC-21", preamble=True),
        _quirk("unlock", "wants vendor octets once, before any command", "Urevo E3, Merach", unlock=True),
        _quirk("slow-console", "forgets a command within 400 ms of the last one", "FitShow FS-BT-T4", gap_ms=400),
        _quirk("one-at-a-time", "refuses a command before the last is answered", "FTMS 1.0.1", one_at_a_time=True),
        _quirk("refuses-writes", "refuses commands with attribute error 80", "FitShow", refused_att=0x80),
        _quirk("wants-encryption", "refuses commands on a link without encryption", "FTMS 1.0.1", refused_att=0x0F),
        _quirk("console-first", "obeys only after a start at the console", "Sole F80, 3G Runner X", console_first=True),
        _quirk("early-set-drops", "a set-point before motion ends the link", "KingSmith Z1D", early_set_drops=True),
        _quirk("speed-locked", "set speeds succeed and change nothing", "Sole F85 ENT, Reebok", speed_locked=True),
        _quirk("incline-dead", "set inclines succeed and change nothing", "Urevo E1L", incline_dead=True),
        _quirk("stale-status", "an old status comes after subscribing", "KingSmith MC-21", stale_status=True),
        _quirk("start-says-stopped", "a start is told as a stop", "Toputure TP1", start_says_stopped=True),
        _quirk("ramp-told", "its own slowing is told as new targets", "Urevo E1L", ramp_told=True),
        _quirk("starts-on-connect", "starts when a program connects", "Horizon, Spirit XT485", starts_on_connect=True),
        _quirk("slow-cccd", "forgets subscriptions within 30 ms of the last", "KingSmith Z1D", cccd_gap_ms=30),
        _quirk("mph-range", "its range of speeds is in miles an hour", "a pad with FS-BT-T4", ranges=Ranges.MPH),
        _quirk("no-range", "publishes no range of speeds", "FitShow modules", ranges=Ranges.MISSING),
        _quirk("advert-swapped", "swapped type in its adverts", "the field", advertising=Advertising.SWAPPED),
        _quirk("advert-short", "one octet of type in its adverts", "the field", advertising=Advertising.SHORT),
        _quirk("advert-bare", "adverts do not say what it is", "Horizon Omega Z", advertising=Advertising.BARE),
    )
}
"""A new departure is a row here, and the place that obeys its field."""


def shape_of(names: Iterable[str]) -> Shape:
    """The specification with these quirks. Raises ValueError for a name that nobody knows, with the mend."""
    shape = AS_SPECIFIED
    for name in names:
        if name not in QUIRKS:
            raise ValueError(f"there is no quirk {name[:40]!r}; the known ones are {known(QUIRKS, name)}")
        shape = replace(shape, **dict(QUIRKS[name].changes))
    return shape
