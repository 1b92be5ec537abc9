"""What is said, apart from the language it is said in: a phrase is a key and its fields, a language makes words of it.

    Cue, Utterance -> Phrase("faster", seconds="5", speed=Amount("6.5 km/h")) -> "faster in 5 seconds, 6.5 km/h"

A language is one file, ``languages/NAME.toml``. English is complete by definition: journals, screens and tests have
its texts. Another language has every key of its ``[text]`` with the same fields; a test holds the files together.
``[aloud]`` has what is worded otherwise for the ear. ``[why]`` and ``[said]`` have words for sentences that come from
elsewhere, the cause of a stop and the words of a workout's author; what they lack is spoken as it was written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

FOLDER = Path(__file__).parent / "languages"


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity with its unit as English writes it, "2.5 km/h"; a language changes its decimal point."""

    text: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """A sentence that somebody else made, in English or as its author wrote it: ``key`` finds it in ``table``."""

    table: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing to say: the key of a text, and what stands in its fields."""

    key: str
    fields: tuple[tuple[str, Part], ...] = ()


Part = Phrase | Amount | Foreign | str


def phrase(key: str, **fields: Part) -> Phrase:
    """The phrase of that key with these fields."""
    return Phrase(key, tuple(fields.items()))


class NoSuchLanguage(LookupError):
    """There is no file for that language; the sentence names those that there are."""


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language.

    ``title`` is its name in itself, ``voice`` that for speech programs; ``decimal`` stands in its numbers.
    """

    name: str
    title: str
    voice: str
    decimal: str
    texts: Mapping[str, str]
    aloud_texts: Mapping[str, str]
    foreign: Mapping[str, Mapping[str, str]]

    def text(self, part: Part) -> str:
        """In words to read. Raises KeyError for a key that is not of the table."""
        return self._words(part, self.texts)

    def aloud(self, part: Part) -> str:
        """In words to hear: as ``text``, but for the phrases that are worded otherwise for the ear."""
        return self._words(part, {**self.texts, **self.aloud_texts} if self.aloud_texts else self.texts)

    def _words(self, part: Part, texts: Mapping[str, str]) -> str:
        match part:
            case Phrase(key, fields):
                return texts[key].format_map({name: self._words(one, texts) for name, one in fields})
            case Amount(text):
                return text if self.decimal == "." else text.replace(".", self.decimal)
            case Foreign(table, key, text):
                return self.foreign.get(table, {}).get(key, text)
            case str():
                return part


@cache
def language(name: str) -> Language:
    """The language of that name, ``en`` or ``de``. Raises NoSuchLanguage."""
    if name not in languages():
        raise NoSuchLanguage(f"there are no cues in {name!r}; the languages are {', '.join(languages())}")
    return read_language(name, (FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def read_language(name: str, text: str) -> Language:
    """The language in the text of its file. Raises ValueError for what is no TOML, KeyError for what is missing."""
    raw = tomllib.loads(text)
    foreign = {table: raw.get(table, {}) for table in ("why", "said")}
    return Language(name, raw["title"], raw["voice"], raw["decimal"], raw["text"], raw.get("aloud", {}), foreign)


@cache
def languages() -> tuple[str, ...]:
    """The names of the languages that there are, sorted."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


def fields_of(text: str) -> frozenset[str]:
    """The names of the fields in a text of the table."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


ENGLISH = language("en")
