"""The editor: what it says while one types, what it saves, and that no letter is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from retrotread.sessions.editing import Against, Look, Opened, Wrong, draft_of, look_at, opened
from retrotread.sessions.prepare import Asked
from retrotread.tui import editor as editor_module
from retrotread.tui.editor import EditorApp
from retrotread.tui.editor_text import EditorText
from retrotread.tui.widgets.line import Line
from retrotread.tui.widgets.profile_picture import ProfilePicture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

GOOD = """retrotread: 1
name: mine
facing: rear
level: 3
steps:
  - walk: 3 min
    speed: 1.8 km/h
  - cool down: 2 min
    speed: 1.0 km/h
"""
TWICE_WRONG = GOOD.replace("1.8 km/h", "1.8").replace("cool down: 2 min\n    speed", "cool down: 2 min\n    sped")
AGAINST = Against("sim://well-behaved", Asked())


class Desk:
    """An editor over one file, whose pauses in the typing come when the test says so."""

    def __init__(self, app: EditorApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot
        self.waiting: list[Callable[[], None]] = []
        self.stopped = 0

    def set_timer(self, seconds: float, then: Callable[[], None]) -> Any:
        desk = self

        class Waiting:
            def stop(self) -> None:
                desk.stopped += 1
                if then in desk.waiting:
                    desk.waiting.remove(then)

        assert seconds == editor_module.QUIET_S
        self.waiting.append(then)
        return Waiting()

    async def settle(self) -> None:
        for _ in range(3):
            await self.pilot.pause()
            await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def write(self, text: str) -> None:
        """As if the whole text had been typed."""
        self.area.text = text
        await self.settle()

    async def rest(self) -> None:
        """The typing rests for so long that the check looks."""
        (then,) = self.waiting
        self.waiting.clear()
        then()
        await self.settle()

    def says(self, name: str) -> str:
        return self.app.query_one(f"#{name}", Line).text

    @property
    def area(self) -> EditorText:
        return self.app.query_one(EditorText)

    @property
    def timeline(self) -> Any:
        return self.app.query_one(ProfilePicture)._timeline


Open = Callable[..., Any]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    @asynccontextmanager
    async def at(text: str | None = GOOD, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Desk]:
        path = tmp_path / "mine.yaml"
        if text is not None:
            path.write_text(text)
        app = EditorApp(path, opened(path), lambda now: look_at(now, path.name, AGAINST))
        async with app.run_test(size=size) as pilot:
            made = Desk(app, pilot)
            monkeypatch.setattr(app, "set_timer", made.set_timer)
            made.waiting.clear()
            await made.settle()
            yield made

    return at


async def test_a_good_file_is_shown_with_its_profile_and_its_totals(desk: Open) -> None:
    async with desk() as at:
        assert at.says("title") == "mine.yaml   the check accepts it"
        assert at.says("wrong") == ""
        assert at.says("gist").startswith("total        5:00 min:s")
        assert "fastest      1.8 km/h in step 1" in at.says("gist")
        assert at.timeline.total_s == 300


async def test_what_is_wrong_stands_with_its_line_and_its_mend_and_the_line_is_marked(desk: Open) -> None:
    async with desk(TWICE_WRONG) as at:
        assert at.says("title") == "mine.yaml   3 problems"
        assert at.says("wrong").startswith("line 7: steps[0].speed: 1.8 has no unit; write a speed with its unit")
        assert "line 9: steps[1].sped: there is no key 'sped' here; write speed if that was meant" in at.says("wrong")
        assert at.area.marked == {6, 7, 8}
        styles = {str(span.style) for row in (6, 0) for span in at.area.get_line(row).spans}
        assert styles == {"bold underline red"}, "line 7 and not line 1"
        assert at.says("gist") == "no totals before what is wrong is mended"
        assert at.timeline is None


async def test_a_limit_that_is_met_stands_at_its_step_beside_the_totals(desk: Open) -> None:
    async with desk(GOOD.replace("1.8 km/h", "3.4 km/h")) as at:
        assert at.says("wrong") == (
            "line 6: step 1, walk 3 min: 3.4 km/h is above 3.0 km/h (tier novice at home, backward)"
        )
        assert "fastest      3.4 km/h in step 1" in at.says("gist")


async def test_the_check_looks_when_the_typing_rests_and_not_at_half_a_word(desk: Open) -> None:
    async with desk() as at:
        at.area.move_cursor((6, 11))
        await at.press("2", ".")
        assert at.says("wrong") == "checking"
        assert at.stopped == 1, "the second letter calls off what the first one began"
        assert len(at.waiting) == 1
        await at.rest()
        assert "line 7" in at.says("wrong")
        await at.press("backspace", "backspace")
        await at.rest()
        assert at.says("title") == "mine.yaml   the check accepts it"


async def test_an_answer_about_a_text_that_is_gone_is_not_shown(desk: Open) -> None:
    async with desk() as at:
        await at.write(TWICE_WRONG)
        at.app._seen(Look(GOOD, (Wrong("old", 1),), ("total        old",)))
        assert at.says("wrong") == "checking"
        assert at.area.marked == frozenset()
        assert "old" not in at.says("gist")


async def test_f8_goes_from_problem_to_problem_and_round(desk: Open) -> None:
    async with desk(TWICE_WRONG) as at:
        rows = []
        for _ in range(4):
            await at.press("f8")
            rows.append(at.area.cursor_location[0] + 1)
        assert rows == [7, 8, 9, 7]


async def test_the_problem_of_the_cursors_line_comes_first(desk: Open) -> None:
    async with desk(TWICE_WRONG) as at:
        await at.press("f8", "f8", "f8")
        assert at.says("wrong").startswith("line 9: ")


async def test_what_the_check_accepts_is_saved(desk: Open, tmp_path: Path) -> None:
    async with desk() as at:
        await at.write(GOOD.replace("mine", "yours"))
        await at.rest()
        assert at.says("title").startswith("mine.yaml   not saved")
        assert draft_of(tmp_path / "mine.yaml").read_text().count("yours") == 1
        await at.press("ctrl+s")
        assert at.says("title") == "mine.yaml   the check accepts it   saved"
        assert (tmp_path / "mine.yaml").read_text() == GOOD.replace("mine", "yours")
        assert not draft_of(tmp_path / "mine.yaml").exists()


async def test_what_it_does_not_accept_is_not_saved_and_kept_beside_the_file(desk: Open, tmp_path: Path) -> None:
    async with desk() as at:
        await at.write(TWICE_WRONG)
        await at.press("ctrl+s")
        assert "not saved: mend what is wrong; the draft mine.yaml.draft is kept" in at.says("title")
        assert (tmp_path / "mine.yaml").read_text() == GOOD
        assert draft_of(tmp_path / "mine.yaml").read_text() == TWICE_WRONG


async def test_a_terminal_that_goes_away_takes_nothing_that_was_looked_at(desk: Open, tmp_path: Path) -> None:
    async with desk() as at:
        await at.write(TWICE_WRONG)
        await at.rest()
    async with desk(None) as at:
        assert at.area.text == TWICE_WRONG
        assert "this is the draft that was kept beside the file" in at.says("title")
        assert at.app.unsaved


async def test_a_text_that_is_the_files_again_leaves_no_draft(desk: Open, tmp_path: Path) -> None:
    async with desk() as at:
        await at.write(TWICE_WRONG)
        await at.rest()
        await at.write(GOOD)
        await at.rest()
        assert not draft_of(tmp_path / "mine.yaml").exists()


async def test_leaving_asks_once_for_what_is_not_saved(desk: Open, tmp_path: Path) -> None:
    async with desk() as at:
        await at.write(TWICE_WRONG)
        await at.press("ctrl+r")
        assert at.app.is_running, "without having been asked nothing is let go"
        await at.press("ctrl+q")
        assert at.app.is_running
        assert at.says("keys").startswith("Not saved.")
        await at.press("x")
        assert at.says("keys").startswith("Ctrl+S"), "typing on is an answer too"
        await at.press("ctrl+q", "ctrl+d")
        assert at.app.return_value == 0
    assert draft_of(tmp_path / "mine.yaml").read_text().replace("x", "", 1) == TWICE_WRONG


async def test_leaving_without_it_takes_the_draft_away(desk: Open, tmp_path: Path) -> None:
    async with desk() as at:
        await at.write(TWICE_WRONG)
        await at.rest()
        await at.press("ctrl+q", "ctrl+r")
        assert at.app.return_value == 0
    assert not draft_of(tmp_path / "mine.yaml").exists()
    assert (tmp_path / "mine.yaml").read_text() == GOOD


async def test_nothing_unsaved_is_left_at_once(desk: Open) -> None:
    async with desk() as at:
        await at.press("ctrl+q")
        assert at.app.return_value == 0


async def test_a_file_that_is_not_there_yet_is_begun(desk: Open, tmp_path: Path) -> None:
    async with desk(None) as at:
        assert at.says("wrong").startswith("line 1: file: the file is empty")
        await at.write(GOOD)
        await at.press("ctrl+s")
        assert (tmp_path / "mine.yaml").read_text() == GOOD


async def test_a_check_that_takes_long_holds_up_no_key_and_what_was_asked_for_is_saved(tmp_path: Path) -> None:
    """The text is saved as it stood when that was asked for; what is typed meanwhile is unsaved."""
    path, may_answer = tmp_path / "mine.yaml", threading.Event()
    path.write_text(GOOD)

    def look(text: str) -> Look:
        assert threading.current_thread() is not threading.main_thread()
        assert may_answer.wait(20)
        return look_at(text, path.name, AGAINST)

    app = EditorApp(path, Opened(GOOD.replace("1.8", "1.9"), GOOD), look)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+s")
        assert "checking, then saving" in app.query_one("#title", Line).text
        await pilot.press("#")
        assert app.text.startswith("#")
        may_answer.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert path.read_text() == GOOD.replace("1.8", "1.9")
        assert app.unsaved


@pytest.mark.parametrize("key", ["ctrl+s", "ctrl+d"])
async def test_a_disk_that_takes_nothing_is_told_and_the_text_stays(
    desk: Open, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with desk() as at:
        await at.write(GOOD.replace("mine", "yours"))
        monkeypatch.setattr(editor_module, "save", full)
        monkeypatch.setattr(editor_module, "keep_draft", full)
        await at.press(key)
        assert at.app.is_running
        assert "No space left on device" in at.says("title")
        assert "yours" in at.area.text


async def test_a_full_disk_does_not_claim_to_have_kept_a_draft(desk: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with desk() as at:
        await at.write(TWICE_WRONG)
        monkeypatch.setattr(editor_module, "keep_draft", full)
        await at.press("ctrl+s")
        assert at.says("title").endswith("no draft is kept: No space left on device")


async def test_what_something_else_wrote_meanwhile_is_not_written_over_at_once(desk: Open, tmp_path: Path) -> None:
    async with desk() as at:
        await at.write(GOOD.replace("mine", "yours"))
        (tmp_path / "mine.yaml").write_text("by somebody else")
        await at.press("ctrl+s")
        assert "not saved: something else has changed the file; Ctrl+S again writes over it" in at.says("title")
        assert (tmp_path / "mine.yaml").read_text() == "by somebody else"
        await at.press("ctrl+s")
        assert (tmp_path / "mine.yaml").read_text() == GOOD.replace("mine", "yours")


async def test_tab_gives_spaces_because_yaml_knows_no_tabs(desk: Open) -> None:
    async with desk("") as at:
        await at.press("tab", "a")
        assert at.area.text == "  a"


@pytest.mark.parametrize(("size", "beside"), [((80, 24), False), ((109, 40), False), ((110, 30), True)])
async def test_the_check_stands_below_the_text_or_beside_it_where_there_is_room(
    desk: Open, size: tuple[int, int], beside: bool
) -> None:
    async with desk(size=size) as at:
        text, side = at.area.region, at.app.query_one("#side").region
        assert (side.x >= text.right, side.y >= text.bottom) == (beside, not beside)
        assert text.height >= 10
        assert side.bottom <= size[1]
