"""``retrotread scan`` and ``retrotread treadmills``: find machines, remember them, say what each allows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..machine import NOT_SAID, Identity
from ..sessions.folder import FolderError, FolderLock, data_folder, folder_path, hold_data_folder
from . import FOUND, MISUSED, NO_FOLDER
from .paragraphs import tell
from .qualify import app as qualify_app

app = typer.Typer()
treadmills = typer.Typer(
    help="The treadmills that are known, and what each allows.",
    rich_markup_mode=None,
    invoke_without_command=True,
)
app.add_typer(treadmills, name="treadmills")
treadmills.add_typer(qualify_app)

AsJson = Annotated[bool, typer.Option("--json", help="One object instead of lines.")]
Which = Annotated[str, typer.Argument(help="A name that was given, or an address.", metavar="NAME", show_default=False)]


@app.command()
def scan(
    seconds: Annotated[float, typer.Option(help="How long to listen.", min=1.0, max=120.0)] = 10.0,
    via: Annotated[
        str,
        typer.Option(
            help="Another controller than this computer's own, as in tcp-client:127.0.0.1:9723.", metavar="TRANSPORT"
        ),
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Show everything that was heard.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find treadmills, heart-rate straps and serial ports.

    Of each machine it says what it allows, and why.

    Connects to nothing and opens no port.
    """
    from ..devices.advert import Advert
    from ..devices.serialport.ports import ports
    from ..sessions.machines.cables import ports_lines, ports_object
    from ..sessions.machines.heard import keep_heard
    from ..sessions.machines.listing import listed, listing_lines, listing_object
    from ..sessions.machines.search import search

    folder, lock = _held()
    heard: list[Advert] = []
    try:
        problem = search(seconds, via, folder, heard.append)
        keep_heard(heard, folder)
    finally:
        lock.release()
    found, cables = listed(heard, via, folder), ports()
    if as_json:
        told = {**listing_object(found, problem), "serial_ports": ports_object(cables, folder)}
        print(json.dumps(told, indent=2))
    elif found or problem is None:
        tell(listing_lines(found, everything))
    if cables and not as_json:
        print()
        tell(ports_lines(cables, folder))
    if problem is not None:
        print(f"retrotread: {problem}", file=sys.stderr)
    raise typer.Exit(0 if problem is None else FOUND)


@treadmills.callback()
def listing(context: typer.Context, as_json: AsJson = False) -> None:
    """The treadmills that are known, and what each allows."""
    if context.invoked_subcommand is None:
        _list(as_json)


@treadmills.command("list")
def list_them(as_json: AsJson = False) -> None:
    """Every treadmill that was remembered, with what it allows."""
    _list(as_json)


@treadmills.command()
def remember(
    address: Annotated[str, typer.Argument(help="As scan shows it.", metavar="ADDRESS", show_default=False)],
    name: Annotated[str | None, typer.Option(help="What you call it; without it, what it calls itself.")] = None,
    as_json: AsJson = False,
) -> None:
    """Keep a treadmill under a name, or give it another one."""
    from dataclasses import replace

    from ..devices.address import parse_address
    from ..sessions.machines.known import NAME_MAX, Treadmill, TreadmillsError, find, known
    from ..sessions.machines.known import remember as keep
    from ..sessions.machines.wording import shown

    parsed = parse_address(address)
    folder = _folder()
    try:
        before = find(str(parsed), known(folder))
        machine = _heard(parsed.name, folder)
        kept = before or Treadmill(shown(machine.name)[:NAME_MAX] or parsed.name, str(parsed), machine)
        kept = replace(kept, name=name or kept.name)
        keep(kept, folder)
    except TreadmillsError as error:
        raise _refused(error) from None
    if as_json:
        print(json.dumps({"remembered": {"name": kept.name, "address": kept.address}}, indent=2))
    else:
        print(f"{kept.name} is {kept.address}")


@treadmills.command()
def forget(which: Which, as_json: AsJson = False) -> None:
    """Take a treadmill off the list. Its sealed profiles stay."""
    from ..sessions.machines.known import TreadmillsError
    from ..sessions.machines.known import forget as drop

    try:
        gone = drop(which, folder_path())
    except TreadmillsError as error:
        raise _refused(error) from None
    if gone is None:
        raise _unknown(which)
    if as_json:
        print(json.dumps({"forgotten": {"name": gone.name, "address": gone.address}}, indent=2))
    else:
        print(f"{gone.name} ({gone.address}) is forgotten; its sealed profiles stay")


@treadmills.command()
def show(which: Which, as_json: AsJson = False) -> None:
    """The card of a treadmill: what it allows, and why.

    Also what is known of it, what a qualification would open, and what to do next.
    """
    from ..sessions.machines.card import card, card_lines, card_object

    shown = card(address_of(which), folder_path())
    if as_json:
        print(json.dumps(card_object(shown), indent=2))
    else:
        tell(card_lines(shown))
    raise typer.Exit(FOUND if shown.known.problems else 0)


# --- shared -----------------------------------------------------------------------------------------------------


def _list(as_json: bool) -> None:
    from ..sessions.machines.card import allowance_lines, card, card_object
    from ..sessions.machines.known import TreadmillsError, known

    folder = folder_path()
    try:
        cards = [card(one.address, folder) for one in known(folder)]
    except TreadmillsError as error:
        raise _refused(error) from None
    if as_json:
        print(json.dumps({"treadmills": [card_object(one) for one in cards]}, indent=2))
    elif not cards:
        print("No treadmill is remembered. Find one with: retrotread scan")
    for one in () if as_json else cards:
        assert one.known.treadmill is not None
        tell([f"{one.known.treadmill.name}  {one.address}", f"  {one.now.sentence}", f"  {allowance_lines(one)[-1]}"])
    problems = dict.fromkeys(problem for one in cards for problem in one.known.problems)
    for problem in problems:
        print(f"retrotread: {problem}", file=sys.stderr)
    raise typer.Exit(FOUND if problems else 0)


def address_of(which: str) -> str:
    """The address behind a name; a text with :// is one already."""
    address = address_if_named(which)
    if "://" not in address:
        raise _unknown(which)
    return address


def address_if_named(which: str) -> str:
    """The address behind a name that was given to a treadmill; any other text as it is."""
    from ..sessions.machines.known import TreadmillsError, find, known

    if "://" in which:
        return which
    try:
        found = find(which, known(folder_path()))
    except TreadmillsError as error:
        raise _refused(error) from None
    return which if found is None else found.address


def _heard(address: str, folder: Path) -> Identity:
    """Which machine the last searches heard at this address."""
    from ..sessions.machines.heard import heard_name

    name = heard_name(address, folder)
    return NOT_SAID if name is None else Identity(address, name)


def _folder() -> Path:
    try:
        return data_folder()
    except FolderError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None


def _held() -> tuple[Path, FolderLock]:
    try:
        return hold_data_folder()
    except FolderError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None


def _refused(error: OSError) -> typer.Exit:
    print(f"retrotread: {error}", file=sys.stderr)
    return typer.Exit(MISUSED)


def _unknown(which: str) -> typer.Exit:
    from ..sessions.machines.wording import shown

    print(f"retrotread: no treadmill {shown(which)!r} is remembered; see: retrotread treadmills", file=sys.stderr)
    return typer.Exit(MISUSED)
