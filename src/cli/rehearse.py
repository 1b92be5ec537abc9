"""``retrotread rehearse``: hear a workout before it is run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..sessions.prepare import Asked, written_as, written_in
from ..workouts.library import find
from . import FOUND, MISUSED

TREADMILL = "sim://well-behaved"


def rehearse(  # noqa: PLR0913  a command line is a list of options
    workout: Annotated[
        str | None,
        typer.Argument(help="A shipped workout (ladder-1) or a file.", show_default=False, metavar="WORKOUT"),
    ] = None,
    quick: Annotated[
        str | None, typer.Option("--quick", help="A workout in words instead: '10 min at 2 km/h backward'.")
    ] = None,
    audio: Annotated[
        Path | None, typer.Option(help="Write it as sound, OUT.wav, with its transcript beside it, OUT.txt.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of the cues: en or de.")] = "en",
    begin: Annotated[str, typer.Option("--from", help="Begin there, MM:SS of the session.")] = "0:00",
    fast: Annotated[bool, typer.Option("--fast", help="Cut silences to two seconds.")] = False,
    no_speech: Annotated[bool, typer.Option("--no-speech", help="Tones alone, also where a voice is there.")] = False,
    treadmill: Annotated[str, typer.Option(help="For what it can do: sim://KIND.")] = TREADMILL,
    accept_lowest: Annotated[
        bool, typer.Option("--accept-lowest", help="Where the plan is slower than the belt can run, that will do.")
    ] = False,
) -> None:
    """Say, or write as sound, everything that is heard in a session.

    Every step, warning, count and tone of a run that goes as planned, with its moment. Nothing moves.
    """
    from ..sessions.rehearsal.command import Listening, NotToBeHeard, rehearse_text
    from ..workouts.phrases import NoSuchLanguage

    if (workout is None) == (quick is None):
        raise typer.BadParameter("give one of the two: a workout, or --quick '10 min at 2 km/h backward'")
    written = written_as(quick) if quick is not None else written_in(find(workout or ""))
    listening = Listening(audio, lang, begin, fast, not no_speech)
    try:
        told = rehearse_text(written, treadmill, Asked(accept_lowest=accept_lowest), listening)
    except (NotToBeHeard, NoSuchLanguage) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    except OSError as error:
        why = f"{error.filename or audio}: {error.strerror}; choose another" if error.strerror else error
        print(why, file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    print(told.text)
    raise typer.Exit(FOUND if told.found else 0)
