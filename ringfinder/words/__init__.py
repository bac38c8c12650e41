"""Every text a person reads, in Chinese and English, from one catalogue.

One TOML file a room beside this module; each key is a table with `zh` and `en`, both `str.format` templates with the same
placeholders (a test holds that): `say("report.title", "zh", rings=3)` is key `title` of `report.toml`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All texts: key -> {"zh": ..., "en": ...}."""
    texts: dict[str, dict[str, str]] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            room = file.name.removesuffix(".toml")
            for key, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
                texts[f"{room}.{key}"] = entry
    return texts


def say(key: str, lang: Language, /, **values: object) -> str:
    """The text of `key` in `lang` with its placeholders filled; KeyError for an unknown key or a missing value."""
    return catalogue()[key][lang].format(**values)
