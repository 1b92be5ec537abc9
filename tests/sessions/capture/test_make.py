"""From a capture to vectors, a draft profile and a test: what it shows, no more, and nothing is written over."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.__main__ import main
from retrotread.devices.ftms import characteristics as known
from retrotread.machine import Identity, PhysicalStop, Qualification
from retrotread.sessions.capture.file import CaptureFile, CaptureFileError, Frame, read_capture
from retrotread.sessions.capture.make import (
    PLACEHOLDER_URL,
    CannotMake,
    Wanted,
    chosen,
    contribution,
    profile_text,
    report_period_ms,
)
from retrotread.sessions.capture.spread import VECTORS_MAX
from retrotread.sessions.machines.families import FOLDER, family_for, read_family

ROOT = Path(__file__).parents[3]
VALUES = {
    known.MANUFACTURER: b"YESOUL\0",
    known.MODEL: b'W2 "Pro"',
    known.FIRMWARE: b"1.0",
    known.SPEED_RANGE: bytes.fromhex("320062020a00"),
    known.INCLINE_RANGE: bytes.fromhex("000096000a00"),
    known.TRAINING_STATUS: bytes.fromhex("010d"),
}


def frames(count: int = 12, period_s: float = 0.5) -> tuple[Frame, ...]:
    read = tuple(Frame(0.5, uuid, "read", octets) for uuid, octets in VALUES.items())
    told = (
        Frame(1 + index * period_s, known.TREADMILL_DATA, "told", bytes([0, 0]) + (50 + index).to_bytes(2, "little"))
        for index in range(count)
    )
    return (*read, *told)


CAPTURE = CaptureFile("0.1.0", tuple(VALUES), frames(), ((known.CONTROL_POINT, "was refused"),), "the time was over")


def lines_of(capture: CaptureFile) -> str:
    head: list[dict[str, Any]] = [{"capture": 1, "retrotread": capture.version, "attributes": []}]
    body = [{"at_s": f.at_s, "uuid": f.uuid, "way": f.way, "hex": f.octets.hex()} for f in capture.frames]
    return "".join(json.dumps(line) + "\n" for line in [*head, *body, {"end": capture.end}])


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "yesoul-w2-pro.toml"
    path.write_text(profile_text(CAPTURE, Wanted("yesoul-w2-pro")), encoding="utf-8")
    return path


def test_a_draft_is_a_family_that_is_found_by_its_model(draft: Path) -> None:
    family = read_family(draft)
    assert family.title == 'YESOUL W2 "Pro"'
    assert family_for(Identity(manufacturer="Yesoul", model='w2 "PRO"'), (family,)) == family
    assert family_for(Identity(manufacturer="Yesoul", model="W3"), (family,)) is None
    capabilities = family.profile.capabilities
    assert (capabilities.speed_min_ckph, capabilities.speed_max_ckph, capabilities.speed_increment_ckph) == (
        50,
        610,
        10,
    )
    assert (capabilities.incline_max_dpct, capabilities.incline_increment_dpct) == (150, 10)
    assert family.seen.captured
    assert "It refuses 2ad9." in family.remarks
    assert any(remark.startswith("Of 2ad3:") for remark in family.remarks)


def test_a_draft_promises_nothing_that_a_capture_cannot_show(draft: Path) -> None:
    family = read_family(draft)
    assert family.profile.physical_stop is PhysicalStop.NONE
    assert not family.profile.rails
    assert not family.profile.stop_repeat_ok
    assert family.profile.qualification is Qualification.NONE
    # half a second was seen once; until another source says so the careful second holds
    assert family.fact("report_period_ms") is not None
    assert family.profile.report_period_ms == 1000


@pytest.mark.parametrize(
    ("uuid", "octets", "missing"),
    [
        (known.SPEED_RANGE, "e803640000000a00", "speed_min_ckph"),  # lowest above highest
        (known.SPEED_RANGE, "320062020000", "speed_min_ckph"),  # no increment
        (known.SPEED_RANGE, "3200", "speed_min_ckph"),
        (known.SPEED_RANGE, "0000ffff0100", "speed_min_ckph"),
        (known.INCLINE_RANGE, "6400000a0a00", "incline_max_dpct"),
        (known.INCLINE_RANGE, "", "incline_max_dpct"),
    ],
)
def test_a_range_that_no_belt_has_is_no_fact(uuid: str, octets: str, missing: str, tmp_path: Path) -> None:
    told = tuple(frame for frame in frames() if frame.uuid != uuid)
    capture = CaptureFile("", (), (*told, Frame(0, uuid, "read", bytes.fromhex(octets))))
    path = tmp_path / "x.toml"
    path.write_text(profile_text(capture, Wanted("x")), encoding="utf-8")
    assert read_family(path).fact(missing) is None


def test_the_period_is_the_middle_of_the_gaps_and_split_records_count_once() -> None:
    assert report_period_ms(CAPTURE) == 500
    few = CaptureFile("", (), frames(10))
    assert report_period_ms(few) is None
    halves = tuple(Frame(f.at_s - 0.1, f.uuid, "told", b"\x01\x00") for f in CAPTURE.told(known.TREADMILL_DATA))
    both = CaptureFile("", (), tuple(sorted((*CAPTURE.frames, *halves), key=lambda frame: frame.at_s)))
    assert report_period_ms(both) == 500


def test_every_value_is_a_vector_once_and_a_long_capture_is_thinned() -> None:
    twice = (*frames(), *frames())
    assert len(chosen(twice)) == len(frames())
    many = frames(1000)
    kept = [frame for frame in chosen(many) if frame.uuid == known.TREADMILL_DATA]
    assert len(kept) == VECTORS_MAX
    assert (kept[0], kept[-1]) == (many[len(VALUES)], many[-1])


def test_without_a_model_the_beginning_of_the_name_is_asked_for() -> None:
    capture = CaptureFile("", (), tuple(frame for frame in frames() if frame.uuid != known.MODEL))
    with pytest.raises(CannotMake, match="--name-prefix"):
        contribution(capture, Wanted("x"))
    assert (
        'name_prefixes = ["YS_"]'
        in contribution(capture, Wanted("x", name_prefix="YS_"))["src/devices/profiles/x.toml"]
    )


@pytest.mark.parametrize("family", ["", "../x", "Yesoul", "a b", "x.toml", "-x"])
def test_a_family_is_a_plain_word(family: str) -> None:
    with pytest.raises(CannotMake, match="small letters"):
        contribution(CAPTURE, Wanted(family))


def test_one_command_makes_three_files_and_writes_over_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.jsonl").write_text(lines_of(CAPTURE))
    command = ["capture", "make", str(tmp_path / "c.jsonl"), "--family", "new-pad", "--into", str(tmp_path)]
    assert main(command) == 0
    made = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*new*"))
    assert made == [
        "src/devices/profiles/new-pad.toml",
        "tests/devices/ftms/captured/new-pad.json",
        "tests/devices/ftms/captured/test_new_pad.py",
    ]
    assert capsys.readouterr().out.count("is written") == 3
    (tmp_path / made[0]).write_text("mine")
    assert main(command) == 0
    assert capsys.readouterr().out.count("stays as it is") == 3
    assert (tmp_path / made[0]).read_text() == "mine"


def test_the_test_that_is_made_passes_and_fails_when_a_frame_reads_otherwise(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text(lines_of(CAPTURE))
    assert main(["capture", "make", str(tmp_path / "c.jsonl"), "--family", "new-pad", "--into", str(tmp_path)]) == 0
    folder = tmp_path / "tests/devices/ftms/captured"
    program = folder / "test_new_pad.py"
    # the profile of a checkout stands where the program looks for it; here it stands beside
    profiles = f'Path("{tmp_path}") / "src/devices/profiles"'
    program.write_text(program.read_text().replace("FOLDER /", f"{profiles} /").replace("FOLDER, ", ""))
    assert _pytest(folder) == 0
    vectors = folder / "new-pad.json"
    vectors.write_text(vectors.read_text().replace('"speed_kph": 0.55', '"speed_kph": 0.56'))
    assert _pytest(folder) == 1


def _pytest(folder: Path) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    return subprocess.run(command, capture_output=True, check=False, timeout=120, cwd=ROOT).returncode


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: is no capture of the format 1"),
        ('{"capture": 2}\n', ":1: is no capture of the format 1"),
        ('{"capture": 1}\nnonsense\n', ":2: is no line of a capture"),
        ('{"capture": 1}\n[1]\n', ":2: is no line of a capture"),
        ('{"capture": 1}\n{"hex": "00"}\n', ":2: at_s is no number"),
        ('{"capture": 1}\n{"hex": "00", "at_s": NaN, "uuid": "2acd", "way": "told"}\n', ":2: at_s is no number"),
        ('{"capture": 1}\n{"hex": "0", "at_s": 1, "uuid": "2acd", "way": "told"}\n', ":2: hex is not up to 512"),
        ('{"capture": 1}\n{"hex": "%s", "at_s": 1, "uuid": "2acd", "way": "told"}\n' % ("00" * 513), ":2: hex is not"),
        ('{"capture": 1}\n{"hex": "00", "at_s": 1, "uuid": 7, "way": "told"}\n', ":2: uuid or way is missing"),
        ('{"capture": 1}\n{"hex": "00", "at_s": 1, "uuid": "2acd", "way": "write"}\n', ":2: uuid or way is missing"),
    ],
)
def test_a_file_that_is_no_capture_says_where_and_why(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text(text)
    with pytest.raises(CaptureFileError) as raised:
        read_capture(tmp_path / "c.jsonl")
    assert said in str(raised.value)


def test_a_missing_file_is_a_sentence_and_an_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capture", "make", str(tmp_path / "none"), "--family", "x"]) == 2
    assert str(tmp_path / "none") in capsys.readouterr().err
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(CaptureFileError, match="is not UTF-8"):
        read_capture(tmp_path / "b.jsonl")


OCTETS = st.binary(max_size=64)


@given(st.lists(st.tuples(st.sampled_from([*VALUES, known.TREADMILL_DATA]), OCTETS, st.sampled_from(["read", "told"]))))
def test_a_machine_may_say_anything_and_the_draft_is_a_family(told: list[tuple[str, bytes, str]]) -> None:
    import tempfile

    capture = CaptureFile("", (), tuple(Frame(i, uuid, way, octets) for i, (uuid, octets, way) in enumerate(told)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_text(profile_text(capture, Wanted("x", name_prefix="YS_")), encoding="utf-8")
        family = read_family(path)
    assert family.profile.qualification is Qualification.NONE
    assert family.marks.name_prefixes == ("ys_",)


def test_no_shipped_profile_has_the_placeholder_of_a_draft() -> None:
    shipped = sorted(FOLDER.glob("*.toml"))
    assert shipped
    assert [path.name for path in shipped if PLACEHOLDER_URL in path.read_text(encoding="utf-8")] == []
