"""``retrotread simulate``: one run on virtual time, told in sentences or as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..devices.address import parse_address
from ..devices.errors import AddressError
from ..devices.simulated.faults import TimedFault, parse_fault
from ..devices.simulated.options import simulated_setup
from .check import Printed
from .conductor import RunPlan
from .prepare import Asked, Prepared, Written, laid_out
from .simulate import Simulated, Simulation, simulate
from .tape import Recording, Tape, write_scenario


@dataclass(frozen=True, slots=True)
class SimulateAsked:
    """What the command line asks for.

    ``faults`` are texts such as ``silent@300``; ``record`` is where a scenario file of the run goes.
    """

    written: Written
    address: str
    asked: Asked
    seed: int
    faults: tuple[str, ...]
    as_json: bool
    record: Path | None = None


def simulate_text(wanted: SimulateAsked) -> Printed:
    """Run it and tell. Raises AddressError or FaultError (ValueError) for what cannot be read.

    A record that cannot be written is a TapeError (ValueError) or OSError.
    """
    parsed = parse_address(wanted.address)
    if parsed.scheme != "sim":
        raise AddressError(f"address {wanted.address!r}: simulate moves simulated treadmills only; write sim://NAME")
    setup = simulated_setup(parsed.name, parsed.options)
    faults = (*setup.faults, *_faults(wanted.faults))
    prepared = laid_out(wanted.written, setup.archetype.profile, wanted.asked)
    if prepared.offer.timeline is None:
        return Printed(_told(None, prepared, wanted.as_json), True)
    plan = RunPlan.of("simulated", prepared.offer.timeline, prepared.tier.key)
    recording = None if wanted.record is None else Recording()
    done = simulate(Simulation(plan, setup.archetype, faults, wanted.seed or setup.seed), recording)
    if recording is not None and wanted.record is not None:
        write_scenario(recorded(recording, prepared), wanted.record)
    return Printed(_told(done, prepared, wanted.as_json), not done.ended_well or bool(done.violations))


def recorded(recording: Recording, prepared: Prepared) -> Tape:
    """The tape of a simulated run of what was prepared."""
    timeline = prepared.offer.timeline
    assert timeline is not None, "what cannot be laid out was not run"
    return recording.tape(timeline.name, prepared.source, prepared.layout, timeline.plan_hash)


def _told(done: Simulated | None, prepared: Prepared, as_json: bool) -> str:
    problems = prepared.offer.problems
    if as_json:
        told = NOT_LAID_OUT if done is None else as_plain(done)
        return json.dumps({**told, "problems": list(problems)}, indent=2)
    return "\n".join(f"limit: {one}" for one in problems) if done is None else _sentences(done)


def _faults(texts: tuple[str, ...]) -> tuple[TimedFault, ...]:
    try:
        return tuple(parse_fault(text) for text in texts)
    except ValueError as error:
        raise AddressError(str(error)) from error


def as_plain(done: Simulated) -> dict[str, Any]:
    """The published keys; times in seconds from the beginning of the simulation."""
    return {
        "phase": done.phase.value,
        "mode": done.mode.value,
        "ended": done.ended,
        "ended_well": done.ended_well,
        "elapsed_s": round(done.elapsed_s, 3),
        "plan_time_s": round(done.plan_time_s, 3),
        "distance_m": round(done.distance_m, 1),
        "max_speed_kph": done.max_speed_kph,
        "max_incline_percent": done.max_incline_percent,
        "stops": [{"at_s": round(one.at_s, 3), "cause": one.cause, "message": one.message} for one in done.stops],
        "alarm_at_s": done.alarm_at_s,
        "violations": len(done.violations),
        "violated": [{"at_s": v.at_s, "invariant": v.invariant, "message": v.message} for v in done.violations],
    }


NOT_LAID_OUT: dict[str, Any] = {
    "phase": None,
    "mode": None,
    "ended": "the workout cannot be laid out",
    "ended_well": False,
    "elapsed_s": 0.0,
    "plan_time_s": 0.0,
    "distance_m": 0.0,
    "max_speed_kph": 0.0,
    "max_incline_percent": 0.0,
    "stops": [],
    "alarm_at_s": None,
    "violations": 0,
    "violated": [],
}
"""The published keys of a run that never began."""


def _sentences(done: Simulated) -> str:
    lines = [
        f"{'ended well' if done.ended_well else 'did not end well'}: {done.ended}",
        f"plan {done.plan_time_s:.0f} s of {done.elapsed_s:.0f} s, {done.distance_m:.0f} m, "
        f"up to {done.max_speed_kph:.1f} km/h and {done.max_incline_percent:.1f} %",
    ]
    lines += [f"stop at {one.at_s:.1f} s: {one.message}" for one in done.stops]
    if done.alarm_at_s is not None:
        lines.append(f"key alarm at {done.alarm_at_s:.1f} s")
    lines.append(f"violations: {len(done.violations)}")
    lines += [f"  {one.at_s:.1f} s {one.invariant}: {one.message}" for one in done.violations]
    return "\n".join(lines)
