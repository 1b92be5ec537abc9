"""``make hazards``: every mitigation of the log switched off once, the slow ones too; NAME...: only these."""

from __future__ import annotations

import sys

from tests.proof.hazards.log import hazards, switched
from tests.proof.hazards.switching import switched_off, why_not_guarded


def main(names: list[str]) -> int:
    """1 where a test stays green, or does not run."""
    known = switched(hazards())
    if strange := [name for name in names if name not in known]:
        sys.stderr.write(f"{', '.join(strange)}: no mitigation that is switched off; there are {', '.join(known)}\n")
        return 2
    results = switched_off(names or known).values()
    wrong = [sentence for one in results if (sentence := why_not_guarded(one)) is not None]
    cpu_s = sum(one.cpu_s for one in results)
    told = f"{len(results)} mitigations switched off, {len(wrong)} of them without being missed ({cpu_s:.0f} CPU s)"
    sys.stdout.write("\n".join((*wrong, told, "")))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
