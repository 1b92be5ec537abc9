"""What is said: lines for a person with the mend of this system, one object for a program."""

from __future__ import annotations

import json

from retrotread.sessions.doctor.everything import Findings, catalogue
from retrotread.sessions.doctor.finding import (
    Mend,
    Private,
    Severity,
    System,
    ok,
    problem,
    system_named,
    warning,
    worst,
)
from retrotread.sessions.doctor.report import json_of, object_of, text_of

FINE = ok("fine", "all is well")
SLOW = warning("slow", "it took {time_ms} ms", Mend("wait, or {time_ms}", "buy one", None))
GONE = problem("gone", "{folder} is gone", Mend(linux="make {folder}"))

FINDINGS: Findings = (
    ("stone", (FINE.found(),)),
    ("moss", (SLOW.found(time_ms=7), GONE.found(folder=Private("/home/ada/x")))),
)


def test_a_person_reads_the_mend_of_their_own_system() -> None:
    linux = text_of(FINDINGS, System.LINUX)
    assert "-> wait, or 7" in linux
    assert "-> make /home/ada/x" in linux
    assert "buy one" not in linux
    assert "-> buy one" in text_of(FINDINGS, System.MACOS)
    assert "->" not in text_of(FINDINGS, System.WINDOWS)


def test_the_last_line_is_the_sum() -> None:
    assert text_of(FINDINGS, System.LINUX).splitlines()[-1] == "1 problem, 1 warning."
    assert text_of((("stone", (FINE.found(),)),), System.LINUX).splitlines()[-1] == "Nothing is wrong."


def test_a_line_begins_with_how_bad_it_is() -> None:
    words = [line.split()[0] for line in text_of(FINDINGS, System.WINDOWS).splitlines()[:3]]
    assert words == ["ok", "warning", "PROBLEM"]


def test_a_program_gets_every_system_and_the_worst() -> None:
    told = json.loads(json_of(FINDINGS))
    assert told["worst"] == "problem"
    assert told["findings"][1] == {
        "probe": "moss",
        "finding": "slow",
        "severity": "warning",
        "what": "it took 7 ms",
        "mend": {"linux": "wait, or 7", "macos": "buy one"},
    }


def test_others_get_no_private_value() -> None:
    assert "ada" not in str(object_of(FINDINGS, lambda text: "###"))
    assert "### is gone" in str(object_of(FINDINGS, lambda text: "###"))


def test_the_worst_of_findings() -> None:
    assert worst(()) is Severity.OK
    assert worst((FINE.found(), SLOW.found(time_ms=1))) is Severity.WARNING
    assert worst((GONE.found(folder="x"), FINE.found())) is Severity.PROBLEM


def test_systems_by_their_names() -> None:
    assert [system_named(name) for name in ("linux", "darwin", "win32", "freebsd14")] == [
        System.LINUX,
        System.MACOS,
        System.WINDOWS,
        System.LINUX,
    ]


def test_every_kind_of_finding_has_a_key_of_its_own_and_a_mend_where_something_is_wrong() -> None:
    entries = [entry for _, of_one in catalogue() for entry in of_one]
    assert len({entry.key for entry in entries}) == len(entries)
    for entry in entries:
        mends = [entry.mend.on(system) for system in System]
        assert any(mends) == (entry.severity is not Severity.OK), entry.key
