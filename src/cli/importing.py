"""``retrotread import``: a workout of another program as a file of ours.

What the file leaves open is asked, or answered by options; until every question has its answer nothing is written.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import MISUSED

if TYPE_CHECKING:
    from ..workouts.formats.foreign import Asked, ForeignWorkout, Format, Question
    from ..workouts.formats.settling import Settled

FORMATS = "zwo, icu (intervals.icu text), qz (qdomyos-zwift) or fit"


def import_workout(  # a command line is a list of options
    file: Annotated[Path, typer.Argument(help="The file of the other program.", show_default=False, metavar="FILE")],
    form: Annotated[str | None, typer.Option("--as", help=f"Its format: {FORMATS}; without it, its content.")] = None,
    speed_unit: Annotated[
        str | None, typer.Option("--speed-unit", help="Unit of its speeds: km/h, mph, m/s, min/km or min/mi.")
    ] = None,
    answer: Annotated[
        list[str] | None, typer.Option(metavar="KEY=ANSWER", help="Answer to a question, as often as needed.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="NAME.yaml", help="Where to write it; without it, to the screen.")
    ] = None,
) -> None:
    """Take over a workout of Zwift, intervals.icu, qdomyos-zwift or a FIT file.

    It stays a forward workout. Every unit that the file leaves open is asked about; nothing is taken over in part.
    """
    from ..workouts.formats.fit_records import FitMissing
    from ..workouts.formats.importing import read_foreign
    from ..workouts.formats.settling import AnswerError, Unanswered

    try:
        foreign = read_foreign(file, format_named(form))
        done = _settled(foreign, _answers(answer or [], speed_unit), file.stem)
    except Unanswered as unanswered:
        _tell_questions(unanswered.asked)
        raise typer.Exit(MISUSED) from None
    except (AnswerError, FitMissing) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    for note in done.notes:
        print(f"left out or changed: {note}", file=sys.stderr)
    if out is None:
        print(done.text, end="")
    else:
        write_new(out, done.text.encode("utf-8"))
        print(f"{out} is written; look at it with: retrotread check {out}", file=sys.stderr)


def format_named(name: str | None) -> Format | None:
    """The format of this name. Raises typer.BadParameter."""
    from ..workouts.formats.foreign import Format

    if name is None:
        return None
    try:
        return Format(name)
    except ValueError:
        raise typer.BadParameter(f"{name!r} is no format; there are {FORMATS}") from None


def write_new(path: Path, content: bytes) -> None:
    """A file that was not there before, whole or not at all. Leaves with a sentence where that cannot be."""
    try:
        with path.open("xb") as file:
            try:
                file.write(content)
            except OSError:
                path.unlink(missing_ok=True)
                raise
    except FileExistsError:
        print(f"{path} is there already, and nothing is written over; give another name", file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        print(
            f"{path}: cannot be written ({getattr(error, 'strerror', None) or error}); choose another", file=sys.stderr
        )
        raise typer.Exit(MISUSED) from None


def _answers(given: list[str], speed_unit: str | None) -> dict[str, str]:
    """Raises typer.BadParameter."""
    answers: dict[str, str] = {} if speed_unit is None else {"speed-unit": speed_unit}
    for one in given:
        key, sign, value = one.partition("=")
        if not sign:
            raise typer.BadParameter(f"{one!r} is no answer; write it as KEY=ANSWER, such as incline-unit=percent")
        if answers.get(key, value) != value:
            raise typer.BadParameter(f"{key} is answered twice, as {answers[key]} and as {value}")
        answers[key] = value
    return answers


def _settled(foreign: ForeignWorkout, answers: dict[str, str], title: str) -> Settled:
    """With what is still open asked at a terminal. Raises Unanswered, AnswerError, WorkoutFileError."""
    from ..workouts.formats.settling import Unanswered, settled

    try:
        return settled(foreign, answers, title)
    except Unanswered as unanswered:
        if not sys.stdin.isatty():
            raise
        asked = {one.question.key: _answered(one) for one in unanswered.asked}
    return settled(foreign, {**answers, **asked}, title)


def _answered(asked: Asked) -> str:
    """What a person answers, asked until it is an answer."""
    from ..workouts.formats.settling import AnswerError, checked_answer

    print(asked, file=sys.stderr)
    while True:
        said = str(typer.prompt(_wanted(asked.question), err=True)).strip()
        try:
            checked_answer(asked.question, said)
        except AnswerError as error:
            print(error, file=sys.stderr)
        else:
            return said


def _wanted(question: Question) -> str:
    return " or ".join(question.choices) if question.choices else "a speed with its unit, such as 8 km/h"


def _tell_questions(asked: tuple[Asked, ...]) -> None:
    for one in asked:
        print(one, file=sys.stderr)
        print(f"    --answer '{one.question.key}=...': {_wanted(one.question)}", file=sys.stderr)
    print("nothing is imported before each of these has its answer", file=sys.stderr)
