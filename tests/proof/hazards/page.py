"""The hazard log as a page for people; ``python -m tests.proof.hazards.page docs/safety/hazards.md`` writes it anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.proof.hazards.log import GROUPS, Hazard, Mitigation, hazards, switched

TITLES = dict(
    zip(
        GROUPS,
        (
            "The people at the belt",
            "The treadmill",
            "The link",
            "The program",
            "The computer",
            "Files and records",
            "The body",
            "Other people and programs",
        ),
        strict=True,
    )
)
WORDS = {
    "S1": "discomfort, or harm to privacy",
    "S2": "a strain or a bruise",
    "S3": "a fracture or a head injury",
    "S4": "death is possible",
}

HEAD = """# Hazards

How somebody may be hurt by a belt that a program moves, and what this program does about it. Made from
[hazards.toml](hazards.toml), which also holds how each measure is switched off: `make test` does that once for each of
them and fails if its test stays green then. The tests behind a measure stand in small print under it.

**Read first [what this program cannot do](what-it-cannot-do.md).** No measure below is whole without its "what
remains". The program is not a medical device. Nothing here was tried on a person, and no real machine has been driven
by it yet.

How bad it can get: """


def page(log: tuple[Hazard, ...]) -> str:
    """The whole page."""
    return "\n".join((*_lines(log), ""))


def _lines(log: tuple[Hazard, ...]) -> Iterator[str]:
    yield HEAD + "; ".join(f"{key} {words}" for key, words in WORDS.items()) + "."
    measures, off = sum(len(one.mitigations) for one in log), len(switched(log))
    yield f"\n{len(log)} hazards, {measures} measures against them, {off} of which are switched off by the tests.\n"
    yield "| | hazard | |"
    yield "| --- | --- | --- |"
    yield from (f"| [{one.id}](#{_anchor(one)}) | {one.title} | {one.severity} |" for one in _in_order(log))
    for group, title in TITLES.items():
        yield f"\n## {title}"
        for one in (one for one in log if one.group == group):
            yield from _hazard(one)


def _in_order(log: tuple[Hazard, ...]) -> Iterator[Hazard]:
    for group in GROUPS:
        yield from (one for one in log if one.group == group)


def _title(one: Hazard) -> str:
    return f"{one.id} {one.title}"


def _anchor(one: Hazard) -> str:
    kept = "".join(letter for letter in _title(one).lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def _hazard(one: Hazard) -> Iterator[str]:
    yield f"\n### {_title(one)}\n"
    yield f"**{one.severity}, {WORDS[one.severity]}.** {_sentence(one.harm)}\n"
    yield f"- *How it comes about:* {one.cause}."
    yield f"- *How it is noticed:* {one.detection}."
    yield f"- *What remains:* {one.residual}."
    if one.open is not None:
        yield f"- *Not built yet:* {one.open}."
    if one.mitigations:
        yield "\nWhat is done:\n"
    for measure in one.mitigations:
        yield f"- {measure.what}{_proof(measure)}"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _proof(measure: Mitigation) -> str:
    """Where it stands and how it is known, small, on a line of its own."""
    where = None if measure.where is None else f"`src/{measure.where}`"
    test = None if measure.test is None else f"`{measure.test.rpartition('::')[2]}`"
    said = None if measure.says is None else f"said in `{measure.says[0]}`"
    none = None if measure.none is None else f"not switched off: {measure.none}"
    parts = ", ".join(part for part in (where, test, said, none) if part is not None)
    return f"\n  <br><sub>{parts}</sub>"


def main(arguments: list[str]) -> int:
    """2 where no file is named."""
    if len(arguments) != 1:
        sys.stderr.write("python -m tests.proof.hazards.page FILE\n")
        return 2
    Path(arguments[0]).write_text(page(hazards()), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
