"""What files are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records.exports.conftest import a_run

from retrotread.records.exports.formats import TABLE_NAME, Format, file_name, files_of


def test_a_file_is_called_after_the_moment_and_the_number_of_its_run() -> None:
    assert (
        file_name("ab12cd34", "2026-03-02T09:00:00.25+00:00", Format.FIT) == "retrotread-20260302T090000-ab12cd34.fit"
    )


@given(run_id=st.text(max_size=80), began=st.text(max_size=40), form=st.sampled_from(Format))
def test_whatever_stands_in_the_store_a_name_leads_nowhere_else(run_id: str, began: str, form: Format) -> None:
    name = file_name(run_id, began, form)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")
    assert name.startswith("retrotread-")
    assert name.count(".") == 1
    assert len(name) < 80


@pytest.mark.parametrize("form", [one for one in Format if not one.one_file])
def test_two_runs_whose_names_come_out_alike_have_two_files(form: Format) -> None:
    runs = [a_run((), run_id="../ab"), a_run((), run_id="AB"), a_run((), run_id="ab")]
    names = [name for name, _ in files_of(runs, form)]
    assert len({name.casefold() for name in names}) == 3


def test_a_table_is_one_file_for_all() -> None:
    assert [name for name, _ in files_of([a_run(()), a_run((), run_id="two")], Format.TABLE)] == [TABLE_NAME]
