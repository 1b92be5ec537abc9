"""How a person wants to hear a run: from the settings to the metronome, which follows the plan and never leads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from retrotread.config import CuesTable, Settings, read_settings, write_settings
from retrotread.machine import BeltDirection, Facing, Setpoint
from retrotread.sessions.hearing import AS_EVERYBODY, Hearing, Metronome
from retrotread.sessions.settings import hearing_in
from retrotread.workouts.engine import INITIAL, Phase
from retrotread.workouts.phrases import languages
from retrotread.workouts.steps import Step, StepKind

FAST = Setpoint(7.0)
RUN = Step(0, StepKind.RUN, "run 60 s", 100.0, 60.0, 110.0, FAST, FAST, None, Facing.REAR, BeltDirection.FORWARD)
WALKED = Setpoint(5.0)
RUNNING = replace(INITIAL, phase=Phase.RUNNING, plan_time_s=120.0)
METRONOME = Metronome(160.0, 1.10)


def read(path: Path, text: str) -> tuple[CuesTable, str | None]:
    file = path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    settings = read_settings(file)
    return settings.cues, settings.problem


def test_without_a_word_there_are_english_cues_with_tones_and_no_metronome(tmp_path: Path) -> None:
    assert hearing_in(read(tmp_path, "")[0]) == AS_EVERYBODY == Hearing("en", True, None)


def test_the_settings_choose_language_tones_and_metronome(tmp_path: Path) -> None:
    cues, problem = read(tmp_path, '[cues]\nlanguage = "de"\ntones = false\nmetronome = true\nrunning_cadence = 170\n')
    assert problem is None
    assert hearing_in(cues) == Hearing("de", False, Metronome(170.0, 1.10))


def test_a_cadence_alone_is_no_metronome(tmp_path: Path) -> None:
    assert hearing_in(read(tmp_path, "[cues]\nrunning_cadence = 170\n")[0]).metronome is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("metronome = true", "[cues] metronome: a metronome needs your own; write running_cadence"),
        ("running_cadence = 90", "[cues] running_cadence: 90 is no cadence of a runner; write steps a minute"),
        ("running_cadence = 221", "221 is no cadence of a runner"),
        ("backward_share = 1.2", "[cues] backward_share: 1.2 is no share of the cadence that people choose backward"),
        ("backward_share = 1.04", "write a number from 1.05 to 1.15"),
        ('language = "xx"', "[cues] language: is none of 'en' or 'de'; write one of them, in double quotes"),
    ],
)
def test_what_nobody_has_counts_for_nothing_and_is_told(tmp_path: Path, text: str, why: str) -> None:
    cues, problem = read(tmp_path, f"[cues]\n{text}\n")
    assert cues == CuesTable()
    assert problem is not None
    assert why in problem


def test_the_settings_know_every_language_that_there_is() -> None:
    assert sorted(get_args(CuesTable.model_fields["language"].annotation)) == list(languages())


def test_what_was_chosen_is_kept_when_the_settings_are_written_again(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    chosen = CuesTable(language="de", tones=False, metronome=True, running_cadence=180, backward_share=1.05)
    write_settings(Settings(cues=chosen), file)
    assert read_settings(file) == Settings(cues=chosen)


def test_a_backward_run_at_its_speed_has_a_tenth_more_clicks_than_forward_steps() -> None:
    assert METRONOME.beats_per_min(RUN, RUNNING) == pytest.approx(176.0)
    assert METRONOME.beats_per_min(replace(RUN, kind=StepKind.WALK), RUNNING) == pytest.approx(176.0), "as fast as one"


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (replace(RUN, kind=StepKind.WALK, entry=WALKED, target=WALKED), RUNNING),
        (replace(RUN, kind=StepKind.COOL_DOWN, target=WALKED), RUNNING),
        (replace(RUN, facing=Facing.CONSOLE), RUNNING),
        (RUN, replace(RUNNING, plan_time_s=105.0)),
        (RUN, replace(RUNNING, raises_at_s=(125.0,))),
        (RUN, replace(RUNNING, phase=Phase.PAUSED)),
    ],
    ids=["a walk", "down to a walk", "forward", "not yet at its speed", "a rise is announced", "paused"],
)
def test_otherwise_there_is_no_click(step: Step, state: object) -> None:
    assert METRONOME.beats_per_min(step, state) is None  # type: ignore[arg-type]
