"""The frozen values of the program that are made anew many times a second."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar, dataclass_transform

Value = TypeVar("Value")


@dataclass_transform(frozen_default=True)
def value(cls: type[Value]) -> type[Value]:
    """``dataclass(frozen=True, slots=True)``, made in a third of the time.

    A frozen dataclass fills each field through ``object.__setattr__``, which looks its slot up by name; here the slot
    itself is written. All else is as it is there: positions, names, defaults, and that no field is changed afterwards.

    Raises TypeError for a class with a ``__post_init__`` or a default that is made anew: that is more than to fill it.
    """
    made = dataclass(frozen=True, slots=True)(cls)
    found = fields(made)  # type: ignore[arg-type]  # of the dataclass of the line above
    if hasattr(made, "__post_init__") or any(one.default_factory is not MISSING for one in found):
        raise TypeError(f"{made.__name__} does more than fill its fields when it is made")
    names = [one.name for one in found]
    slots: dict[str, Any] = {f"fill_{name}": getattr(made, name).__set__ for name in names}
    lines = [f"def __init__(self, {', '.join(names)}):", *(f"    fill_{name}(self, {name})" for name in names)]
    exec("\n".join(lines), slots)
    init, written = slots["__init__"], made.__init__
    init.__defaults__, init.__annotations__ = written.__defaults__, written.__annotations__
    init.__qualname__ = written.__qualname__
    made.__init__ = init  # type: ignore[method-assign]
    return made
