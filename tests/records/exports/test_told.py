"""Identified or pseudonymous: what a file may say of somebody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.records.conftest import Made

from retrotread.records.exports.formats import Format, files_of
from retrotread.records.exports.told import HIDDEN, Privacy, Who, told
from retrotread.records.store import Store
from retrotread.records.taking import take_over
from retrotread.records.whole import Whole

NAME = "Ada Lovelace"
HIDDEN_NAME, NOBODY = Who(Privacy.PSEUDONYMOUS, NAME, (NAME,)), Who(Privacy.PSEUDONYMOUS)
PORT = "/dev/serial/by-id/ada-7"
MACHINE, ADDRESS = "Lovelace's machine", f"serial+csafe://{PORT}?units=mph"


@pytest.fixture
def kept(run: Made, store: Store, person: int) -> Whole:
    """A run with a name in every place in which somebody might have written one."""
    take_over(store, person, run())
    whole = store.whole("ab12")
    assert whole is not None
    said = f"for ada LOVELACE on {MACHINE} at {ADDRESS}, the adapter at {PORT}"
    events = tuple(replace(one, text=said) for one in whole.events)
    session = whole.session | {"workout": f"Bouts {said}", "ended": said, "notes": f'["{said}"]'}
    return replace(whole, treadmill=MACHINE, address=ADDRESS, events=events, session=session)


@pytest.mark.parametrize("form", Format)
def test_no_pseudonymous_file_has_the_name_or_the_treadmill_in_it(kept: Whole, form: Format) -> None:
    ((name, content),) = files_of([told(kept, HIDDEN_NAME)], form)
    for secret in (NAME, "Lovelace", MACHINE, ADDRESS, "by-id"):
        assert secret.encode().lower() not in content.lower()
        assert secret.lower() not in name.lower()
    assert kept.pseudonym.encode() in content


@pytest.mark.parametrize("form", Format)
def test_an_identified_file_has_the_name(kept: Whole, form: Format) -> None:
    ((name, content),) = files_of([told(kept, Who(Privacy.IDENTIFIED, NAME))], form)
    assert NAME.encode() in content
    assert "ada" not in name.lower()


def test_a_sentence_says_that_something_is_not_told_and_leaves_longer_words_alone(kept: Whole) -> None:
    session = kept.session | {"ended": "Ada Lovelace left; Ada Lovelaceson came by ble://Home, ble://Homes"}
    found = told(replace(kept, session=session, address="ble://Home"), HIDDEN_NAME)
    assert (
        found.session["ended"] == f"{kept.pseudonym} left; {kept.pseudonym} Lovelaceson came by {HIDDEN}, ble://Homes"
    )


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        ("Ada plan by Mrs Lovelace", "{0} plan by Mrs {0}"),
        ("for Ada_Lovelace, ada.lovelace", "for {0}, {0}"),
        ("Adas Monday, Ada's hill, LOVELACE’S", "{0} Monday, {0} hill, {0}"),
        ("read from /home/adalovelace/plans", "read from /home/{0}/plans"),
        ("link to C412F599ABCD, c4-12-f5-99-ab-cd", "link to {1}, {1}"),
        ("Home T101 is lost, Home%20T101 too", "{1} is lost, {1} too"),
        ("adamant, a lady", "adamant, a lady"),
    ],
)
def test_a_name_or_an_address_is_hidden_however_it_is_written(kept: Whole, said: str, stays: str) -> None:
    run = replace(kept, address="ble://C4:12:F5:99:AB:CD?name=Home%20T101", session=kept.session | {"ended": said})
    assert told(run, HIDDEN_NAME).session["ended"] == stays.format(kept.pseudonym, HIDDEN)


def test_without_a_name_in_the_settings_there_is_none_to_tell(kept: Whole) -> None:
    assert told(kept, Who(Privacy.IDENTIFIED)).name is None
    hidden = told(replace(kept, treadmill=" ", address=""), NOBODY)
    assert hidden.session["ended"] == kept.session["ended"]


@pytest.mark.parametrize(
    ("simulated", "empty", "title"),
    [(False, 0, "Two bouts"), (True, 0, "simulated: Two bouts"), (False, 1, "empty belt: Two bouts")],
)
def test_a_title_says_what_is_no_training(kept: Whole, simulated: bool, empty: int, title: str) -> None:
    session = kept.session | {"workout": "Two bouts", "empty_belt": empty}
    run = told(replace(kept, simulated=simulated, session=session), NOBODY)
    assert run.title == title
    for form in (Format.FIT, Format.TCX):
        ((_, content),) = files_of([run], form)
        assert title.encode() in content


def test_the_steps_are_those_that_were_laid_out(kept: Whole) -> None:
    plain = replace(kept, session=kept.session | {"workout": "Two bouts"})
    found = told(plain, NOBODY)
    assert [one.target.speed_kph for one in found.steps[:3]] == [1.0, 1.5, 1.0]
    assert found.step(0) is found.steps[0]
    assert [found.step(index) for index in (None, -1, len(found.steps))] == [None] * 3


def test_of_a_plan_that_is_laid_out_in_another_way_today_no_step_is_told(kept: Whole) -> None:
    other = replace(kept, session=kept.session | {"plan_hash": "0" * 64})
    assert told(other, NOBODY).steps == ()
