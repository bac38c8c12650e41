"""Every constant of the detection, with the reason that stands beside it in the code.

Read from the sources, so that docs/channels.md, which prints them, and the lab, which alters them, cannot miss one.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import ringfinder
from ringfinder.errors import UsageError
from ringfinder.settings import DetectionSettings

ROOMS = ("evidence", "communities", "rings")  # where detection is made
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
# Units, codes, and what only concerns the machine or the page: altering it says nothing of the detection.
NO_CHOICE = frozenset(
    {
        "evidence.view.*",
        "evidence.once.KEPT",
        "evidence.hubs.WIDTH",
        "evidence.ties.BUCKETS",
        "evidence.doctor_pharmacy.ROWS",
        "evidence.presence.WEEK",
        "evidence.bills.SERVICES",
        "rings.competition.FREE",
        "rings.find.CLAIM_IDS",
        "rings.sentences.PLACES_TOLD",
        "rings.lineage.SAME",
        "settings.seed",
        "settings.threads",
        "settings.memory_gb",
    }
)


@dataclass(frozen=True)
class Constant:
    """One constant: its name as `altering` takes it, its value (None for a channel), its reason."""

    name: str
    value: Any
    reason: str


def modules() -> list[ModuleType]:
    """All modules of detection that have a docstring, by folder and name."""
    root = Path(str(ringfinder.__file__)).parent
    names = [
        f"ringfinder.{room}.{file.stem}"
        for room in ROOMS
        for file in sorted((root / room).glob("*.py"))
        if file.stem != "__init__"
    ]
    return [module for module in map(importlib.import_module, names) if module.__doc__]


def choices() -> tuple[Constant, ...]:
    """What was chosen in the detection: channels, settings, constants by room and module; each entry of a table apart."""
    from ringfinder.rings.registry import CHANNELS  # noqa: PLC0415 - this module is imported before constants are altered

    found = [Constant(f"channels.{name}", None, "") for name in CHANNELS]
    defaults = DetectionSettings()
    found += [
        Constant(f"settings.{one.name}", getattr(defaults, one.name), one.metadata["meaning"])
        for one in fields(DetectionSettings)
        if isinstance(getattr(defaults, one.name), int | float)
    ]
    for module in modules():
        room = module.__name__.removeprefix("ringfinder.")
        for name, _, reason in constants(inspect.getsource(module)):
            value = getattr(module, name)
            if isinstance(value, dict):
                found += [Constant(f"{room}.{name}.{key}", one, reason) for key, one in value.items()]
            elif is_number(value) or (type(value) is tuple and all(is_number(one) for one in value)):
                found.append(Constant(f"{room}.{name}", value, reason))
    return tuple(one for one in found if not {one.name, f"{one.name.rpartition('.')[0]}.*"} & NO_CHOICE)


def chosen(names: Sequence[str]) -> tuple[Constant, ...]:
    """The constants of these names; UsageError for one that is none."""
    known = {one.name: one for one in choices()}
    for name in names:
        if name not in known:
            raise UsageError(
                f"there is no constant {name}; write it as rings.meetings.LEAST_OCCASIONS, from docs/channels.md"
            )
    return tuple(known[name] for name in dict.fromkeys(names))


def is_number(value: object) -> bool:
    """Whole or not, but no flag."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def constants(source: str) -> Iterator[tuple[str, str, str]]:
    """(name, value as written, reason) of each number or list of numbers at the top of a module."""
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    lines = source.splitlines()
    for node in ast.parse(source).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if target is None or value is None or not holds_numbers(value):
            continue
        inside = [comments[n] for n in range(node.lineno, (node.end_lineno or node.lineno) + 1) if n in comments]
        above: list[str] = []
        line = node.lineno - 1
        while line in comments and lines[line - 1].lstrip().startswith("#"):
            above.insert(0, comments[line])
            line -= 1
        reason = " ".join(inside or above)
        pairs = zip(target.elts, value.elts, strict=True) if isinstance(target, ast.Tuple) else [(target, value)]
        for one, number in pairs:
            if isinstance(one, ast.Name) and NAME.fullmatch(one.id):
                yield one.id, ast.unparse(number), reason


def holds_numbers(value: ast.expr) -> bool:
    """Whether an expression is made of numbers and names of other constants, not of texts."""
    leaves = [node for node in ast.walk(value) if isinstance(node, ast.Constant)]
    numbers = [leaf for leaf in leaves if isinstance(leaf.value, int | float)]
    if isinstance(value, ast.Dict):
        return bool(numbers) and all(isinstance(item, ast.Constant) for item in value.values)
    names = [node.id for node in ast.walk(value) if isinstance(node, ast.Name)]
    return len(numbers) == len(leaves) and (bool(numbers) or all(name[0].isupper() for name in names))
