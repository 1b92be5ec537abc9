"""``retrotread capture``: record what a machine says without moving it, and make a contribution of it.

retrotread capture ble://NAME --out FILE.jsonl
retrotread capture make FILE.jsonl --family NAME --into DIR
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from ..devices.errors import AddressError
from . import FOUND, MISUSED, NO_FOLDER


class RecordsByDefault(TyperGroup):
    """Whatever is no command is the address of a machine to record."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """``capture ble://NAME`` is ``capture record ble://NAME``."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["record", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=RecordsByDefault,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help=(
        "Record what a machine says; nothing is told to it.\n\n"
        "retrotread capture ADDRESS --out FILE.jsonl is the same as retrotread capture record, which tells its options."
    ),
)


@app.command()
def record(
    address: Annotated[
        str,
        typer.Argument(
            help="As scan shows it: ble://NAME, ble://ADDRESS, or serial+woodway://PORT.",
            show_default=False,
            metavar="ADDRESS",
        ),
    ],
    out: Annotated[Path, typer.Option(help="A file that is not there yet, FILE.jsonl.", show_default=False)],
    seconds: Annotated[float, typer.Option(help="How long.")] = 120.0,
) -> None:
    """Listen to a machine and keep each frame it sends.

    Names, serial numbers and addresses are left out.
    """
    from ..sessions.capture.command import CaptureError, capture, checked
    from ..sessions.folder import FolderError

    try:
        machine = checked(address, seconds)
        print(f"recording for {seconds:g} s; Ctrl+C ends it sooner and keeps what is there", file=sys.stderr)
        captured = capture(machine, seconds, out)
    except (CaptureError, AddressError) as error:
        _refuse(str(error), MISUSED)
    except FolderError as error:
        _refuse(f"retrotread: {error}", NO_FOLDER)
    except OSError as error:
        _refuse(f"{out}: cannot be made ({error.strerror or error}); choose another file", MISUSED)
    if captured.problem is not None:
        _refuse(captured.problem, FOUND)
    print(f"{out}: {captured.lines} lines; have a look before you send it (docs/contributing-a-machine.md)")


@app.command()
def make(
    file: Annotated[Path, typer.Argument(help="A capture, FILE.jsonl.", show_default=False, metavar="FILE")],
    family: Annotated[str, typer.Option(help="Key of the machine's family, as in yesoul-w2-pro.", show_default=False)],
    into: Annotated[Path, typer.Option(help="Root of a checkout of the project, or an empty folder.")] = Path(),
    title: Annotated[str, typer.Option(help="What people call it; by default maker and model.")] = "",
    name_prefix: Annotated[str, typer.Option(help="Beginning of the name that all of its kind advertise.")] = "",
) -> None:
    """Make a contribution of a capture.

    Vectors, a test and, of a machine by Bluetooth, the draft of a profile; none that is there is written over.
    """
    from ..sessions.capture.file import CaptureFileError, read_capture
    from ..sessions.capture.make import CannotMake, Wanted, contribution

    try:
        texts = contribution(read_capture(file), Wanted(family, title, name_prefix))
    except (CaptureFileError, CannotMake) as error:
        _refuse(str(error), MISUSED)
    try:
        for path, text in texts.items():
            print(_kept(into / path, text))
    except OSError as error:
        _refuse(f"{error.filename}: cannot be written ({error.strerror or error}); choose another --into", MISUSED)


def _kept(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return f"{path} is there already and stays as it is"
    return f"{path} is written"


def _refuse(sentence: str, code: int) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(code)
