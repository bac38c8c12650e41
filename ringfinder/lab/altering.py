"""Altering one constant of the detection, before the detection is imported.

A constant is copied by `from x import CONSTANT`, stands in other constants and in defaults of parameters; setting the
attribute of a module afterwards would miss those. So the constant's own line is altered while its module is imported:
the syntax tree of the source gets a call round the value, and whoever imports or uses the constant has the altered one.

    half, double   the value, or each number in it, halved or doubled; whole numbers stay whole, halves are rounded up
    out            left out: 0; a thousand times the value where the name says that it is an upper bound, or where it is
                   negative and so a lower one; a channel is not run, a setting is 0

Names: `rings.meetings.LEAST_OCCASIONS`, an entry of a table `evidence.marks.TYPICAL.travel`, a setting
`settings.alert_harm`, a channel `channels.lent_cards`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any, Literal

from ringfinder.errors import UsageError
from ringfinder.settings import DetectionSettings

How = Literal["half", "double", "out"]
HOWS: tuple[How, ...] = ("out", "half", "double")
UPPER = ("MOST", "LARGEST", "LONGEST", "FASTEST", "WIDEST", "FARTHEST")  # names of upper bounds begin like this
BEYOND = 1000  # times an upper bound is no bound


@dataclass(frozen=True)
class Alteration:
    """One constant, and how it is altered."""

    name: str
    how: How


def altered(value: Any, how: How, name: str = "") -> Any:
    """The altered value; a table with each number altered, and what is no number as it was."""
    if isinstance(value, dict):
        return {key: altered(one, how, name) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(altered(one, how, name) for one in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if how == "double":
        return value * 2
    if how == "half":
        return -(-value // 2) if isinstance(value, int) else value / 2
    return value * BEYOND if name.startswith(UPPER) or value < 0 else type(value)(0)


def in_place(value: Any, how: How, name: str, entry: str) -> Any:
    """What the altered line calls: the whole value altered, or one entry of a table."""
    if not entry:
        return altered(value, how, name)
    if entry not in value:
        raise UsageError(f"constant {name} has no entry {entry}; there are {', '.join(map(str, value))}")
    return {key: altered(one, how, name) if key == entry else one for key, one in value.items()}


def apply(alteration: Alteration, settings: DetectionSettings) -> DetectionSettings:
    """Have the constant altered in all that is imported from now on; the settings, altered where it is one of theirs."""
    room, _, name = alteration.name.partition(".")
    if room == "settings":
        if not hasattr(settings, name):
            raise UsageError(f"there is no setting {name}")
        return replace(settings, **{name: altered(getattr(settings, name), alteration.how)})
    if room == "channels":
        from ringfinder.rings.registry import CHANNELS  # noqa: PLC0415

        if CHANNELS.pop(name, None) is None:
            raise UsageError(f"there is no channel {name}")
        return settings
    parts = alteration.name.split(".")
    if len(parts) not in (3, 4):
        raise UsageError(f"constant {alteration.name} is not written as rings.meetings.LEAST_OCCASIONS")
    module = f"ringfinder.{parts[0]}.{parts[1]}"
    if module in sys.modules:
        raise RuntimeError(f"{module} is imported already; its constants cannot be altered any more")
    sys.meta_path.insert(0, Finder(module, parts[2], alteration.how, "".join(parts[3:])))
    return settings


@dataclass
class Finder(MetaPathFinder):
    """Finds one module, and has one constant of it altered."""

    module: str
    constant: str
    how: How
    entry: str = ""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None:
            raise UsageError(f"there is no module {fullname}")
        spec.loader = Loader(fullname, spec.origin, self)
        return spec


class Loader(SourceFileLoader):
    """Loads a module from its source with the constant altered; compiled code on disk is neither used nor written."""

    def __init__(self, fullname: str, path: str, finder: Finder) -> None:
        super().__init__(fullname, path)
        self.finder = finder

    def get_code(self, fullname: str) -> CodeType:
        tree = ast.parse(self.get_data(self.path), self.path)
        rewrite(tree, self.finder)
        return compile(ast.fix_missing_locations(tree), self.path, "exec")


def rewrite(tree: ast.Module, finder: Finder) -> None:
    """Put the call round the constant's value; UsageError where the module has no such constant."""
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            for number, one in enumerate(target.elts):
                if isinstance(one, ast.Name) and one.id == finder.constant:
                    node.value.elts[number] = call(node.value.elts[number], finder)
                    return
        elif isinstance(target, ast.Name) and target.id == finder.constant:
            node.value = call(node.value, finder)
            return
    raise UsageError(f"{finder.module} has no constant {finder.constant}; docs/channels.md names all")


def call(value: ast.expr, finder: Finder) -> ast.expr:
    """The expression that alters a value while its module is being imported."""
    made = ast.parse(
        f"__import__({__name__!r}, fromlist=('in_place',))"
        f".in_place(None, {finder.how!r}, {finder.constant!r}, {finder.entry!r})",
        mode="eval",
    ).body
    assert isinstance(made, ast.Call)
    made.args[0] = value
    return made
