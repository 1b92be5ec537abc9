"""``retrotread scan`` and ``retrotread treadmills`` as a person types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrotread import config
from retrotread.__main__ import main
from retrotread.devices.advert import Advert, Kind
from retrotread.devices.serialport import ports as serial_ports
from retrotread.devices.serialport.ports import PortSeen
from retrotread.sessions.folder import VARIABLE, FolderLock, data_folder
from retrotread.sessions.machines import search as searching
from retrotread.sessions.machines.known import known

UREVO = Advert("C4:64:E3:00:11:22", "URTM041", Kind.TREADMILL, -60)


class Said:
    """What a command printed, and its exit code."""

    def __init__(self, code: int, capsys: pytest.CaptureFixture[str]) -> None:
        self.code = code
        self.out, self.err = capsys.readouterr()

    @property
    def flat(self) -> str:
        """Its data with the line breaks for people taken out."""
        return " ".join(self.out.split())


Command = Callable[..., Said]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> list[PortSeen]:
    """The serial ports of this computer; none, unless a test plugs one in."""
    plugged: list[PortSeen] = []
    monkeypatch.setattr(serial_ports, "ports", lambda *_folder: tuple(plugged))
    return plugged


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return lambda *words: Said(main(list(words)), capsys)


@pytest.fixture
def on_the_air(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets what a search hears and how it ends; no radio is looked for."""

    def hear(*adverts: Advert, problem: str | None = None) -> None:
        def search(_seconds: float, _via: str, _folder: Path, heard: Callable[[Advert], None]) -> str | None:
            for advert in adverts:
                heard(advert)
            return problem

        monkeypatch.setattr(searching, "search", search)

    return hear


# --- scan -------------------------------------------------------------------------------------------------------


def test_scan_lists_machines_with_what_each_allows(command: Command, on_the_air: Callable[..., None]) -> None:
    on_the_air(UREVO)
    said = command("scan")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(
        "URTM041  ble://C4:64:E3:00:11:22\n  treadmill, family Urevo E1L and kin (URTM), -60 dBm"
    )
    assert "after a full qualification: backward walking to 4.0 km/h; no running" in said.flat
    assert max(map(len, said.out.splitlines())) <= 100


def test_scan_for_a_program_is_one_object(command: Command, on_the_air: Callable[..., None]) -> None:
    on_the_air(UREVO, UREVO)
    told = json.loads(command("scan", "--json").out)
    assert [one["address"] for one in told["found"]] == ["ble://C4:64:E3:00:11:22"]
    assert told["found"][0]["allows"]["running"] is False
    assert told["problem"] is None


LASTING = "/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0"
ADAPTER = PortSeen(LASTING, "/dev/ttyUSB0", "FT232R USB UART", "FTDI", "A50285BI")


def test_scan_lists_the_serial_ports_beside_the_radio_and_says_what_to_write(
    command: Command, on_the_air: Callable[..., None], plugged_in: list[PortSeen]
) -> None:
    on_the_air(UREVO)
    plugged_in += [ADAPTER, PortSeen("/dev/ttyUSB1", "/dev/ttyUSB1", "\x1b[31mUSB Serial")]
    said = command("scan")
    assert f"{LASTING} FT232R USB UART by FTDI; A50285BI" in said.flat
    assert "/dev/ttyUSB1 [31mUSB Serial; no serial number: it cannot be told from another one" in said.flat
    assert "serial+trackmaster://PORT?units=mph" in said.flat
    assert all(line.isprintable() for line in said.out.splitlines())


def test_a_port_of_a_remembered_treadmill_says_whose_it_is_also_to_a_program(
    command: Command, on_the_air: Callable[..., None], plugged_in: list[PortSeen]
) -> None:
    on_the_air(problem="there is no radio; plug one in")
    plugged_in.append(ADAPTER)
    assert command("treadmills", "remember", f"serial+woodway://{LASTING}", "--name", "lab").code == 0
    assert "A50285BI, remembered as lab" in command("scan").flat
    (port,) = json.loads(command("scan", "--json").out)["serial_ports"]
    assert (port["port"], port["serial_number"], port["remembered_as"]) == (LASTING, "A50285BI", "lab")


