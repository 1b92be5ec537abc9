"""From a capture to a contribution: frames as vectors, a draft of a profile, and a test that holds both. Pure.

A draft claims no more than the capture shows: what the machine publishes, how often it reports, what was odd. That it
has a key, or rails, or that a second stop does no harm, no frame can show: the owner adds it, with their name to it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ...devices.ftms import characteristics as known
from ...devices.ftms.codec import Range, RangeOf, decode_information, decode_range, decode_treadmill_data
from .attributes import short
from .file import CableCapture, CaptureFile, Frame
from .make_cable import cable_contribution
from .reading import says
from .spread import spread

PLACEHOLDER_URL = "https://example.org/put-here-where-the-capture-can-be-seen"
"""No profile is taken with it: a source is a place where everybody can look."""

TITLE_MAX = 80
"""Letters; a line of a table."""

REPORTS_LEAST = 10
"""Fewer gaps than this say little about a period."""

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)

PROFILE_FOLDER, TEST_FOLDER = "src/devices/profiles", "tests/devices/ftms/captured"
"""Below the root of the project."""


class CannotMake(ValueError):
    """The capture does not carry what is needed; a sentence with the mend."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a capture cannot tell. ``family``: the key; ``title``: what a person calls it, empty for maker and model."""

    family: str
    title: str = ""
    name_prefix: str = ""
    url: str = PLACEHOLDER_URL


@dataclass(frozen=True, slots=True)
class Figure:
    """One fact of a draft, in the unit of its name."""

    name: str
    value: int
    why: str


def contribution(capture: CaptureFile | CableCapture, wanted: Wanted) -> dict[str, str]:
    """Path below the project's root -> text. Raises CannotMake."""
    if NAME.fullmatch(wanted.family) is None:
        raise CannotMake(f"--family {wanted.family!r}: write small letters, digits and hyphens, as in yesoul-w2-pro")
    if not capture.frames:
        raise CannotMake("there is no frame in the capture; record again, with the machine switched on")
    if isinstance(capture, CableCapture):
        return cable_contribution(capture, wanted.family, wanted.title or wanted.family)
    return {
        f"{PROFILE_FOLDER}/{wanted.family}.toml": profile_text(capture, wanted),
        f"{TEST_FOLDER}/{wanted.family}.json": vectors_text(capture, _title(capture, wanted)),
        f"{TEST_FOLDER}/test_{wanted.family.replace('-', '_')}.py": trial_text(wanted.family),
    }


# --- vectors ----------------------------------------------------------------------------------------------------


def vectors_text(capture: CaptureFile, machine: str) -> str:
    """The frames that differ, each with what today's codec makes of it."""
    frames = [_vector(frame) for frame in chosen(capture.frames)]
    about = "Frames of a capture; 'says' is what the codec made of each when it was taken in."
    return json.dumps({"about": about, "machine": machine, "frames": frames}, indent=1, ensure_ascii=False) + "\n"


def _vector(frame: Frame) -> dict[str, object]:
    vector: dict[str, object] = {
        "uuid": short(frame.uuid),
        "way": frame.way,
        "hex": frame.octets.hex(),
        "says": says(frame.uuid, frame.octets),
    }
    return {**vector, "hidden": True} if frame.hidden else vector


def chosen(frames: tuple[Frame, ...]) -> list[Frame]:
    """Each value once, at most ``VECTORS_MAX`` of an attribute, in the order in which they came."""
    first: dict[str, dict[bytes, Frame]] = {}
    for frame in frames:
        first.setdefault(frame.uuid, {}).setdefault(frame.octets, frame)
    return [frame for of_one in first.values() for frame in spread(list(of_one.values()))]


# --- the draft --------------------------------------------------------------------------------------------------


def profile_text(capture: CaptureFile, wanted: Wanted) -> str:
    """A file of ``devices/profiles``, as docs/machines.md describes them. Raises CannotMake."""
    head = [
        f"# {_title(capture, wanted)}. The keys are explained in docs/machines.md.",
        "# A draft from a capture: complete it as docs/contributing-a-machine.md says.",
        f"title = {_quoted(_title(capture, wanted))}",
        *_listed("remarks", _remarks(capture)),
        "",
        *_recognised(capture, wanted),
        "",
        "[seen]",
        "captured = true",
        "",
        "[sources.capture]",
        'text = "a capture that the owner of such a machine made with retrotread capture"',
        f"url = {_quoted(wanted.url)}",
    ]
    return "\n".join([*head, *(line for figure in figures(capture) for line in _told(figure))]) + "\n"


def _recognised(capture: CaptureFile, wanted: Wanted) -> list[str]:
    maker, model = _text(capture, known.MANUFACTURER), _text(capture, known.MODEL)
    if not model and not wanted.name_prefix:
        raise CannotMake(
            "the machine does not tell its model, and a capture keeps no name; "
            "add --name-prefix with the beginning of its name that all of its kind share"
        )
    lines = ["[recognised]"]
    if wanted.name_prefix:
        lines.append(f"name_prefixes = [{_quoted(wanted.name_prefix)}]")
    if model:
        lines += [f"manufacturers = [{_quoted(maker)}]"] if maker else []
        lines.append(f"models = [{_quoted(model)}]")
    return [*lines, 'sources = ["capture"]']


def _told(figure: Figure) -> list[str]:
    head = ["", f"[facts.{figure.name}]", f"value = {figure.value}"]
    return [*head, f"why = {_quoted(figure.why)}", 'sources = ["capture"]']


