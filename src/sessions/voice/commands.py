"""The speech commands that are known, as argument vectors: which program, which options, and where the text goes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

# What the child reads is spoken by .NET's own synthesizer; the words are never part of the script.
_POWERSHELL = (
    "Add-Type -AssemblyName System.Speech; "
    "$in = New-Object IO.StreamReader([Console]::OpenStandardInput(), [Text.Encoding]::UTF8); "
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak($in.ReadToEnd())"
)


@dataclass(frozen=True, slots=True)
class SpeechCommand:
    """A program that speaks one text and then ends. ``by_stdin``: it reads the text, else it is the last argument."""

    name: str
    words: tuple[str, ...]
    by_stdin: bool = False

    def arguments(self, text: str) -> tuple[str, ...]:
        """The whole argument vector; no shell reads it, and no text can be taken for an option."""
        return self.words if self.by_stdin else (*self.words, "--", text)

    def stdin(self, text: str) -> bytes | None:
        """What the program is to read; None: nothing."""
        return text.encode() if self.by_stdin else None


Which = Callable[[str], str | None]


def speech_command(language: str, system: str = sys.platform, which: Which = shutil.which) -> SpeechCommand | None:
    """The first speech command that ``which`` finds; None: this computer has none.

    macOS and Windows speak in the language of the system's own voice. The Windows command is written from the
    description of System.Speech.Synthesis and untested. espeak-ng comes before spd-say: it ends when it is silent,
    and ending it makes it silent, while a server behind spd-say may speak on.
    """
    for name, words, by_stdin in _known(language, system):
        program = which(name)
        if program is not None:
            return SpeechCommand(name, (program, *words), by_stdin)
    return None


def _known(language: str, system: str) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    if system == "darwin":
        return (("say", ("-f", "-"), True),)
    if system == "win32":
        return (("powershell", ("-NoProfile", "-NonInteractive", "-Command", _POWERSHELL), True),)
    return (
        ("espeak-ng", ("-v", language), False),
        ("espeak", ("-v", language), False),
        ("spd-say", ("--wait", "--language", language), False),
    )
