"""Every text a person reads, in Chinese and English, from one catalogue.

One TOML file a room beside this module; each key is a table with `zh` and `en`, both `str.format` templates with the same
placeholders (a test holds that): `say("report.title", "zh", rings=3)` is key `title` of `report.toml`. `{accounts} account(s)`
becomes "1 account" or "2 accounts".
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
COUNTED = re.compile(r"(\{(\w+)(?::,)?\}(?: \w+){1,2})\(s\)")  # a number, and one or two words that it counts


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All texts: key -> {"zh": ..., "en": ...}."""
    names = sorted(file.name for file in files(__name__).iterdir())
    rooms = [name.removesuffix(".toml") for name in names if name.endswith(".toml")]
    return {f"{room}.{key}": entry for room in rooms for key, entry in _room(room).items()}


@cache
def _room(room: str) -> dict[str, dict[str, str]]:
    """The texts of one room; read when they are needed, since most commands need one or two. KeyError if there is none."""
    try:
        return tomllib.loads(files(__name__).joinpath(f"{room}.toml").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise KeyError(room) from error


def say(key: str, lang: Language, /, **values: object) -> str:
    """The text of `key` in `lang` with its placeholders filled; KeyError for an unknown key or a missing value."""
    room, _, name = key.partition(".")
    template = _room(room)[name][lang]
    if "(s)" in template:
        template = COUNTED.sub(lambda found: found[1] + ("" if str(values[found[2]]) == "1" else "s"), template)
    return template.format(**values)
