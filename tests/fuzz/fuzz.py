"""``make fuzz``: frames of real machines, damaged at random, through every decoder of the FTMS codec.

The judge knows nothing of the codec's own tables: it reads the fields that it checks by itself. A frame is a finding
when a decoder raises, takes longer than SLOW_S, or loses or changes a field that is complete. ``FUZZ_S``: how long, in
seconds. Exit code 1 with the first finding, its octets and the seed that leads to it; 0 without any. ``FUZZ_SEED``
repeats a run.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrotread.devices.ftms.codec import (
    Assembler,
    Decoded,
    RangeOf,
    decode_features,
    decode_heart_rate,
    decode_information,
    decode_machine_status,
    decode_range,
    decode_request,
    decode_response,
    decode_rsc,
    decode_service_data,
    decode_system_id,
    decode_training_status,
    decode_treadmill_data,
)

VECTORS = Path(__file__).parent.parent / "devices" / "ftms" / "vectors.json"
LONGEST = 512
"""Octets of an attribute, at most (Bluetooth Core Specification, volume 3, part F, 3.2.9)."""
SLOW_S = 0.005
"""For one frame: a thousand times the usual, and still less than the shortest time between two frames of a flood, 1 ms,
would need to pile up 600 ms of lease. Processor time, the best of five tries, so that a busy computer is no finding."""
CORPUS = 4000
"""Frames kept as seeds for the next ones; more find nothing new in a minute."""
DEFAULT_S = 60.0

Complete = dict[str, object]
NUMBERS: tuple[tuple[int, str, int, bool, int, tuple[int, ...]], ...] = (
    (1, "average_speed_kph", 2, False, 100, ()),
    (2, "distance_m", 3, False, 1, ()),
    (3, "incline_percent", 2, True, 10, (0x7FFF,)),
    (3, "ramp_angle_degrees", 2, True, 10, (0x7FFF,)),
    (4, "climb_m", 2, False, 10, (0xFFFF,)),
    (4, "descent_m", 2, False, 10, (0xFFFF, 0x7FFF)),
    (5, "pace_raw", 0, False, 1, ()),
    (6, "average_pace_raw", 0, False, 1, ()),
    (7, "energy_kcal", 2, False, 1, (0xFFFF,)),
    (7, "energy_per_hour_kcal", 2, False, 1, (0xFFFF,)),
    (7, "energy_per_minute_kcal", 1, False, 1, (0xFF,)),
    (8, "heart_rate_bpm", 1, False, 1, (0,)),
    (9, "metabolic_equivalent", 1, False, 10, ()),
    (10, "elapsed_s", 2, False, 1, ()),
    (11, "remaining_s", 2, False, 1, ()),
    (12, "belt_force_n", 2, True, 1, (0x7FFF,)),
    (12, "power_w", 2, True, 1, (0x7FFF,)),
    (13, "steps", 3, False, 1, ()),
)
"""Bit, name, octets (0: a pace), sign, steps in a unit, numbers for 'not available': FTMS 1.0.1, section 4.9."""


@dataclass(frozen=True)
class Target:
    """A decoder, and what it must have read of a frame."""

    name: str
    decode: Callable[[bytes], Decoded[object]]
    complete: Callable[[bytes], Complete]


@dataclass(frozen=True)
class Finding:
    """The first frame that went wrong, and how."""

    target: str
    octets: bytes
    what: str

    def __str__(self) -> str:
        return f"{self.target}: {self.what}\n  octets: {self.octets.hex() or 'none'}"


@dataclass(frozen=True)
class Outcome:
    """What a run has come to."""

    frames: int
    corpus: int
    finding: Finding | None = None


def number(frame: bytes, start: int, octets: int, per_unit: int = 1, signed: bool = False) -> float | None:
    """A little-endian number; None where the frame ends before it does."""
    part = frame[start : start + octets]
    raw = int.from_bytes(part, "little", signed=signed)
    return None if len(part) < octets else raw / per_unit


def report(frame: bytes, pace_bytes: int | None) -> Complete:
    """Every complete field of Treadmill Data; behind a pace only where its width is told or seen from the length."""
    if len(frame) < 2:
        return {}
    flags = int.from_bytes(frame[:2], "little")
    sizes = [(end, row) for end, row in rows(flags, pace_bytes or pace_from(flags, len(frame)))]
    read: Complete = {"more_data": bool(flags & 1)}
    if not flags & 1:
        read["speed_kph"] = number(frame, 2, 2, 100)
    for end, (_, name, octets, signed, per_unit, absent) in sizes:
        start = end - (octets or pace_bytes or pace_from(flags, len(frame)) or 0)
        value = number(frame, start, end - start, per_unit, signed)
        read[name] = None if value is None or round(value * per_unit) in absent else value
    return read


def rows(flags: int, pace_bytes: int | None) -> Iterator[tuple[int, tuple[int, str, int, bool, int, tuple[int, ...]]]]:
    """The rows of NUMBERS that stand in a frame, each with where it ends; up to the first pace without a width."""
    end = 2 if flags & 1 else 4
    for row in NUMBERS:
        if flags & 1 << row[0]:
            if not row[2] and pace_bytes is None:
                return
            end += row[2] or pace_bytes or 0
            yield end, row


def pace_from(flags: int, length: int) -> int | None:
    """The width with which the frame ends exactly behind its last field."""
    whole = [width for width in (1, 2) if length == max((end for end, _ in rows(flags, width)), default=0)]
    return whole[0] if len(whole) == 1 else None


def target_changed(frame: bytes) -> Complete:
    """The code of a status; a target speed or incline, where it is one."""
    if not frame:
        return {"event": None}
    value = {5: number(frame, 1, 2, 100), 6: number(frame, 1, 2, 10, signed=True)}.get(frame[0])
    return {"event": frame[0]} | ({} if value is None else {"values": (value,)})


def answer(frame: bytes) -> Complete:
    """Request and result of an answer that is whole; nothing of what is none."""
    if len(frame) < 3 or frame[0] != 0x80:
        return {"result": None}
    return {"request": frame[1], "result": frame[2]}


def asked(frame: bytes) -> Complete:
    """The code of a request; a target speed or incline, where it is one."""
    if not frame:
        return {"op": None}
    value = {2: number(frame, 1, 2, 100), 3: number(frame, 1, 2, 10, signed=True)}.get(frame[0])
    return {"op": frame[0]} | ({} if value is None else {"values": (value,)})


def rate(frame: bytes) -> Complete:
    """Rate and contact of a strap."""
    if not frame:
        return {"bpm": None, "contact": None}
    return {
        "bpm": number(frame, 1, 1 + (frame[0] & 1)) or None,
        "contact": bool(frame[0] & 2) if frame[0] & 4 else None,
    }


def span(octets: int, per_unit: int, signed: bool) -> Callable[[bytes], Complete]:
    """Lowest, highest and increment of a range."""
    return lambda frame: {
        "lowest": number(frame, 0, octets, per_unit, signed),
        "highest": number(frame, octets, octets, per_unit, signed),
        "increment": number(frame, 2 * octets, octets, per_unit),
    }


def nothing(frame: bytes) -> Complete:
    """For a decoder of which only its calm is checked."""
    return {}


TARGETS = (
    Target("treadmill data", decode_treadmill_data, lambda frame: report(frame, None)),
    Target("treadmill data, narrow", lambda frame: decode_treadmill_data(frame, 1), lambda frame: report(frame, 1)),
    Target("treadmill data, wide", lambda frame: decode_treadmill_data(frame, 2), lambda frame: report(frame, 2)),
    Target("machine status", decode_machine_status, target_changed),
    Target("response", decode_response, answer),
    Target("request", decode_request, asked),
    Target("heart rate", decode_heart_rate, rate),
    Target(
        "features",
        decode_features,
        lambda frame: {
            "machine": None if len(frame) < 4 else int.from_bytes(frame[:4], "little") & 0x1FFFF,
            "target": None if len(frame) < 8 else int.from_bytes(frame[4:8], "little") & 0x1FFFF,
        },
    ),
    Target("training status", decode_training_status, lambda frame: {"code": number(frame, 1, 1)}),
    Target("speed range", lambda frame: decode_range(frame, RangeOf.SPEED_KPH), span(2, 100, False)),
    Target("incline range", lambda frame: decode_range(frame, RangeOf.INCLINE_PERCENT), span(2, 10, True)),
    Target("heart-rate range", lambda frame: decode_range(frame, RangeOf.HEART_RATE_BPM), span(1, 1, False)),
    Target("power range", lambda frame: decode_range(frame, RangeOf.POWER_W), span(2, 1, True)),
    Target("running speed", decode_rsc, lambda frame: {"speed_mps": number(frame, 1, 2, 256)}),
    Target("service data", decode_service_data, nothing),
    Target("information", decode_information, nothing),
    Target("system id", decode_system_id, nothing),
)


def seeds() -> list[bytes]:
    """The frames of the vectors, and the empty one."""
    return [b"", *(bytes.fromhex(entry["hex"]) for entry in json.loads(VECTORS.read_text())["frames"])]


def mutated(chance: random.Random, corpus: list[bytes]) -> bytes:
    """One of the corpus with one to four damages."""
    frame = bytearray(chance.choice(corpus))
    for _ in range(chance.randint(1, 4)):
        chance.choice(DAMAGES)(chance, frame, corpus)
    return bytes(frame[:LONGEST])


def flip(chance: random.Random, frame: bytearray, corpus: list[bytes]) -> None:
    if frame:
        frame[chance.randrange(len(frame))] ^= 1 << chance.randrange(8)


def flags(chance: random.Random, frame: bytearray, corpus: list[bytes]) -> None:
    frame[:2] = chance.randbytes(2)


def extreme(chance: random.Random, frame: bytearray, corpus: list[bytes]) -> None:
    if frame:
        frame[chance.randrange(len(frame))] = chance.choice((0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF))


def cut(chance: random.Random, frame: bytearray, corpus: list[bytes]) -> None:
    del frame[chance.randint(0, len(frame)) :]


def pad(chance: random.Random, frame: bytearray, corpus: list[bytes]) -> None:
    frame += chance.choice((bytes, chance.randbytes))(chance.choice((1, 2, 3, 8, 20, LONGEST)))


def drop(chance: random.Random, frame: bytearray, corpus: list[bytes]) -> None:
    if frame:
        del frame[chance.randrange(len(frame))]


def splice(chance: random.Random, frame: bytearray, corpus: list[bytes]) -> None:
    other = chance.choice(corpus)
    frame[chance.randint(0, len(frame)) :] = other[chance.randint(0, len(other)) :]


DAMAGES = (flip, flags, extreme, cut, pad, drop, splice)


def judge(target: Target, frame: bytes) -> tuple[Decoded[object] | None, str]:
    """What was read, and what is wrong about it in a sentence; empty: nothing."""
    try:
        began_s = time.process_time()
        read = target.decode(frame)
        took_s = time.process_time() - began_s
    except Exception as raised:  # noqa: BLE001  every exception is the finding that is looked for
        return None, f"raised {raised!r}"
    if took_s > SLOW_S and (best_s := fastest_s(target, frame)) > SLOW_S:
        return read, f"took {best_s * 1000:.1f} ms, limit {SLOW_S * 1000:.0f} ms"
    for name, value in target.complete(frame).items():
        if getattr(read.value, name) != value:
            return read, f"{name} is {getattr(read.value, name)!r}, and the octets say {value!r}"
    return read, ""


def fastest_s(target: Target, frame: bytes) -> float:
    """Processor time of the fastest of five readings."""
    times = []
    for _ in range(5):
        began_s = time.process_time()
        target.decode(frame)
        times.append(time.process_time() - began_s)
    return min(times)


def judge_record(assembler: Assembler, frame: bytes) -> str:
    """A record has the speed of its last frame, no promise of more, and bounded anomalies."""
    try:
        record = assembler.take(frame)
    except Exception as raised:  # noqa: BLE001  every exception is the finding that is looked for
        return f"raised {raised!r}"
    if record is None:
        return ""
    wrong = [name for name, value in report(frame, None).items() if value not in (None, getattr(record.value, name))]
    if wrong or record.value.more_data or len(record.anomalies) > 13:
        return f"the record {record} does not end with this frame ({', '.join(wrong) or 'its anomalies'})"
    return ""


def fuzz(targets: tuple[Target, ...], chance: random.Random, goes_on: Callable[[int], bool]) -> Outcome:
    """Damage frames until ``goes_on`` says no or one is a finding; frames with new anomalies become seeds."""
    corpus, known, frames, assembler = seeds(), set[tuple[object, ...]](), 0, Assembler()
    while goes_on(frames):
        frame, new = mutated(chance, corpus), False
        frames += 1
        for target in targets:
            read, wrong = judge(target, frame)
            if read is None or wrong:
                return Outcome(frames, len(corpus), Finding(target.name, frame, wrong))
            kind = (target.name, *((anomaly.what, anomaly.where) for anomaly in read.anomalies))
            new = new or kind not in known
            known.add(kind)
        if wrong := judge_record(assembler, frame):
            return Outcome(frames, len(corpus), Finding("assembler", frame, wrong))
        if new and len(corpus) < CORPUS:
            corpus.append(frame)
    return Outcome(frames, len(corpus))


def main() -> int:
    """Fuzz for FUZZ_S seconds and say what came of it."""
    for_s = float(os.environ.get("FUZZ_S", DEFAULT_S))
    seed = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(1 << 32)))
    until_s = time.monotonic() + for_s
    outcome = fuzz(TARGETS, random.Random(seed), lambda frames: time.monotonic() < until_s)
    if outcome.finding:
        sys.stderr.write(f"finding after {outcome.frames:,} frames, FUZZ_SEED={seed}\n{outcome.finding}\n")
        return 1
    sys.stdout.write(f"{outcome.frames:,} damaged frames in {for_s:g} s, {outcome.corpus:,} seeds: no finding\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
