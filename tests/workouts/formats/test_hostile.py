"""What a file of another program must not be able to do: cost a second or 64 MiB, fetch, expand, or get in half."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from retrotread.workouts.formats.fit import from_records
from retrotread.workouts.formats.fit_records import FitStep, FitWorkout
from retrotread.workouts.formats.foreign import Format
from retrotread.workouts.formats.importing import parse_foreign, read_foreign
from retrotread.workouts.problems import WorkoutFileError

SECONDS_MAX, BYTES_MAX = 1.0, 64 * 1024 * 1024

GOOD = (
    b"<workout_file><sportType>run</sportType><durationType>time</durationType><workout>"
    b'<SteadyState Duration="60" Speed="6"/></workout></workout_file>'
)
LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (index, b"&l%d;" % (index - 1) * 10 if index else b"ha") for index in range(10)
)
MIB = 1024 * 1024

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "an entity bomb": (
        lambda: b"<!DOCTYPE workout_file [" + LAUGHS + b"]><workout_file><name>&l9;</name></workout_file>",
        "1:24: file: a document type, where entities are declared, is not taken",
    ),
    "a file fetched from this computer": (
        lambda: b'<!DOCTYPE workout_file [<!ENTITY x SYSTEM "file:///etc/passwd">]><workout_file>&x;</workout_file>',
        "a document type, where entities are declared, is not taken",
    ),
    "a document type from elsewhere": (
        lambda: b'<!DOCTYPE workout_file SYSTEM "http://example.org/x.dtd"><workout_file/>',
        "a document type, where entities are declared, is not taken",
    ),
    "an entity that nobody declared": (
        lambda: b"<workout_file><name>&bomb;</name></workout_file>",
        "there is no <workout>",
    ),
    "a depth of a hundred thousand": (
        lambda: b"<workout_file>" + b"<a>" * 100_000,
        "nests deeper than 20 levels, the limit",
    ),
    "a hundred thousand elements": (
        lambda: b"<rows>" + b"<row/>" * 100_000 + b"</rows>",
        "has more than 5000 elements, the limit",
    ),
    "a hundred thousand attributes": (
        lambda: b"<rows><row " + b" ".join(b'a%d=""' % index for index in range(90_000)) + b"/></rows>",
        "an element has more than 60 attributes, the limit",
    ),
    "an attribute of a megabyte": (
        lambda: b'<rows a="' + b"x" * (MIB - 100) + b'"/>',
        "a name or value has more than 4000 characters, the limit",
    ),
    "a text of a megabyte": (
        lambda: b"<rows>" + b"x" * (MIB - 100) + b"</rows>",
        "a text has more than 4000 characters, the limit",
    ),
    "half a megabyte of ampersands": (
        lambda: b"<rows>" + b"&" * (MIB // 2) + b"</rows>",
        "a text has more than 4000 characters, the limit",
    ),
    "a megabyte of nothing": (lambda: b"<rows>" + b" " * (MIB - 100) + b"</rows>", "there is no step in it"),
    "a comment of a megabyte": (lambda: b"<rows><!--" + b"x" * (MIB - 100) + b"--></rows>", "there is no step in it"),
    "more than a megabyte": (lambda: b"<rows>" + b" " * MIB, "is larger than 1024 KiB, the limit"),
    "UTF-16": (lambda: GOOD.decode().encode("utf-16"), "holds NUL bytes"),
    "an encoding that is none of ours": (
        lambda: b'<?xml version="1.0" encoding="utf-7"?>' + GOOD,
        "says that it is encoded as utf-7",
    ),
    "bytes of no encoding": (lambda: GOOD.replace(b"run", b"r\x81n"), "is neither UTF-8 nor Windows-1252 text"),
    "a NUL": (lambda: GOOD + b"\0", "holds NUL bytes"),
    "two outer elements": (lambda: GOOD + GOOD, "this is not XML: junk after document element"),
    "an attribute twice": (
        lambda: GOOD.replace(b'Speed="6"', b'Speed="6" Speed="7"'),
        "this is not XML: duplicate attribute",
    ),
    "a million repeats of a million": (
        lambda: b'<rows><repeat times="500"><repeat times="500"><row duration="00:00:01"/></repeat></repeat></rows>',
        "unrolls to 250000 steps, the limit is 500",
    ),
    "repeats nineteen deep": (
        lambda: b"<rows>" + b'<repeat times="1">' * 18 + b'<row duration="00:01:00"/>' + b"</repeat>" * 18 + b"</rows>",
        "repeats nest deeper than 5 levels, the limit",
    ),
    "other XML": (lambda: b"<gpx></gpx>", "is XML, and none that is known here"),
    "a million lines": (lambda: b"\n" * 1_000_000, "has 1000000 lines, the limit is 2000"),
    "a line of a megabyte": (lambda: b"- " + b"9" * (MIB - 100), "characters, the limit is 500"),
    "a page of digits": (lambda: b"- " + b"1 " * 240 + b"\n" * 3, "there is no length in"),
    "nothing at all": (lambda: b"", "there is no step in it"),
}


def refused(content: bytes) -> WorkoutFileError:
    with pytest.raises(WorkoutFileError) as caught:
        parse_foreign(content, "w")
    return caught.value


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_a_sentence_within_a_second_of_work(name: str) -> None:
    make, said = HOSTILE[name]
    content = make()
    began_s = time.process_time()
    error = refused(content)
    took_s = time.process_time() - began_s
    assert said in str(error)
    assert all(str(problem).isprintable() for problem in error.problems)
    assert took_s < SECONDS_MAX


@pytest.mark.parametrize("name", HOSTILE)
def test_it_takes_little_memory(name: str) -> None:
    content = HOSTILE[name][0]()
    tracemalloc.start()
    try:
        refused(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < BYTES_MAX


@pytest.mark.parametrize("cut", range(len(GOOD)))
def test_a_file_cut_anywhere_is_refused_whole(cut: int) -> None:
    with pytest.raises(WorkoutFileError):
        parse_foreign(GOOD[:cut], "w", Format.ZWO)


def test_what_a_terminal_may_obey_is_not_repeated() -> None:
    error = refused('<rows><row duration="\u202e\u200b5"/></rows>'.encode())
    assert str(error) == (
        r"w:1:7: rows[0].duration: '\u202e\u200b5' is no duration; write hours, minutes and seconds, 00:05:00"
    )


def test_a_name_of_a_thousand_letters_is_cut() -> None:
    assert len(str(refused(f"<rows><{'a' * 1000}/></rows>".encode()))) < 200


def test_things_left_out_are_told_up_to_a_bound() -> None:
    attributes = " ".join(f'b{index}="1"' for index in range(50))
    content = f'<rows><row duration="00:01:00" {attributes}/></rows>'.encode()
    left_out = parse_foreign(content, "w").left_out
    assert len(left_out) == 31
    assert left_out[-1] == "20 more kinds of things"


def test_repeats_of_a_fit_file_do_not_nest_without_end() -> None:
    step, repeat = FitStep(0, 1000, 2), FitStep(6, 0, 2, 1)
    with pytest.raises(WorkoutFileError, match="repeats nest deeper than 5 levels"):
        from_records(FitWorkout("deep", 1, (step, *(repeat,) * 900)), "w.fit")


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link.zwo"
    link.symlink_to(tmp_path / "there.zwo")
    for path, said in (
        (tmp_path, "is a folder"),
        (link, "is a symbolic link"),
        (tmp_path / "none.zwo", "there is no such file"),
    ):
        with pytest.raises(WorkoutFileError, match=said):
            read_foreign(path)
