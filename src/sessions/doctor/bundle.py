"""The file for a bug report: findings, versions, settings without names. Nothing of a session, nothing of a person."""

from __future__ import annotations

import io
import json
import platform
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .everything import Findings
from .python import NEEDED, installed
from .redaction import Redaction
from .report import object_of

if TYPE_CHECKING:
    from ...config import Settings
    from ..machines.known import Treadmill

OPTIONAL = ("bumble", "dbus-fast", "bleak-retry-connector", "pyserial", "tomlkit", "ruamel.yaml")
README = """What is in this file, for a bug report about Retrotread:

findings.json    what retrotread doctor found
versions.json    the versions of the system, of Python and of the packages
settings.json    which settings are given; no names, no commands, no paths
treadmills.json  how many treadmills are remembered, and of which make

Names, addresses and paths stand as <hash>. The hash is salted and the salt was thrown away: the same hash is the same
value within this file, and nobody can find the value from it. Have a look before you send it.
"""


def bundle(findings: Findings, settings: Settings, treadmills: tuple[Treadmill, ...], hidden: Redaction) -> bytes:
    """The zip. Every text in it has gone through ``hidden``, the private values twice."""
    parts: dict[str, Any] = {
        "findings.json": object_of(findings, hidden.mask),
        "versions.json": versions(),
        "settings.json": of_settings(settings, hidden),
        "treadmills.json": [of_treadmill(one, hidden) for one in treadmills],
    }
    files = {name: json.dumps(hidden.everywhere(part), indent=1, ensure_ascii=False) for name, part in parts.items()}
    return zipped({"README.txt": README, **files})


def zipped(files: Mapping[str, str]) -> bytes:
    """Texts as a zip whose bytes depend on nothing else: no date of today, no user."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def versions() -> dict[str, Any]:
    """Of the system, of Python and of the packages; none of the computer's own names."""
    from ... import __version__

    names = dict.fromkeys((*NEEDED, *OPTIONAL))
    return {
        "retrotread": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "packages": {name: installed(name) for name in names},
    }


def of_settings(settings: Settings, hidden: Redaction) -> dict[str, Any]:
    """What is set, without what it says of a person."""
    person, remote = settings.person, settings.remote
    return {
        "problem": settings.problem,
        "person": None
        if person is None
        else {
            "adult": person.adult,
            "backward_experience": person.backward_experience,
            "backward_max_given": person.backward_max_kph is not None,
            "call_given": bool(person.call),
        },
        "remote": None
        if remote is None
        else {
            "next": remote.next,
            "fine": remote.fine,
            "device": None if remote.device is None else hidden.mask(remote.device),
        },
        "speech": settings.cues.speech,
    }


def of_treadmill(treadmill: Treadmill, hidden: Redaction) -> dict[str, Any]:
    """The make of a machine that is remembered; its name and its address as hashes."""
    return {
        "name": hidden.mask(treadmill.name),
        "address": hidden.mask(treadmill.address),
        "scheme": treadmill.address.partition("://")[0],
        "manufacturer": treadmill.met.manufacturer,
        "model": treadmill.met.model,
        "firmware": treadmill.met.firmware,
    }


def write_bundle(path: Path, findings: Findings) -> None:
    """Write the file for this computer's owner to send. Raises OSError; a list that cannot be read counts as empty."""
    from ...config import read_settings, settings_path
    from ..folder import folder_path
    from ..machines.known import TreadmillsError, known
    from ..who import with_known
    from .redaction import of_this_computer

    settings = with_known(read_settings(), folder_path())
    try:
        treadmills = known(folder_path())
    except TreadmillsError:
        treadmills = ()
    names = tuple(one.name for one in treadmills) + tuple(one.met.name for one in treadmills if one.met.name)
    person = () if settings.person is None else (settings.person.name, *settings.person.name.split())
    hidden = of_this_computer((*person, *names), (str(settings_path().parent), str(folder_path())))
    path.write_bytes(bundle(findings, settings, treadmills, hidden))
