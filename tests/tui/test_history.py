"""The history on the screen: the list, one session with its plot, trends, a comparison."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.records.conftest import Made, recorded, run, runs  # noqa: F401  (fixtures)
from tests.records.listed import a_session
from tests.tui.conftest import FakeLauncher, SetClock, painted, press, set_up, settled

from retrotread.records.file import StoreError
from retrotread.records.opening import Kept, kept_in
from retrotread.tui import looking, trending
from retrotread.tui.app import RetroApp
from retrotread.tui.looking import NARROW, WIDE, Looking, card_text, head_text, hint_text, list_text, signs_text
from retrotread.tui.screens.history import HistoryPage
from retrotread.tui.screens.session import SessionPage
from retrotread.tui.screens.setup import SetupPage
from retrotread.tui.trending import Trending, bars_text

SESSIONS = (
    a_session("2026-03-09", level=4, workout="A ladder of pyramids, the long one", complete=False, ended="stopped"),
    a_session("2026-03-05", simulated=True, level=None),
    a_session("2026-03-02", pain_during=5),
)


def seen(*changes: Callable[[Looking], Looking]) -> Looking:
    """The list after these changes."""
    found = looking.with_sessions(Looking(), SESSIONS, "")
    for change in changes:
        found = change(found)
    return found


def rows(one: Looking, columns: int = NARROW) -> list[str]:
    return list_text(one, 15, columns).plain.splitlines()


# --- the list ---------------------------------------------------------------------------------------------------


def test_while_it_is_read_the_list_says_so() -> None:
    assert head_text(Looking()) == "reading what is kept ..."
    assert list_text(Looking(), 15, NARROW).plain.count("\n") == 0


def test_a_session_is_a_row_with_its_sign_and_its_numbers() -> None:
    heading, newest, simulated, oldest = rows(seen())
    assert heading.split() == ["began", "workout", "backward", "level", "pain", "effort"]
    assert newest == "> 2026-03-09 09:00  <A ladder of pyramids, the lo…   5.5 min     4    1      3"
    assert simulated.split()[2:] == ["~Two", "bouts", "5.5", "min", "-", "1", "3"]
    assert oldest.split()[-2:] == ["5", "3"]
    assert {len(line) for line in (newest, simulated, oldest)} == {NARROW}


def test_a_large_terminal_has_room_for_the_distance() -> None:
    heading, newest, *_ = rows(seen(), WIDE)
    assert "distance" in heading
    assert "the long one" in newest
    assert "0.10 km" in newest


def test_the_card_says_in_words_what_the_sign_means() -> None:
    assert "not to its end: stopped" in " ".join(card_text(seen(), NARROW).split())
    moved = looking.moved(seen(), 1)
    assert card_text(moved, NARROW).endswith("simulated, so no training")


def test_the_mark_moves_and_the_ends_hold() -> None:
    last = looking.moved(seen(), 99)
    assert last.marked == SESSIONS[2]
    assert looking.moved(last, -99).marked == SESSIONS[0]


def test_a_filter_keeps_the_marked_one_where_it_is_still_there() -> None:
    marked = looking.moved(seen(), 2)
    real = looking.other_filter(marked)
    assert (head_text(real), real.marked) == ("2 of 3 sessions: without simulated ones", SESSIONS[2])
    ended = looking.other_filter(real)
    assert ended.shown == (SESSIONS[2],)
    assert looking.other_filter(ended).shown == SESSIONS


def test_levels_come_one_after_another_and_then_all_of_them() -> None:
    first = looking.other_level(seen())
    second = looking.other_level(first)
    assert (first.shown, second.shown) == ((SESSIONS[2],), (SESSIONS[0],))
    assert head_text(second) == "1 of 3 sessions: all, level 4"
    assert looking.other_level(second).shown == SESSIONS


def test_none_of_a_kind_is_told_apart_from_none_at_all() -> None:
    none_such = looking.with_sessions(Looking(filter=1), SESSIONS[1:2], "")
    assert rows(none_such) == ["None of the sessions is of this kind; f shows others."]
    assert rows(looking.with_sessions(Looking(), (), "")) == ["Nothing yet: the first run begins the history."]


def test_the_first_of_two_stays_known_while_the_other_one_is_looked_for() -> None:
    first = looking.moved(looking.compared_with(seen()), 1)
    assert rows(first)[1].startswith("1 2026-03-09")
    assert hint_text(first).startswith("1: 2026-03-09 09:00; mark another one")
    assert looking.compared_with(looking.moved(first, -1)).first is None


def test_the_signs_that_are_in_the_list_are_told_in_words() -> None:
    assert signs_text(seen()) == "< not to its end   ~ simulated"
    assert signs_text(looking.with_sessions(Looking(), SESSIONS[2:], "")) == ""


def test_a_hostile_name_is_one_line_of_text() -> None:
    hostile = looking.with_sessions(Looking(), (a_session(workout="a\x1b[2J\n[bold]b[/]"),), "")
    assert len(rows(hostile)) == 2
    assert " a [2J [bold]b[/]" in rows(hostile)[1]


def test_ten_thousand_sessions_show_one_screen() -> None:
    many = tuple(a_session("2026-03-02", run_id=f"{n}") for n in range(10_000))
    far = looking.moved(looking.with_sessions(Looking(), many, ""), 5_000)
    assert len(rows(far)) == 16
    assert sum(line.startswith(">") for line in rows(far)) == 1


# --- trends -----------------------------------------------------------------------------------------------------


def weeks_of(one: Trending, rows: int = 3) -> list[str]:
    return bars_text(one, rows, large=False).plain.splitlines()


TRENDS = Trending((*SESSIONS, a_session("2026-03-03", backward_ms=330_000)), date(2026, 3, 22))


def test_a_week_is_a_bar_with_its_numbers() -> None:
    _, first, second, empty, in_all = weeks_of(TRENDS)
    assert empty.split() == ["2026-03-16", "-"]
    assert first.split() == ["2026-03-02", "█" * 17, "2", "11.0", "min", "1.5", "km/h", "1", "3.0", "5"]
    assert second.split()[1] == "█" * 8 + "▌"
    assert in_all.split()[:4] == ["in", "all", "3", "16.5"]
    assert max(map(len, weeks_of(TRENDS))) <= NARROW
    assert len(weeks_of(TRENDS, 9)) == 5, "no weeks before the first session"


def test_the_bars_show_each_quantity_in_turn() -> None:
    names = [trending.head_text(TRENDS)]
    one = TRENDS
    for _ in range(5):
        one = trending.other_measure(one)
        names.append(trending.head_text(one))
    assert [name.split(": ")[1].split(" (")[0] for name in names] == [
        "backward minutes", "level", "highest speed", "effort", "pain", "backward minutes",
    ]  # fmt: skip
    level = weeks_of(trending.other_measure(TRENDS))
    assert [line.split()[1].count("█") for line in level[1:3]] == [4, 17]


def test_simulated_sessions_count_when_they_are_asked_for() -> None:
    assert weeks_of(trending.with_simulated(TRENDS))[1].split()[2] == "3"


def test_earlier_weeks_are_reached_down_to_the_first_session() -> None:
    earlier = trending.moved(TRENDS, -1)
    assert [line.split()[0] for line in weeks_of(earlier)] == ["week", "2026-03-02", "2026-03-09", "in"]
    assert trending.moved(TRENDS, -99).ago == 2
    assert trending.moved(earlier, 99) == TRENDS


# --- the screens ------------------------------------------------------------------------------------------------

Opened = Callable[..., AbstractAsyncContextManager[RetroApp]]


@pytest.fixture
def opened(run: Made, tmp_path: Path) -> Opened:  # noqa: F811
    """The app with two sessions kept, the newest stopped early; ``read`` instead of the store."""
    run("ab12cd", "2026-03-02T09:00:00+00:00")
    run("cd34ef", "2026-03-05T09:00:00+00:00", stop_at_s=150.0)

    @asynccontextmanager
    async def app(read: Callable[[], Kept] | None = None, size: tuple[int, int] = (80, 24)) -> AsyncIterator[RetroApp]:
        made = RetroApp(FakeLauncher(), SetClock(), read or (lambda: kept_in(tmp_path, None)))
        async with made.run_test(size=size):
            await set_up(made)
            yield made

    return app


async def pressed(app: RetroApp, *keys: str) -> str:
    """What stands on the terminal behind these keys."""
    for key in keys:
        await press(app, key)
        await settled(app)
        await settled(app)
    return painted(app)


async def test_the_first_screen_leads_to_the_history_and_back(opened: Opened) -> None:
    async with opened() as app:
        assert "h history" in painted(app)
        shown = await pressed(app, "h")
        assert isinstance(app.screen, HistoryPage)
        assert "2 of 2 sessions: all" in shown
        assert "> 2026-03-05 09:00  <Two bouts" in shown
        await pressed(app, "escape")
        assert isinstance(app.screen, SetupPage)


async def test_one_session_is_shown_with_what_was_planned_above_what_was_measured(opened: Opened) -> None:
    async with opened() as app:
        shown = await pressed(app, "h", "enter")
        assert isinstance(app.screen, SessionPage)
        assert "2026-03-05 09:00   Two bouts   level 1" in shown
        lines = shown.splitlines()
        planned, measured = (
            next(line for line in lines if line.startswith(f" {name} ")) for name in ("planned", "measured")
        )
        assert planned.count("█") > 60
        assert 20 < measured.count("█") < 40
        assert "pain before 0, in it 1, after 0, next morning not said; effort 3" in shown
        older = await pressed(app, "right")
        assert "2026-03-02 09:00   Two bouts" in older
        assert "5:30 of 5:30" in older


async def test_a_session_on_a_large_terminal_has_a_larger_plot(opened: Opened) -> None:
    async with opened(size=(120, 40)) as app:
        shown = await pressed(app, "h", "enter")
        assert sum("█" in line for line in shown.splitlines()) > 10


async def test_two_sessions_are_compared(opened: Opened) -> None:
    async with opened() as app:
        shown = await pressed(app, "h", "c", "down", "c")
        assert "2026-03-05 09:00  2026-03-02 09:00      change" in shown
        assert "second: Two bouts, the plan is done" in shown


async def test_the_trends_are_a_key_away(opened: Opened) -> None:
    async with opened() as app:
        shown = await pressed(app, "h", "t")
        assert "The bars show: backward minutes (without simulated ones)" in shown
        assert shown.splitlines()[-3].split()[:3] == ["in", "all", "2"]
        assert "The bars show: level" in await pressed(app, "m")


async def test_a_store_that_cannot_be_read_is_told_and_the_way_back_is_open(opened: Opened) -> None:
    def broken() -> Kept:
        raise StoreError("the store is damaged; move it away")

    async with opened(broken) as app:
        shown = await pressed(app, "h", "enter", "t", "c", "f", "v", "down")
        assert "the store is damaged; move it away" in shown
        await pressed(app, "escape")
        assert isinstance(app.screen, SetupPage)


async def test_problems_of_the_store_are_told_beside_what_is_kept(opened: Opened) -> None:
    async with opened(lambda: replace(Kept(None), problems=("x.sqlite cannot be taken over",))) as app:
        assert "x.sqlite cannot be taken over" in await pressed(app, "h")
