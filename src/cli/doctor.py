"""``retrotread doctor``: what of this computer works, what does not, and the mend.

Exit code 0: nothing that keeps a session from being run; warnings may be there. 1: a problem.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import FOUND, MISUSED

if TYPE_CHECKING:
    from ..sessions.doctor.everything import Findings


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of lines.")] = False,
    bundle: Annotated[
        Path | None, typer.Option(metavar="FILE.zip", help="Also write a file for a bug report, without names.")
    ] = None,
) -> None:
    """Look at this computer: what is wrong, and the mend.

    Radio, permissions, serial ports, terminal, sound, disk and clocks. Nothing is changed and no machine moves.
    """
    from ..sessions.doctor.everything import flat, look
    from ..sessions.doctor.finding import Severity, system_named, worst
    from ..sessions.doctor.report import json_of, text_of

    findings = look()
    print(json_of(findings) if as_json else text_of(findings, system_named(sys.platform)))
    if bundle is not None:
        _write_bundle(bundle, findings)
    raise typer.Exit(FOUND if worst(flat(findings)) is Severity.PROBLEM else 0)


def _write_bundle(path: Path, findings: Findings) -> None:
    from ..sessions.doctor.bundle import write_bundle

    try:
        write_bundle(path, findings)
    except OSError as error:
        print(f"{path}: cannot be written ({error.strerror or error}); choose another file", file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    print(f"{path} is written; have a look into it before you send it", file=sys.stderr)
