"""What the questions of who may begin came to: kept in the settings, and in the way of every workout until cleared."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotread.config import PersonTable, Settings, SettingsError, read_settings, write_settings
from retrotread.sessions.launcher import Asked, prepare, profile_at
from retrotread.sessions.person import Health, Person
from retrotread.sessions.prepare import ASK_FIRST
from retrotread.sessions.settings import person_in, with_person
from retrotread.workouts import library

HEALTHS = pytest.mark.parametrize("health", Health, ids=lambda one: one.value)


@HEALTHS
def test_the_answer_is_kept_and_read_again(tmp_path: Path, health: Health) -> None:
    path, ada = tmp_path / "settings.toml", Person("Ada", True, health=health)
    write_settings(with_person(Settings(), ada), path)
    assert person_in(read_settings(path)) == ada
    assert ("health" in path.read_text(encoding="utf-8")) is (health is not Health.NOT_ASKED)


def test_a_word_that_is_none_of_the_answers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[person]\nname = "Ada"\nadult = true\nhealth = "fine"\n', encoding="utf-8")
    assert "[person] health: is none of 'nothing', 'ask first' or 'cleared'" in str(read_settings(path).problem)
    with pytest.raises(SettingsError):
        write_settings(Settings(PersonTable(name="Eve", adult=True)), path)


@HEALTHS
def test_only_whoever_has_to_ask_first_is_offered_nothing(health: Health) -> None:
    asked = Asked(person=Person("Ada", True, health=health))
    offer = prepare(library.find("ladder-1"), profile_at("sim://well-behaved"), asked).offer
    assert offer.problems == ((ASK_FIRST,) if health is Health.ASK_FIRST else ())
