from __future__ import annotations

import pytest

from retrotread.sessions.voice.commands import speech_command

# system, programs that are there -> the arguments for "-now", and what the program reads
CHOICES = {
    "espeak-ng before all": ("linux", {"spd-say", "espeak", "espeak-ng"}, "/bin/espeak-ng -v en -- -now", None),
    "espeak before a server": ("linux", {"spd-say", "espeak"}, "/bin/espeak -v en -- -now", None),
    "a server, waited for": ("linux", {"spd-say"}, "/bin/spd-say --wait --language en -- -now", None),
    "macOS": ("darwin", {"say", "espeak-ng"}, "/bin/say -f -", b"-now"),
}


@pytest.mark.parametrize(("system", "there", "arguments", "read"), CHOICES.values(), ids=CHOICES)
def test_each_system_speaks_by_its_own_command(
    system: str, there: set[str], arguments: str, read: bytes | None
) -> None:
    command = speech_command("en", system, lambda name: f"/bin/{name}" if name in there else None)
    assert command is not None
    assert " ".join(command.arguments("-now")) == arguments
    assert command.stdin("-now") == read


def test_on_windows_the_text_is_read_and_never_part_of_the_script() -> None:
    command = speech_command("en", "win32", lambda name: f"C:\\{name}.exe")
    assert command is not None
    assert command.arguments("'; exit") == command.arguments("other")
    assert command.arguments("")[:4] == ("C:\\powershell.exe", "-NoProfile", "-NonInteractive", "-Command")
    assert command.stdin("'; exit") == b"'; exit"


@pytest.mark.parametrize("system", ["linux", "darwin", "win32", "freebsd14"])
def test_a_computer_without_a_speech_command_has_none(system: str) -> None:
    assert speech_command("en", system, lambda _name: None) is None