def test_a_serial_treadmill_is_shown_with_what_becomes_of_its_belt_when_the_computer_dies(command: Command) -> None:
    said = command("treadmills", "show", f"serial+csafe://{LASTING}")
    assert "When the computer dies the belt runs on: the protocol has no watchdog." in said.flat
    assert "not qualified: it is only read" in said.flat


def test_a_search_that_fails_is_a_sentence_on_stderr_and_exit_code_1(
    command: Command, on_the_air: Callable[..., None]
) -> None:
    on_the_air(problem="there is no radio; plug one in")
    said = command("scan")
    assert (said.code, said.out, said.err) == (1, "", "retrotread: there is no radio; plug one in\n")
    told = json.loads(command("scan", "--json").out)
    assert told == {"problem": "there is no radio; plug one in", "found": [], "serial_ports": []}


def test_what_was_heard_before_a_search_failed_is_shown(command: Command, on_the_air: Callable[..., None]) -> None:
    on_the_air(UREVO, problem="the radio went")
    said = command("scan")
    assert said.code == 1
    assert "URTM041" in said.out


def test_nothing_is_searched_while_another_retrotread_is_at_work(
    command: Command, on_the_air: Callable[..., None]
) -> None:
    on_the_air(UREVO)
    lock = FolderLock(data_folder())
    said = command("scan")
    lock.release()
    assert (said.code, said.out) == (3, "")
    assert "another Retrotread is using" in said.err
    assert command("scan").code == 0


@pytest.mark.parametrize("seconds", ["0", "121", "-1", "nan", "x"])
def test_a_search_has_bounds(command: Command, on_the_air: Callable[..., None], seconds: str) -> None:
    on_the_air(UREVO)
    said = command("scan", f"--seconds={seconds}")
    assert (said.code, said.out) == (2, "")
    assert "--seconds" in said.err


def test_an_escape_sequence_in_a_name_never_reaches_the_terminal(
    command: Command, on_the_air: Callable[..., None]
) -> None:
    on_the_air(
        Advert("AA", "\x1b]0;owned\x07\x1b[2JURTM", Kind.TREADMILL), Advert("\x1b[31m", "x\u202ey", Kind.UNKNOWN)
    )
    said = command("scan", "--all")
    assert said.code == 0
    assert all(line.isprintable() for line in said.out.splitlines())


def test_a_guardian_that_finds_no_radio_says_so_through_the_program(command: Command) -> None:
    pytest.importorskip("bumble")
    said = command("scan", "--seconds", "1", "--via", "tcp-client:127.0.0.1:1")
    assert (said.code, said.out) == (1, "")
    assert "tcp-client:127.0.0.1:1" in said.err


