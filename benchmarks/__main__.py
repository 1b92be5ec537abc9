"""``python -m benchmarks [NAME ...]``: every figure, or those named."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from . import (
    a_year,
    at_target,
    codec,
    cue_lateness,
    exporting,
    foreign_workouts,
    keeping,
    looking_back,
    main_death,
    next_patient,
    over_the_air,
    replaying,
    serial_lines,
    serial_sessions,
    session_cost,
    starting,
    stop_key,
    ten_years,
    virtual_time,
)
from .figures import Figure, heading

BENCHES: dict[str, Callable[[], Iterable[Figure]]] = {
    "codec": codec.measure,
    "virtual-time": virtual_time.measure,
    "starting": starting.measure,
    "stop-key": stop_key.measure,
    "over-the-air": over_the_air.measure,
    "serial-lines": serial_lines.measure,
    "serial-sessions": serial_sessions.measure,
    "main-death": main_death.measure,
    "at-target": at_target.measure,
    "session-cost": session_cost.measure,
    "cue-lateness": cue_lateness.measure,
    "replay": replaying.measure,
    "foreign-workouts": foreign_workouts.measure,
    "ten-years": ten_years.measure,
    "looking-back": looking_back.measure,
    "a-year": a_year.measure,
    "next-patient": next_patient.measure,
    "exporting": exporting.measure,
    "keeping": keeping.measure,
}


def main(names: list[str]) -> int:
    """Print each figure as soon as it is there."""
    unknown = set(names) - set(BENCHES)
    if unknown:
        print(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    print(heading())
    for name in names or BENCHES:
        for figure in BENCHES[name]():
            print(figure, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
