"""Sealed profiles: what was measured comes back as it was, and one changed byte is noticed."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.sheet import Sheet
from retrotread.machine import NOT_SAID, Identity, Qualification
from retrotread.sessions.machines import sealed as sealing
from retrotread.sessions.machines.sealed import (
    Finding,
    Findings,
    Sealed,
    SealError,
    SealProblem,
    latest_for,
    read_sealed,
    seal,
    sealed_files,
)


def problem_of(path: Path) -> str:
    found = read_sealed(path)
    assert isinstance(found, SealProblem)
    assert found.path == path
    assert found.message.startswith(f"{path}: ")
    return found.message


def sealed_anew(path: Path, old: str, new: str) -> Path:
    """Somebody changes the content and writes a seal that fits it."""
    head, body = path.read_text(encoding="utf-8").split("\n\n", 1)
    assert old in body
    body = body.replace(old, new)
    head = head[: head.index("seal = ")] + f'seal = "{hashlib.sha256(body.encode()).hexdigest()}"'
    path.write_text(f"{head}\n\n{body}", encoding="utf-8")
    return path


def test_what_was_sealed_is_read_back_whole(sheet: Sheet, findings: Findings, tmp_path: Path) -> None:
    path = seal(sheet, findings, tmp_path)
    assert read_sealed(path) == Sealed(sheet, findings)
    assert path.parent == tmp_path / "machines"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sealed_files(tmp_path) == (path,)
    assert [one for one in path.parent.iterdir() if one != path] == []


def test_a_changed_byte_is_noticed_wherever_it_is(sheet: Sheet, findings: Findings, tmp_path: Path) -> None:
    path = seal(sheet, findings, tmp_path)
    content = path.read_bytes()
    head = range(content.index(b"\n\n") + 2)
    for position in (*head, *range(len(head), len(content), 11)):
        path.write_bytes(content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :])
        assert isinstance(read_sealed(path), SealProblem), (position, content[position - 5 : position + 5])


@pytest.mark.parametrize("change", [b"", b"\n", b"# a note\n", b"x = 1\n"])
def test_neither_an_end_cut_off_nor_one_put_on_is_taken(
    sheet: Sheet, findings: Findings, tmp_path: Path, change: bytes
) -> None:
    path = seal(sheet, findings, tmp_path)
    content = path.read_bytes()
    path.write_bytes(content + change if change else content[:-1])
    assert "its content is not what was sealed; the treadmill counts as not qualified" in problem_of(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("simulated = false", "simulated = true", "it is not about one real machine"),
        ("rails = true", "rails = 1", "rails is not what was sealed"),
        ("lag_ms = 400", "lag_ms = 400.5", "lag_ms is not what was sealed"),
        ("lag_ms = 400", "lag_ms = 40000", "lag_ms is 40000 (from 0 to 5000 ms)"),
        ("lag_ms = 400", "lag_ms = 400\nnonsense = 1", "it holds keys that no profile has"),
        ("lag_ms = 400", "lag_ms = nan", "lag_ms is not what was sealed"),
        ("lag_ms = 400", "lag_ms = 2026-11-21", "lag_ms is not what was sealed"),
        ("lag_ms = 400", "lag_ms", "after a key in a key/value pair"),
        ('value_hex = "01000d00"', 'value_hex = "0"', "not what was sealed"),
    ],
)
def test_a_seal_that_fits_does_not_help_what_no_profile_can_be(
    sheet: Sheet, findings: Findings, tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert said in problem_of(sealed_anew(seal(sheet, findings, tmp_path), old, new))


def test_a_profile_that_was_sealed_before_a_figure_was_known_has_its_careful_value(
    sheet: Sheet, findings: Findings, tmp_path: Path
) -> None:
    path = seal(sheet, findings, tmp_path)
    found = read_sealed(sealed_anew(path, "stop_repeat_ok = true\n", ""))
    assert isinstance(found, Sealed)
    assert found.sheet == replace(sheet, profile=replace(sheet.profile, stop_repeat_ok=False))


def test_a_simulated_machine_is_never_written_as_one(
    sheet_of: Callable[..., Sheet], findings: Findings, tmp_path: Path
) -> None:
    found = read_sealed(seal(sheet_of(simulated=True), findings, tmp_path))
    assert isinstance(found, Sealed)
    assert not found.sheet.profile.simulated


@pytest.mark.parametrize("machine", [None, NOT_SAID, Identity(name="URTM041")])
def test_a_machine_without_an_address_cannot_be_sealed(
    sheet: Sheet, findings: Findings, tmp_path: Path, machine: Identity | None
) -> None:
    with pytest.raises(SealError, match="its address is not known; connect to it first"):
        seal(replace(sheet, sealed_for=machine), findings, tmp_path)
    assert sealed_files(tmp_path) == ()


def test_what_the_guardian_would_not_take_is_not_sealed(
    sheet_of: Callable[..., Sheet], findings: Findings, tmp_path: Path
) -> None:
    with pytest.raises(SealError, match=r"report_period_ms is 9000 \(from 10 to 5000 ms\)"):
        seal(sheet_of(report_period_ms=9000), findings, tmp_path)
    assert sealed_files(tmp_path) == ()


def test_a_machine_whose_words_would_not_fit_into_a_message_is_not_sealed(
    sheet_of: Callable[..., Sheet], findings: Findings, tmp_path: Path
) -> None:
    babbler = Identity("AA", *["\N{RUNNER}" * 100] * 4)
    with pytest.raises(SealError, match=r"a message of \d+ bytes to the guardian, the limit is 4096"):
        seal(sheet_of(babbler), findings, tmp_path)
    assert sealed_files(tmp_path) == ()


def test_a_new_qualification_is_a_new_file_and_the_old_one_stays(
    sheet: Sheet, sheet_of: Callable[..., Sheet], findings: Findings, tmp_path: Path
) -> None:
    first = seal(sheet_of(qualification=Qualification.QUICK), findings, tmp_path)
    kept = first.read_bytes()
    second = seal(sheet, findings, tmp_path)
    assert (first.read_bytes(), first.name[-9:], second.name[-9:]) == (kept, "0001.toml", "0002.toml")
    assert latest_for(sheet.sealed_for.address if sheet.sealed_for else "", tmp_path) == second
    assert latest_for("C4:64:E3:00:11:23", tmp_path) is None


def test_a_sealed_profile_is_on_the_disk_with_its_name_before_it_is_told_of(
    sheet: Sheet, findings: Findings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[list[str]] = []
    monkeypatch.setattr(
        sealing, "sync_folder", lambda folder: synced.append([one.name for one in sealed_files(folder.parent)])
    )
    path = seal(sheet, findings, tmp_path)
    assert synced == [[path.name]]


def test_addresses_that_look_alike_have_files_of_their_own(
    sheet_of: Callable[..., Sheet], findings: Findings, tmp_path: Path
) -> None:
    one = seal(sheet_of(Identity("AA:BB/P", "one")), findings, tmp_path)
    other = seal(sheet_of(Identity("AA-BB-P", "other")), findings, tmp_path)
    assert latest_for("AA:BB/P", tmp_path) == one
    assert latest_for("aa-bb-p", tmp_path) == other


def test_an_address_with_slashes_and_dots_stays_in_its_folder(
    sheet_of: Callable[..., Sheet], findings: Findings, tmp_path: Path
) -> None:
    path = seal(sheet_of(Identity("../../../etc/passwd\0\x1b[2J", "one")), findings, tmp_path)
    assert path.parent == tmp_path / "machines"
    assert path.name.startswith("etc-passwd-2j-")


def test_a_folder_that_cannot_be_written_is_a_sentence(sheet: Sheet, findings: Findings, tmp_path: Path) -> None:
    (tmp_path / "machines").write_text("in the way")
    with pytest.raises(SealError, match="cannot be written"):
        seal(sheet, findings, tmp_path)


def test_nothing_is_left_behind_when_there_is_no_number_any_more(
    sheet: Sheet, findings: Findings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "NUMBER_MAX", 1)
    path = seal(sheet, findings, tmp_path)
    with pytest.raises(SealError, match="holds 1 profiles of this machine"):
        seal(sheet, findings, tmp_path)
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    assert "there is no such file" in problem_of(tmp_path / "gone.toml")
    (tmp_path / "folder.toml").mkdir()
    assert "is a folder" in problem_of(tmp_path / "folder.toml")
    (tmp_path / "big.toml").write_bytes(b"#" * 70_000)
    assert "64 KiB" in problem_of(tmp_path / "big.toml")


@given(st.binary(max_size=300))
def test_whatever_bytes_a_file_holds_it_raises_nothing(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.toml"
    path.write_bytes(content)
    assert isinstance(read_sealed(path), SealProblem)


@given(st.binary(max_size=200))
def test_whatever_is_under_a_seal_that_fits_it_raises_nothing(
    tmp_path_factory: pytest.TempPathFactory, body: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.toml"
    digest = hashlib.sha256(body).hexdigest()
    path.write_bytes(sealing.HEAD.encode() + f'seal = "{digest}"\n\n'.encode() + body)
    assert isinstance(read_sealed(path), SealProblem)


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_was_found_comes_back_word_for_word(
    tmp_path_factory: pytest.TempPathFactory, step: str, found: str
) -> None:
    from retrotread.machine import Capabilities, DeviceProfile

    sheet = Sheet(DeviceProfile("Some", Capabilities(100, 600, 10)), sealed_for=Identity("AA", found[:20]))
    findings = Findings("2026-11-21", (Finding(step, found),))
    read = read_sealed(seal(sheet, findings, tmp_path_factory.mktemp("any")))
    assert read == Sealed(sheet, findings)
