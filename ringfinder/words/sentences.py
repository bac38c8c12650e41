"""A sentence that can be told later, in the language of whoever reads it.

    raise InputError(Sentence("faults_claims.no_source", name=source.name))

Whoever raises an error does not know who reads it: the command line tells it in its language (`ringfinder.cli.errors`), the
service in its caller's. So an error carries the key and the values of its sentence, and is put into words at the edge, once.
For everything else (logs, notebooks, `str`) it is a text: the English one. Values are told likewise: a list with the commas
of the language, a sentence within a sentence, the system's reason. What a value quotes, a name or an engine's own words,
stays as it is.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from typing import Any, Self

from ringfinder.words import LANGUAGES, Language, say

# What the system says of a file, as far as people can do something about it; others are told by their name.
SYSTEM = (
    "EACCES",
    "EDQUOT",
    "EEXIST",
    "EFBIG",
    "EIO",
    "EISDIR",
    "ELOOP",
    "EMFILE",
    "ENAMETOOLONG",
    "ENOENT",
    "ENOSPC",
    "ENOTDIR",
    "EPERM",
    "EROFS",
    "ETXTBSY",
)


class Sentence(str):
    """The text of a key of the catalogue with its values: English as a `str`, and `told` in either language."""

    key: str
    values: Mapping[str, Any]

    def __new__(cls, key: str, /, **values: object) -> Self:
        made = super().__new__(cls, say(key, "en", **values))
        made.key, made.values = key, values
        return made

    def told(self, lang: Language) -> str:
        """The sentence in that language."""
        return say(self.key, lang, **{name: in_language(value, lang) for name, value in self.values.items()})

    def __reduce__(self) -> tuple[Any, ...]:  # errors go from process to process
        return _sentence, (type(self), self.key, dict(self.values))


class Listed(str):
    """Some names in a row, with the commas of the language: a value of a sentence."""

    names: tuple[str, ...]

    def __new__(cls, names: Iterable[object]) -> Self:
        shown = tuple(str(name) for name in names)
        made = super().__new__(cls, say("report.comma", "en").join(shown))
        made.names = shown
        return made

    def told(self, lang: Language) -> str:
        """The names in that language's row."""
        return say("report.comma", lang).join(self.names)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.names,)


def in_language(value: object, lang: Language) -> object:
    """A value as it is told in that language."""
    return value.told(lang) if isinstance(value, (Sentence, Listed)) else value


def system_words(error: OSError) -> Sentence:
    """Why the system did not do it."""
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return Sentence(f"faults.{name}") if name in SYSTEM else Sentence("faults.of_system", name=name)


def sentence_of(error: Exception) -> Sentence | None:
    """The sentence that an error carries; None where it has only a text."""
    said = error.args[0] if error.args else None
    return said if isinstance(said, Sentence) else None


def told_error(error: Exception, lang: Language) -> str:
    """What an error says, in that language; its text where it carries no sentence."""
    said = sentence_of(error)
    return str(error) if said is None else said.told(lang)


def in_both(said: Exception | Sentence) -> dict[Language, str]:
    """What an error or a sentence says, by language: for whoever stores it, or sends it on to a reader yet unknown."""
    if isinstance(said, Sentence):
        return {lang: said.told(lang) for lang in LANGUAGES}
    return {lang: told_error(said, lang) for lang in LANGUAGES}


def _sentence(cls: type[Sentence], key: str, values: Mapping[str, object]) -> Sentence:
    return cls(key, **values)