@pytest.fixture
def simulated() -> Iterator[str]:
    """A treadmill on a simulated air, in a process of its own; the transport by which it is reached."""
    pytest.importorskip("bumble")
    words = [sys.executable, "-m", "retrotread", "sim", "ftms", "--name", "URTM041", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().partition("?via=")[2]
        process.kill()


def test_a_treadmill_on_the_air_is_found_remembered_and_shown(command: Command, simulated: str) -> None:
    told = json.loads(command("scan", "--seconds", "2", "--via", simulated, "--json").out)
    address = told["found"][0]["address"]
    assert told["problem"] is None
    assert address.endswith(f"?via={simulated}")
    assert command("treadmills", "remember", address).out == f"URTM041 is {address}\n"
    assert "family: Urevo E1L and kin (URTM)" in command("treadmills", "show", "urtm041").out


# --- what is never driven is not tried out ----------------------------------------------------------------------


def test_a_machine_of_a_family_that_is_never_driven_is_not_even_connected_to(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdin, "fileno", lambda: 0, raising=False)
    said = command("treadmills", "qualify", "ble://XT485")
    assert said.code == 1
    assert "Connecting" not in said.out
    assert said.err == (
        "retrotread: Spirit XT485 is never driven: it was seen to start a workout of its own when a program connects; "
        "let the program coach you (coach://)\n"
    )


# --- treadmills -------------------------------------------------------------------------------------------------


def test_with_none_remembered_it_says_how_to_find_one(command: Command) -> None:
    said = command("treadmills")
    assert (said.code, said.out) == (0, "No treadmill is remembered. Find one with: retrotread scan\n")
    assert json.loads(command("treadmills", "--json").out) == {"treadmills": []}


def test_a_treadmill_is_remembered_named_shown_and_forgotten(command: Command, data: Path) -> None:
    assert command("treadmills", "remember", "ble://URTM041").out == "URTM041 is ble://URTM041\n"
    assert command("treadmills", "remember", "ble://URTM041", "--name", "garage").out == "garage is ble://URTM041\n"
    for words in (("treadmills",), ("treadmills", "list")):
        said = command(*words)
        assert said.out.startswith("garage  ble://URTM041\n  watch and coach only;")
    assert command("treadmills", "show", "Garage").out.startswith("garage\naddress: ble://URTM041\n")
    gone = command("treadmills", "forget", "garage")
    assert (gone.code, gone.out) == (0, "garage (ble://URTM041) is forgotten; its sealed profiles stay\n")
    assert known(data) == ()


def test_what_is_done_is_told_a_program_as_an_object(command: Command) -> None:
    kept = {"name": "garage", "address": "ble://URTM041"}
    done = command("treadmills", "remember", "ble://URTM041", "--name", "garage", "--json")
    assert json.loads(done.out) == {"remembered": kept}
    told = json.loads(command("treadmills", "--json").out)
    assert [(one["name"], one["family"]["key"]) for one in told["treadmills"]] == [("garage", "urevo-urtm")]
    assert json.loads(command("treadmills", "show", "garage", "--json").out) == told["treadmills"][0]
    assert json.loads(command("treadmills", "forget", "garage", "--json").out) == {"forgotten": kept}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "attic"), "no treadmill 'attic' is remembered"),
        (("show", "\x1b[31mattic"), "no treadmill '[31mattic' is remembered"),
        (("forget", "attic"), "no treadmill 'attic' is remembered"),
        (("remember", "attic"), "there is no '://' in it"),
        (("remember", "sim://nonsense"), "there is no simulated treadmill 'nonsense'"),
        (("remember", "ble://A", "--name", ""), "nothing"),
        (("remember", "ble://A", "--name", "a\x1b[2J"), "its name is empty or has a character that nobody can see"),
        (("show", "gopher://A"), "gopher://"),
    ],
)
def test_what_cannot_be_understood_is_a_sentence_and_exit_code_2(
    command: Command, words: tuple[str, ...], said: str
) -> None:
    found = command("treadmills", *words)
    if said == "nothing":  # an empty name is the one that it calls itself
        assert (found.code, found.out) == (0, "A is ble://A\n")
        return
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert "\x1b" not in found.err


def test_a_file_of_treadmills_with_nonsense_is_told_and_not_touched(command: Command, data: Path) -> None:
    (data_folder() / "treadmills.toml").write_text("[[treadmill]]\nname = 3\n")
    for words in (("treadmills",), ("treadmills", "remember", "ble://A"), ("treadmills", "forget", "x")):
        said = command(*words)
        assert (said.code, said.out) == (2, "")
        assert "treadmills.toml: treadmill.0.name: should be a valid string" in said.err
    assert (data / "treadmills.toml").read_text() == "[[treadmill]]\nname = 3\n"


def test_a_broken_seal_is_told_on_the_card_and_ends_with_1(command: Command, data: Path) -> None:
    from retrotread.devices.sheet import Sheet
    from retrotread.machine import Capabilities, DeviceProfile, Identity
    from retrotread.sessions.machines.sealed import Findings, seal

    sheet = Sheet(DeviceProfile("Some", Capabilities(100, 600, 10)), sealed_for=Identity("AA", "Some"))
    path = seal(sheet, Findings("2026-11-21", ()), data_folder())
    assert command("treadmills", "show", "ble://AA").code == 0
    path.write_bytes(path.read_bytes() + b" ")
    said = command("treadmills", "show", "ble://AA")
    assert said.code == 1
    assert "its content is not what was sealed; the treadmill counts as not qualified" in said.flat
    command("treadmills", "remember", "ble://AA", "--name", "one")
    listed = command("treadmills")
    assert listed.code == 1
    assert listed.out.startswith("one  ble://AA\n  watch and coach only;")
    assert "(retrotread treadmills qualify ble://AA)" in listed.flat
    assert "its content is not what was sealed" in listed.err


def test_a_data_folder_that_cannot_be_made_ends_with_3(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file" / "data"))
    for words in (("scan",), ("treadmills", "remember", "ble://A")):
        said = command(*words)
        assert (said.code, said.out) == (3, "")
        assert "cannot be used" in said.err
