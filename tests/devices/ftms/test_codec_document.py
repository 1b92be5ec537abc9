"""What ``docs/ftms-codec.md`` says of the codec is so."""

from __future__ import annotations

import re
from pathlib import Path

from retrotread.devices.fields import Field
from retrotread.devices.ftms import codec
from retrotread.devices.ftms.codec import Oddity
from retrotread.devices.ftms.treadmill_data import GROUPS, PACES, SPEED

DOCUMENT = (Path(__file__).parents[3] / "docs" / "ftms-codec.md").read_text(encoding="utf-8")


def test_the_example_runs() -> None:
    examples = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    assert len(examples) == 1
    exec(compile(examples[0], "docs/ftms-codec.md", "exec"), {})


def test_every_public_name_is_told() -> None:
    assert {name for name in codec.__all__ if f"`{name}`" not in DOCUMENT} == set()


def test_every_public_name_is_there_once_and_in_order() -> None:
    assert all(hasattr(codec, name) for name in codec.__all__)
    assert sorted(set(codec.__all__)) == codec.__all__


def test_every_anomaly_is_told() -> None:
    part = DOCUMENT.partition("## Anomalies")[2].partition("##")[0]
    told = re.findall(r"^\| (`[^|]*`) \|", part, re.MULTILINE)
    assert set(re.findall(r"`([A-Z0-9_]+)`", " ".join(told))) == {oddity.name for oddity in Oddity}


def row(bit: str, field: Field) -> str:
    octets = "1 or 2" if field.name in PACES.values() else f"{field.size_bytes}{' signed' if field.signed else ''}"
    unit = "1" if field.per_unit == 1 else f"1/{field.per_unit}"
    absent = ", ".join(f"{raw:0{2 * field.size_bytes}X}" for raw in field.absent)
    return f"| `{field.name}` | {bit} | {octets} | {unit} |{f' {absent}' if absent else ''} |"


def test_the_table_of_a_report_is_the_one_that_is_read_by() -> None:
    part = DOCUMENT.partition('| "not available" |')[2].partition("\n\n")[0]
    groups = [("0 clear", SPEED), *((str(flag.bit_length() - 1), group) for flag, group in GROUPS.items())]
    assert part.strip().splitlines()[1:] == [row(bit, field) for bit, group in groups for field in group]
