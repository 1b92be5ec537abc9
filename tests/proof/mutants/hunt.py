"""Hunt the defect that is planted in this process, and tell on standard output, as JSON, what kills it.

``python -m tests.proof.mutants.plant NAME -- -m tests.proof.mutants.hunt --explore-s 60 --sessions 100``
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from tests.proof.mutants.killing import Killers, by_exploration, by_simulation


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof.mutants.hunt")
    parser.add_argument("--explore-s", type=float, default=120.0, help="processor seconds for the exploration")
    parser.add_argument("--sessions", type=int, default=500, help="how many seeds, behind the corpus")
    asked = parser.parse_args()
    explored = by_exploration(asked.explore_s) if asked.explore_s else None
    simulated = by_simulation(asked.sessions) if asked.sessions else None
    json.dump(asdict(Killers(explored, simulated)), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
