"""The hazard log, docs/safety/hazards.toml: what may hurt somebody, what is done about it, and how that is known.

A mitigation that is code names the test that guards it, and how it is switched off: ``old`` is a text that stands once
in the file ``where`` below src/, ``new`` what it becomes. The test must fail then. One that is no code, or cannot be
switched off, says why in ``none``; where no test guards it, a document says it to the reader.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.proof.mutants.planting import Defect

ROOT = Path(__file__).resolve().parents[3]
LOG = ROOT / "docs" / "safety" / "hazards.toml"

GROUPS = ("operator", "machine", "line", "program", "computer", "records", "body", "strangers")
SEVERITIES = ("S1", "S2", "S3", "S4")


class LogError(ValueError):
    """The log is not as it must be; its sentence says where, and the mend."""


@dataclass(frozen=True, slots=True)
class Mitigation:
    """One thing that is done about a hazard. ``slow``: its test is too long for the gate, and runs in ``make hazards``.

    ``says``: the document that tells it to a reader, and the words that it tells it with.
    """

    name: str
    what: str
    where: str | None
    test: str | None
    off: Defect | None
    none: str | None
    says: tuple[str, str] | None
    slow: bool

    @property
    def switched(self) -> bool:
        """Whether it can be switched off to see its test fail."""
        return self.off is not None


@dataclass(frozen=True, slots=True)
class Hazard:
    """One way in which somebody may be hurt. ``open``: what is not built yet, and is not claimed; None: nothing."""

    id: str
    group: str
    title: str
    severity: str
    cause: str
    harm: str
    detection: str
    residual: str
    open: str | None
    mitigations: tuple[Mitigation, ...]


def hazards(path: Path = LOG) -> tuple[Hazard, ...]:
    """The whole log. LogError where a part of it is missing or not as it must be."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    found = tuple(_hazard(row) for row in document["hazard"])
    ids = [one.id for one in found]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise LogError(f"{', '.join(twice)} stands twice in {path.name}: give one of them another number")
    return found


def switched(log: tuple[Hazard, ...]) -> dict[str, Mitigation]:
    """Every mitigation that can be switched off, by name."""
    return {one.name: one for hazard in log for one in hazard.mitigations if one.switched}


TEXTS = ("id", "group", "title", "severity", "cause", "harm", "detection", "residual")


def _hazard(row: dict[str, Any]) -> Hazard:
    who = f"hazard {row.get('id')!r}"
    _only(who, row, {*TEXTS, "open", "mitigation"})
    for name in TEXTS:
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise LogError(f"{who} has no {name}: say it")
    if not re.fullmatch(r"H[0-9]{2}", row["id"]):
        raise LogError(f"{who}: an id is H and two digits")
    if row["group"] not in GROUPS or row["severity"] not in SEVERITIES:
        raise LogError(f"{who}: the groups are {', '.join(GROUPS)}, the severities {', '.join(SEVERITIES)}")
    mitigations = tuple(_mitigation(row["id"], at, one) for at, one in enumerate(row.get("mitigation", ()), 1))
    if not mitigations and not row.get("open"):
        raise LogError(f"{who} has no mitigation and does not say that it is open: say one of them")
    return Hazard(**{name: row[name] for name in TEXTS}, open=row.get("open"), mitigations=mitigations)


def _mitigation(hazard: str, number: int, row: dict[str, Any]) -> Mitigation:
    name = f"{hazard}.{number}"
    _only(f"mitigation {name}", row, {"what", "where", "test", "old", "new", "none", "document", "says", "slow"})
    if not row.get("what"):
        raise LogError(f"mitigation {name} does not say what is done")
    off = _off(name, row)
    if (off is None) is (row.get("none") is None):
        raise LogError(f"mitigation {name} is either switched off (where, old, new) or says in `none` why it is not")
    if off is not None and row.get("test") is None:
        raise LogError(f"mitigation {name} can be switched off and names no test that must fail then")
    if row.get("test") is None and row.get("says") is None:
        raise LogError(f"mitigation {name} has neither a test nor a document that says it")
    says = (row["document"], row["says"]) if "says" in row else None
    return Mitigation(
        name, row["what"], row.get("where"), row.get("test"), off, row.get("none"), says, row.get("slow", False)
    )


def _off(name: str, row: dict[str, Any]) -> Defect | None:
    if "old" not in row:
        return None
    if "where" not in row or "new" not in row:
        raise LogError(f"mitigation {name}: what is switched off needs where, old and new")
    return Defect(f"off_{name}", row["where"], name.partition(".")[0], row["what"], row["old"], row["new"], "with")


def _only(who: str, row: dict[str, Any], known: set[str]) -> None:
    if strange := sorted(set(row) - known):
        raise LogError(f"{who} has {', '.join(strange)}, which is none of {', '.join(sorted(known))}")
