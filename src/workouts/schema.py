"""The JSON Schema of the workout file, for editors: ``python -m retrotread.workouts.schema FILE`` writes it.

It is made from the models that read the file: their bounds, their grammar of quantities, their docstrings as
descriptions. It says less than they do: that 90 km/h is too fast, what two steps mean to each other, a key written
twice, a hidden character only the program sees. What the schema refuses, the program refuses too.

Draft 07 of JSON Schema: later ones are not known to every editor.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from . import about, plan
from .plan import WorkoutPlan

Schema = dict[str, Any]

DIALECT = "http://json-schema.org/draft-07/schema#"
_DEFINITIONS = "definitions"
_MODULES = (plan.__name__, about.__name__)
"""Where the models of a file and their docstrings are."""

_HEAD = ("retrotread", "name", "level", "facing", "belt", "where")
_END = ("steps", "after")
"""The keys of a plan with which a reader begins and ends."""


class _FileSchema(GenerateJsonSchema):
    """The schema of a file: a key may be left out, but there is no null and no default to write down."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002  the signature is pydantic's
        return False


def workout_schema() -> Schema:
    """The schema as a table, with its keys in the order in which they are read best."""
    made = WorkoutPlan.model_json_schema(
        schema_generator=_FileSchema, ref_template=f"#/{_DEFINITIONS}/{{model}}", mode="validation"
    )
    definitions = {name: _described(name, one) for name, one in made.pop("$defs").items()}
    whole = _described(WorkoutPlan.__name__, made)
    whole["properties"] = _in_order(whole["properties"])
    return {"$schema": DIALECT, "title": "Retrotread workout", **whole, _DEFINITIONS: definitions}


def _in_order(properties: Schema) -> Schema:
    """The keys of a plan in the order of a file; within a part as the models have them."""
    between = [key for key in properties if key not in (*_HEAD, *_END)]
    return {key: properties[key] for key in (*_HEAD, *between, *_END)}


def _described(name: str, schema: Schema) -> Schema:
    """``schema`` of the model ``name`` with what the model's docstrings say, its own keys first."""
    model: type[BaseModel] = getattr(plan, name, None) or getattr(about, name)
    docs = _docs(model)
    properties = {
        key: {**schema["properties"][key], "description": docs[field]} for field, key in _keys(model, docs).items()
    }
    rest = {key: value for key, value in schema.items() if key not in ("title", "description", "properties")}
    return {"description": _plain(inspect.getdoc(model) or ""), "properties": properties, **rest}


def _keys(model: type[BaseModel], docs: Mapping[str, str]) -> dict[str, str]:
    """Each field of ``model`` with its key in the file, in the order of ``docs``."""
    return {name: model.model_fields[name].alias or name for name in docs if name in model.model_fields}


def _docs(model: type[BaseModel]) -> dict[str, str]:
    """The docstring below each field of ``model``; its own fields come before those of its bases."""
    found: dict[str, str] = {}
    for one in model.__mro__:
        if one.__module__ in _MODULES:
            for name, text in _docs_of_class(one).items():
                found.setdefault(name, text)
    return found


def _docs_of_class(model: type) -> dict[str, str]:
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(tree, ast.ClassDef)
    return {
        field.target.id: _plain(inspect.cleandoc(text.value.value))
        for field, text in zip(tree.body, tree.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def _plain(text: str) -> str:
    """A docstring as an editor shows it: one line for each paragraph, single backticks."""
    return "\n\n".join(" ".join(part.split()) for part in text.replace("``", "`").split("\n\n"))


def schema_text() -> str:
    """The schema as the file that is kept: the same on every computer."""
    return json.dumps(workout_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the schema to the one path given; 2 for anything else."""
    if len(arguments) != 1:
        sys.stderr.write("one path is needed: python -m retrotread.workouts.schema workout.schema.json\n")
        return 2
    Path(arguments[0]).write_text(schema_text(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
