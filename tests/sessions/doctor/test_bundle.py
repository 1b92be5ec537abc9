"""The file for a bug report carries no name, no address and no path of anybody; a test looks for each of them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from retrotread.config import CuesTable, PersonTable, RemoteTable, Settings
from retrotread.machine import Identity
from retrotread.sessions import diary
from retrotread.sessions.diary import Introduced
from retrotread.sessions.doctor.bundle import bundle, write_bundle
from retrotread.sessions.doctor.everything import Findings
from retrotread.sessions.doctor.finding import Private, everywhere, warning
from retrotread.sessions.doctor.redaction import Redaction, of_this_computer
from retrotread.sessions.machines.known import Treadmill, remember

HIDDEN = Redaction(("/home/ada.lovelace", "/data/retro"), ("Ada", "Lovelace", "analytical-engine", "ab"), b"salt")

SECRETS = (
    "ada", "lovelace", "analytical", "/home", "/data/retro", "c4:22:05", "c4_22_05", "c4-22-05", "6a2b", "10.0.0.7",
    "A50285BI", "logitech", "garden", "notify", "SN-0815",
)  # fmt: skip

SAID = warning(
    "odd",
    "{port} of {reason}",
    everywhere("look at {port}"),
)
FINDINGS: Findings = (
    (
        "stone",
        (
            SAID.found(
                port=Private("/dev/serial/by-id/usb-FTDI_A50285BI-if00"),
                reason="/home/ada.lovelace/x: C4:22:05:1A:00:0B, /org/bluez/hci0/dev_C4_22_05_1A_00_0B, "
                "c4-22-05-1a-00-0b, 6A2BD4A1-0000-4B6E-8D7B-3D2B8A1C9E77 at 10.0.0.7 "
                "of ADA on Analytical-Engine, ada@lovelace.example; "
                "00002acd-0000-1000-8000-00805f9b34fb",
            ),
        ),
    ),
)
SETTINGS = Settings(
    PersonTable.model_validate(
        {"name": "Ada Lovelace", "adult": True, "backward_max": "6.5 km/h", "call": ("notify-send", "help Ada")}
    ),
    RemoteTable(next="pagedown", device="/dev/input/by-id/usb-Logitech_R400-event-kbd"),
    CuesTable(),
    "/data/retro/settings.toml:3: is odd",
)
TREADMILLS = (
    Treadmill(
        "Garden mill",
        "ble://C4:22:05:1A:00:0B",
        Identity("C4:22:05:1A:00:0B", "FS-SN-0815", "FitShow", "FS-BT-T4", "1.2"),
    ),
)


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_no_secret_is_in_any_part_of_the_bundle() -> None:
    files = parts(bundle(FINDINGS, SETTINGS, TREADMILLS, HIDDEN))
    assert set(files) == {"README.txt", "findings.json", "versions.json", "settings.json", "treadmills.json"}
    together = "\n".join(files.values()).casefold()
    assert [secret for secret in SECRETS if secret.casefold() in together] == []


def test_what_helps_is_in_it() -> None:
    files = parts(bundle(FINDINGS, SETTINGS, TREADMILLS, HIDDEN))
    found = json.loads(files["findings.json"])["findings"][0]
    assert found["finding"] == "odd"
    assert "00002acd-0000-1000-8000-00805f9b34fb" in found["what"]
    settings = json.loads(files["settings.json"])
    assert settings["person"]["backward_experience"] == "none"
    assert settings["person"]["call_given"] is True
    assert settings["remote"]["next"] == "pagedown"
    (mill,) = json.loads(files["treadmills.json"])
    assert (mill["manufacturer"], mill["model"], mill["firmware"], mill["scheme"]) == (
        "FitShow",
        "FS-BT-T4",
        "1.2",
        "ble",
    )
    versions = json.loads(files["versions.json"])
    assert versions["packages"]["bleak"]
    assert versions["retrotread"]


def test_the_same_value_reads_the_same_within_a_file_and_otherwise_in_another() -> None:
    one = Redaction((), (), b"one")
    assert one.mask("C4:22") == one.mask("C4:22")
    assert one.mask("C4:22") != one.mask("C4:23")
    assert one.mask("C4:22") != Redaction((), (), b"two").mask("C4:22")
    assert of_this_computer().salt != of_this_computer().salt


def test_short_and_common_names_take_nothing_out_of_other_words() -> None:
    hidden = Redaction(("/",), ("ab", "root", "Ada"), b"")
    assert hidden.scrubbed("ab /root adapter adamant root") == "ab /root adapter adamant root"
    assert "Ada" not in hidden.scrubbed("of Ada, (Ada) Ada")


def test_a_whole_bundle_of_this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path / "data-of-ada"))
    monkeypatch.setenv("RETROTREAD_CONFIG", str(tmp_path / "config-of-ada"))
    monkeypatch.setenv("HOME", "/home/ada.lovelace")
    (tmp_path / "data-of-ada").mkdir()
    (tmp_path / "config-of-ada").mkdir()
    (tmp_path / "config-of-ada" / "settings.toml").write_text("[person]\nname = 'Ada Lovelace'\nadult = true\n")
    remember(TREADMILLS[0], tmp_path / "data-of-ada")
    write_bundle(tmp_path / "report.zip", FINDINGS)
    together = "\n".join(parts((tmp_path / "report.zip").read_bytes()).values()).casefold()
    secrets = ("ada", "lovelace", "garden", "sn-0815", "c4:22", str(tmp_path).casefold())
    assert [secret for secret in secrets if secret in together] == []


def test_a_name_that_the_diary_alone_knows_is_hidden_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path))
    monkeypatch.setenv("RETROTREAD_CONFIG", str(tmp_path))
    diary.add(tmp_path, Introduced("Ada Lovelace", True, "walks", call=("notify-send", "help Ada")))
    write_bundle(tmp_path / "report.zip", FINDINGS)
    inside = parts((tmp_path / "report.zip").read_bytes())
    together = "\n".join(inside.values()).casefold()
    assert [secret for secret in ("ada", "lovelace", "notify") if secret in together] == []
    assert json.loads(inside["settings.json"])["person"]["backward_experience"] == "walks"


def test_settings_that_cannot_be_read_are_told_without_their_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("RETROTREAD_CONFIG", str(tmp_path))
    (tmp_path / "settings.toml").write_text("[person]\nname = 'Ada'\nadult = 'yes'\n")
    write_bundle(tmp_path / "report.zip", FINDINGS)
    settings = json.loads(parts((tmp_path / "report.zip").read_bytes())["settings.json"])
    assert settings["problem"].startswith("<home>/settings.toml:3: [person] adult")
