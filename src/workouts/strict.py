"""What every table of a workout file shares: nothing is guessed, texts are for people, errors carry the mend."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from .quantity import shown
from .wording import people_text

NAME_MAX, CUE_MAX, TEXT_MAX, LIST_MAX = 80, 200, 300, 20
"""Lengths in characters: a line of a terminal, what can be said in about fifteen seconds, a citation; and the
entries of a list that people still read."""


def refusal(message: str, mend: str) -> PydanticCustomError:
    """An error of a model that carries its mend; neither text is a template."""
    return PydanticCustomError("refused", "{message}", {"message": message, "mend": mend})


def text_up_to(length: int) -> tuple[AfterValidator, WithJsonSchema]:
    """A text for people of at most ``length`` characters, composed and without anything that cannot be seen."""

    def check(written: str) -> str:
        try:
            text = people_text(written)
        except ValueError as error:
            raise refusal(str(error), "write it as plain text on one line") from None
        longest = max(len(written), len(text))  # the schema sees what is written, people what it is composed to
        if longest > length:
            raise refusal(f"has {longest} characters, the limit is {length}", "shorten it")
        return text

    return AfterValidator(check), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": length})


def text_like(pattern: str, mend: str, *examples: str) -> tuple[AfterValidator, WithJsonSchema]:
    """A text that is this pattern from end to end."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise refusal(f"{shown(text)} is not written so", mend)
        return text

    return AfterValidator(check), texts(pattern, mend, *examples)


def texts(pattern: str, mend: str, *examples: str) -> WithJsonSchema:
    """A text of this grammar; editors that know ``patternErrorMessage`` show the mend and not the grammar."""
    grammar = {"pattern": f"^{pattern}$", "minLength": 1, "patternErrorMessage": mend}
    return WithJsonSchema({"type": "string", **grammar, "examples": list(examples)})


Name = Annotated[str, *text_up_to(NAME_MAX)]
Cue = Annotated[str, *text_up_to(CUE_MAX)]
Words = Annotated[str, *text_up_to(TEXT_MAX)]


class Strict(BaseModel):
    """Nothing is guessed and nothing is ignored."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)
