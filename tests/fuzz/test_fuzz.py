"""The fuzzer for a moment, and that it finds what it is there to find."""

from __future__ import annotations

import importlib.util
import random
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from retrotread.devices.ftms.codec import Decoded, TreadmillData, decode_treadmill_data

ROUNDS = 1500
"""About a second; ``make fuzz`` is the long one."""
DAWDLE_S = 0.02
"""Four times what the fuzzer allows."""


@pytest.fixture(scope="module")
def fuzzer() -> ModuleType:
    """The file beside this one; nothing imports it under a name of its own."""
    specification = importlib.util.spec_from_file_location("codec_fuzzer", Path(__file__).parent / "fuzz.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["codec_fuzzer"] = module  # a dataclass looks its module up by name
    specification.loader.exec_module(module)
    return module


def raises(frame: bytes) -> Decoded[TreadmillData]:
    if len(frame) > 30:
        raise IndexError("out of range")
    return decode_treadmill_data(frame)


def loses_a_field(frame: bytes) -> Decoded[TreadmillData]:
    read = decode_treadmill_data(frame)
    return Decoded(replace(read.value, elapsed_s=None)) if read.anomalies else read


def ignores_the_inverted_bit(frame: bytes) -> Decoded[TreadmillData]:
    return Decoded(replace(decode_treadmill_data(frame).value, speed_kph=frame[2] / 100 if len(frame) > 3 else None))


def dawdles(frame: bytes) -> Decoded[TreadmillData]:
    until_s = time.process_time() + (DAWDLE_S if len(frame) > 30 else 0.0)
    while time.process_time() < until_s:
        pass
    return decode_treadmill_data(frame)


def test_damaged_frames_are_read_without_a_finding(fuzzer: ModuleType) -> None:
    outcome = fuzzer.fuzz(fuzzer.TARGETS, random.Random(1), lambda frames: frames < ROUNDS)
    assert outcome.finding is None, str(outcome.finding)
    assert outcome.frames == ROUNDS
    assert outcome.corpus > 250  # 150 to begin with: odd frames become seeds


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (raises, "raised IndexError"),
        (loses_a_field, "elapsed_s is None, and the octets say"),
        (ignores_the_inverted_bit, "speed_kph is"),
        (dawdles, "ms, limit 5 ms"),
    ],
)
def test_a_decoder_that_is_broken_is_found(fuzzer: ModuleType, broken: object, what: str) -> None:
    judged = fuzzer.TARGETS[0]
    target = replace(judged, decode=broken)
    outcome = fuzzer.fuzz((target,), random.Random(1), lambda frames: frames < ROUNDS)
    assert outcome.finding is not None
    assert what in str(outcome.finding)


def test_a_run_says_what_came_of_it(
    fuzzer: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUZZ_S", "0.2")
    monkeypatch.setenv("FUZZ_SEED", "7")
    assert fuzzer.main() == 0
    assert "no finding" in capsys.readouterr().out
    monkeypatch.setattr(fuzzer, "TARGETS", (replace(fuzzer.TARGETS[0], decode=raises),))
    monkeypatch.setenv("FUZZ_S", "5")
    assert fuzzer.main() == 1
    said = capsys.readouterr().err
    assert "FUZZ_SEED=7" in said
    assert "octets: " in said
