"""A family's file that is wrong, and the family of a machine by its own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.ftms.dialect import ControlRequest, GattWrite
from retrotread.machine import Identity, PhysicalStop, SpeedUnit
from retrotread.sessions.machines.families import FamilyProblem, families, family_for, read_families, read_family

HEAD = """title = "Some machine"

[recognised]
name_prefixes = ["SOME-"]
sources = ["one"]

[sources.one]
text = "somebody"
url = "https://github.com/some/body"

[sources.again]
text = "a report about the same"
url = "https://github.com/some/body/issues/7"

[sources.two]
text = "somebody else"
url = "https://github.com/some/other"
"""


WRITE = '{ uuid = "d18d2c10-c44c-11e8-a355-529269fb1459", value_hex = "00" }'


def told(figure: str, value: str, *sources: str) -> str:
    names = ", ".join(f'"{source}"' for source in sources or ("one",))
    return f'\n[facts.{figure}]\nvalue = {value}\nwhy = "it was seen to be so"\nsources = [{names}]\n'


def written(folder: Path, text: str, name: str = "some.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_family_is_read_with_every_kind_of_figure(tmp_path: Path) -> None:
    writes = '[{ uuid = "d18d2c10-c44c-11e8-a355-529269fb1459", value_hex = "0100" }]'
    text = HEAD + told("commanded_unit", '"mph"') + told("control", '"silent"') + told("preamble", writes)
    family = read_family(written(tmp_path, text + told("start_toggles", "true") + told("speed_max_ckph", "1400")))
    assert (family.key, family.title) == ("some", "Some machine")
    assert family.dialect.commanded_unit is SpeedUnit.MPH
    assert family.dialect.control is ControlRequest.SILENT
    assert family.dialect.preamble == (GattWrite("d18d2c10-c44c-11e8-a355-529269fb1459", "0100"),)
    assert family.profile.start_toggles
    assert family.profile.capabilities.speed_max_ckph == 1400


@pytest.mark.parametrize(
    ("figure", "value"), [("physical_stop", '"key"'), ("rails", "true"), ("report_period_ms", "250")]
)
def test_a_bold_figure_is_taken_when_two_repositories_tell_it(tmp_path: Path, figure: str, value: str) -> None:
    alone = read_family(written(tmp_path, HEAD + told(figure, value, "one")))
    twice = read_family(written(tmp_path, HEAD + told(figure, value, "one", "again")))
    both = read_family(written(tmp_path, HEAD + told(figure, value, "one", "two")))
    assert [[fact.taken for fact in family.facts] for family in (alone, twice, both)] == [[False], [False], [True]]
    assert [fact.figure for fact in alone.withheld] == [figure]
    assert (alone.profile.physical_stop, alone.profile.rails) == (PhysicalStop.NONE, False)
    assert alone.profile.report_period_ms == 1000
    assert both.profile != alone.profile


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (told("rails", '"yes"'), "facts.rails.value: input should be a valid boolean"),
        (told("rails", "1"), "facts.rails.value: input should be a valid boolean"),
        (told("lag_ms", "2.5"), "facts.lag_ms.value: input should be a valid integer"),
        (told("lag_ms", "nan"), "facts.lag_ms.value: input should be a valid integer"),
        (told("lag_ms", "-1"), "facts.lag_ms.value: input should be greater than or equal to 0"),
        (told("speed_min_ckph", "900"), "facts.speed_min_ckph.value: input should be less than or equal to 300"),
        (told("speed_min_ckph", "300") + told("speed_max_ckph", "200"), "300 to 200 hundredths of a km/h"),
        (told("physical_stop", '"cord"'), "facts.physical_stop.value: is none of 'key', 'button', 'none'"),
        (told("qualification", "2"), "facts.qualification: there is no such key"),
        (told("simulated", "true"), "facts.simulated: there is no such key"),
        (told("reverses", "true"), "facts.reverses: there is no such key"),
        (told("rails", "true", "nobody"), "facts.rails.sources: there is no source 'nobody'"),
        (told("rails", "true", "one", "one"), "facts.rails.sources: a source is named twice"),
        ("\n[facts.rails]\nvalue = true\nsources = ['one']\n", "facts.rails.why: field required"),
        ("\n[facts.rails]\nvalue = true\nwhy = 'so'\nsources = []\n", "facts.rails.sources:"),
        (told("unlock", "[{ uuid = '2ad9', value_hex = '00' }]"), "facts.unlock.value.0.uuid"),
        (told("unlock", "[{ uuid = 'd18d2c10-c44c-11e8-a355-529269fb1459', value_hex = '0' }]"), "value_hex"),
        (told("unlock", "[]"), "facts.unlock.value"),
        (told("unlock", str(["w"] * 9).replace("'w'", WRITE)), "facts.unlock.value"),
        ("\n[seen]\non_hardware_by = -1\n", "seen.on_hardware_by"),
        ("\n[nonsense]\n", "nonsense: there is no such key"),
        ("\n= 3\n", "is not TOML"),
        ("\nlong = " + "9" * 5000 + "\n", "is not TOML"),
    ],
)
def test_a_file_with_a_fault_is_a_sentence_with_file_and_field(tmp_path: Path, wrong: str, said: str) -> None:
    path = written(tmp_path, HEAD + wrong)
    with pytest.raises(FamilyProblem) as problem:
        read_family(path)
    assert str(problem.value).startswith(f"{path}: ")
    assert said in str(problem.value)


def test_a_file_without_any_mark_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD.replace('name_prefixes = ["SOME-"]', ""))
    with pytest.raises(FamilyProblem, match="nothing tells a machine of this family"):
        read_family(path)


def test_a_name_with_an_escape_sequence_in_it_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD.replace("Some machine", "Some \\u001b[31mmachine"))
    with pytest.raises(FamilyProblem, match="title: is not one line"):
        read_family(path)


def test_a_title_that_the_guardian_would_not_take_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD.replace("Some machine", "x" * 81))
    with pytest.raises(FamilyProblem, match="title: string should have at most 80 characters"):
        read_family(path)


def test_two_families_cannot_claim_the_same_name(tmp_path: Path) -> None:
    written(tmp_path, HEAD)
    written(tmp_path, HEAD, "zother.toml")
    with pytest.raises(FamilyProblem, match=r"zother\.toml: \[recognised\]: 'some-' is claimed by some\.toml as well"):
        read_families(tmp_path)


@given(st.binary(max_size=400))
def test_whatever_bytes_a_file_holds_it_is_a_family_or_a_sentence(tmp_path_factory: object, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.toml"  # type: ignore[attr-defined]
    path.write_bytes(content)
    with pytest.raises(FamilyProblem, match=r"any\.toml: "):
        read_family(path)


def test_a_pipe_is_no_file_of_a_family(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "some.toml")
    with pytest.raises(FamilyProblem, match="is a pipe, not a file"):
        read_family(tmp_path / "some.toml")


# --- which family a machine is of -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("machine", "key"),
    [
        (Identity(name="URTM041"), "urevo-urtm"),
        (Identity(name="urtm024"), "urevo-urtm"),
        (Identity(name="FS-BT-T4"), "fitshow-fs"),
        (Identity(name="FS-BT-02"), "fitshow-fs-bt-02"),
        (Identity(name="TP1"), "toputure-tp1"),
        (Identity(name="TP12"), None),
        (Identity(name="", model="OMEGA Z"), "horizon-omega-z"),
        (Identity(name="FS-123456", model="OMEGA Z"), "horizon-omega-z"),
        (Identity(name="Some treadmill"), None),
        (Identity(), None),
    ],
)
def test_a_machine_is_recognised_by_its_own_words(machine: Identity, key: str | None) -> None:
    found = family_for(machine)
    assert (None if found is None else found.key) == key


def test_a_machine_that_fits_two_families_equally_well_is_of_none(tmp_path: Path) -> None:
    one = read_family(written(tmp_path, HEAD.replace("SOME-", "AB-")))
    other = read_family(written(tmp_path, HEAD.replace("SOME-", "AB-"), "other.toml"))
    assert family_for(Identity(name="AB-1"), (one, other)) is None
    assert family_for(Identity(name="AB-1"), (one,)) is one


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_words_of_a_machine_lead_to_an_exception(name: str, maker: str, model: str) -> None:
    found = family_for(Identity(name=name, manufacturer=maker, model=model))
    assert found is None or found in families()