def figures(capture: CaptureFile) -> Iterator[Figure]:
    """What the capture shows, as far as a profile may carry it."""
    yield from _speeds(_range(capture, known.SPEED_RANGE, RangeOf.SPEED_KPH))
    yield from _inclines(_range(capture, known.INCLINE_RANGE, RangeOf.INCLINE_PERCENT))
    period_ms = report_period_ms(capture)
    if period_ms is not None and 50 <= period_ms <= 5000:
        yield Figure("report_period_ms", period_ms, "the middle of the gaps between its reports in the capture")


def _speeds(found: Range | None) -> Iterator[Figure]:
    """Inside what a profile may say, which is what belts do; anything else the machine does not mean."""
    if found is None or not found.sane or found.lowest is None or found.highest is None:
        return
    least, most, step = round(found.lowest * 100), round(found.highest * 100), round((found.increment or 0) * 100)
    if 10 <= least <= 300 and 100 <= most <= 3000 and least <= most:
        yield Figure("speed_min_ckph", least, f"the range that it publishes begins at {found.lowest:g} km/h")
        yield Figure("speed_max_ckph", most, f"the range that it publishes ends at {found.highest:g} km/h")
        if 1 <= step <= 100:
            yield Figure("speed_increment_ckph", step, f"it publishes steps of {found.increment:g} km/h")


def _inclines(found: Range | None) -> Iterator[Figure]:
    if found is None or found.lowest is None or found.highest is None or found.lowest > found.highest:
        return
    most, step = round(found.highest * 10), round((found.increment or 0) * 10)
    if 0 <= most <= 400:
        yield Figure("incline_max_dpct", most, f"the range that it publishes ends at {found.highest:g} %")
        if 1 <= step <= 100 and most > 0:
            yield Figure("incline_increment_dpct", step, f"it publishes steps of {found.increment:g} %")


def report_period_ms(capture: CaptureFile) -> int | None:
    """The middle of the gaps between records, in milliseconds; None where there are too few."""
    ends = [one.at_s for one in capture.told(known.TREADMILL_DATA) if _ends_a_record(one.octets)]
    gaps_s = [later - earlier for earlier, later in pairwise(ends)]
    if len(gaps_s) < REPORTS_LEAST:
        return None
    middle_s = median(gaps_s)
    return round(middle_s * 1000) if math.isfinite(middle_s) and middle_s > 0 else None


def _ends_a_record(octets: bytes) -> bool:
    return not decode_treadmill_data(octets).value.more_data


def _range(capture: CaptureFile, uuid: str, of: RangeOf) -> Range | None:
    octets = capture.value(uuid)
    return None if octets is None else decode_range(octets, of).value


def _remarks(capture: CaptureFile) -> list[str]:
    """What was odd, each once, by attribute."""
    found: dict[str, None] = {}
    for frame in capture.frames:
        odd = (says(frame.uuid, frame.octets) or {}).get("odd", [])
        for sentence in odd:
            found[f"Of {short(frame.uuid)}: {sentence.partition(' (octets')[0]}."] = None
    refused = {f"It refuses {short(uuid)}." for uuid, _ in capture.refusals if uuid}
    return ["Draft from a capture; nobody has driven this machine with it.", *list(found)[:8], *sorted(refused)]


def _title(capture: CaptureFile, wanted: Wanted) -> str:
    told = " ".join(text for uuid in (known.MANUFACTURER, known.MODEL) if (text := _text(capture, uuid)))
    return (wanted.title or told or wanted.family)[:TITLE_MAX]


def _text(capture: CaptureFile, uuid: str) -> str:
    octets = capture.value(uuid)
    return "" if octets is None else (decode_information(octets).value or "")


def _listed(name: str, words: list[str]) -> list[str]:
    return [f"{name} = [", *(f"    {_quoted(word)}," for word in words), "]"]


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON writes the same escapes."""
    return json.dumps(text, ensure_ascii=False)


# --- the test ---------------------------------------------------------------------------------------------------

_TEST = '''"""Frames of the family __KEY__, as a machine of it sent them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrotread.machine import Identity
from retrotread.sessions.capture.attributes import whole
from retrotread.sessions.capture.reading import says
from retrotread.sessions.machines.families import FOLDER, family_for, read_family

CAPTURED = json.loads((Path(__file__).parent / "__KEY__.json").read_text(encoding="utf-8"))
VALUES = {one["uuid"]: one["says"].get("value", "") for one in CAPTURED["frames"] if one["uuid"] in ("2a29", "2a24")}


@pytest.mark.parametrize("frame", CAPTURED["frames"], ids=lambda one: f"{one['uuid']} {one['hex'][:24]}")
def test_a_frame_says_what_it_said(frame: dict[str, object]) -> None:
    assert says(whole(str(frame["uuid"])), bytes.fromhex(str(frame["hex"]))) == frame["says"]


def test_the_profile_is_one_and_is_found_by_what_the_machine_says() -> None:
    family = read_family(FOLDER / "__KEY__.toml")
    assert family.seen.captured
    name = next(iter((*family.marks.names, *family.marks.name_prefixes)), "")
    met = Identity(name=name, manufacturer=VALUES.get("2a29", ""), model=VALUES.get("2a24", ""))
    assert family_for(met, (family,)) == family
'''


def trial_text(family: str) -> str:
    """The test of one family's capture."""
    return _TEST.replace("__KEY__", family)
