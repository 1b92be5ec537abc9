"""What the editor is told of a text, and how its files are kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from retrotread.safety.tiers import NOVICE
from retrotread.sessions.check import check_text
from retrotread.sessions.editing import (
    Against,
    Opened,
    Wrong,
    _placed,
    draft_of,
    drop_draft,
    keep_draft,
    look_at,
    opened,
    save,
)
from retrotread.sessions.prepare import Asked, Written
from retrotread.workouts.library import shipped
from retrotread.workouts.regular_file import Unreadable
from retrotread.workouts.source import parse_workout

NOVICE_ASKED = Asked(NOVICE)
AGAINST = Against("sim://well-behaved", Asked())
GOOD = "retrotread: 1\nname: mine\nfacing: rear\nsteps:\n  - cool down: 2 min\n    speed: 1.0 km/h\n"


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_it_accepts_what_the_check_accepts_and_says_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    look = look_at(text, path.name, AGAINST)
    page = check_text(Written(path.name, text.encode(), parse_workout(text.encode(), path.name)), *_against())
    assert look.accepted is not page.found
    assert look.gist
    assert all(line in page.text.split("\n") for line in look.gist)


def _against() -> tuple[str, Asked]:
    return AGAINST.address, AGAINST.asked


def test_a_text_that_is_no_workout_has_its_problems_with_line_and_column_and_no_gist() -> None:
    look = look_at(GOOD.replace("1.0 km/h", "1.0"), "w.yaml", AGAINST)
    (wrong,) = look.wrong
    assert (wrong.line, wrong.column) == (6, 12)
    assert wrong.message.startswith("steps[0].speed: 1.0 has no unit; write a speed with its unit")
    assert (look.gist, look.timeline) == ((), None)


def test_a_plan_that_cannot_be_laid_out_has_them_at_its_steps() -> None:
    look = look_at(GOOD.replace("1.0 km/h", "60 %"), "w.yaml", AGAINST)
    assert [(wrong.line, wrong.column) for wrong in look.wrong] == [(5, 5)]
    assert "a share of the person's backward maximum, and that is not known" in look.wrong[0].message
    steep = look_at(GOOD.replace("2 min", "5 s").replace("1.0 km/h", "9.0 km/h"), "w.yaml", AGAINST)
    assert [wrong.line for wrong in steep.wrong] == [5]
    assert not steep.wrong[0].message.startswith("w.yaml"), "the file is named once, above"


def test_a_limit_stands_at_the_step_that_meets_it_and_one_of_the_whole_plan_nowhere() -> None:
    repeated = "steps:\n  - repeat: 2\n    steps:\n      - walk: 2 min\n        speed: 3.2 km/h\n"
    look = look_at(
        GOOD.replace("steps:\n", f"level: 4\n{repeated}"), "w.yaml", Against("sim://well-behaved", NOVICE_ASKED)
    )
    assert [wrong.line for wrong in look.wrong] == [None, 8]
    assert [wrong.message.split(" ")[0] for wrong in look.wrong] == ["level", "step"]
    assert look.timeline is not None, "it can be laid out, and is shown"


def test_a_step_of_another_number_than_there_are_has_no_line() -> None:
    assert _placed("step 3, walk: too fast", "w.yaml", [5, 6]) == Wrong("step 3, walk: too fast")
    assert _placed("step 2, walk: too fast", "w.yaml", [5, 6]) == Wrong("step 2, walk: too fast", 6)
    assert _placed("steps are missing", "w.yaml", [5]) == Wrong("steps are missing")


@pytest.mark.parametrize("text", ["", "\0", "\t", "a: [", "\ud800", "retrotread: 1\n" * 9000])
def test_whatever_is_typed_is_answered(text: str) -> None:
    assert not look_at(text, "w.yaml", AGAINST).accepted


# --- files --------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "w.yaml"


def test_the_draft_comes_before_the_file_and_the_file_before_nothing(path: Path) -> None:
    assert opened(path) == Opened("")
    path.write_text("file")
    assert opened(path) == Opened("file", "file")
    keep_draft(path, "draft")
    assert opened(path) == Opened("draft", "file", from_draft=True)
    keep_draft(path, "file")
    assert opened(path) == Opened("file", "file"), "a draft that says the same is none"
    drop_draft(path)
    drop_draft(path)
    assert not draft_of(path).exists()


def test_only_what_is_accepted_gets_into_the_file(path: Path) -> None:
    path.write_text("before")
    keep_draft(path, "draft")
    with pytest.raises(ValueError, match=r"w\.yaml is not accepted: .* has no unit"):
        save(path, look_at(GOOD.replace("1.0 km/h", "1.0"), path.name, AGAINST))
    assert (path.read_text(), draft_of(path).read_text()) == ("before", "draft")
    save(path, look_at(GOOD, path.name, AGAINST))
    assert path.read_text() == GOOD
    assert not draft_of(path).exists()


def test_a_save_that_breaks_off_leaves_the_old_file_and_the_draft(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("before")
    keep_draft(path, GOOD)

    def torn(_self: Path, _target: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", torn)
    with pytest.raises(OSError, match="Input/output error"):
        save(path, look_at(GOOD, path.name, AGAINST))
    monkeypatch.undo()
    assert (path.read_text(), draft_of(path).read_text()) == ("before", GOOD)
    assert sorted(one.name for one in path.parent.iterdir()) == ["w.yaml", "w.yaml.draft"]


def test_a_file_keeps_its_permissions(path: Path) -> None:
    path.write_text("before")
    path.chmod(0o664)
    save(path, look_at(GOOD, path.name, AGAINST))
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def test_what_is_no_file_is_not_opened(path: Path) -> None:
    path.mkdir()
    with pytest.raises(Unreadable, match="is a folder"):
        opened(path)
    path.rmdir()
    path.symlink_to(path.parent / "elsewhere")
    with pytest.raises(Unreadable, match="symbolic link"):
        opened(path)
    path.unlink()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Unreadable, match="is not UTF-8 text"):
        opened(path)
