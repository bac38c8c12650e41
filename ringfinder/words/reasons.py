"""A reason of a ring in words: the one place where its sentence is made, for files, graph, reports and service."""

from __future__ import annotations

from collections.abc import Mapping

from ringfinder.words import Language, say

ROOM = "reasons"  # where keys without a room are


def in_words(key: str, values: Mapping[str, object], lang: Language) -> str:
    """The sentence of a reason's `key` and `values`. Lists come joined with `、`.

    Two channels may have seen one ring, each with other people around it: where `values` hold `counted` (people whom the sentence
    counts) and `counted_members` (those of them who are members), both are said.
    """
    comma = say("report.comma", lang)
    told = {name: value.replace("、", comma) if isinstance(value, str) else value for name, value in values.items()}
    sentence = say(key if "." in key else f"{ROOM}.{key}", lang, **told)
    if "counted" not in values:
        return sentence
    return say(
        f"{ROOM}.of_others_too", lang, sentence=sentence, people=told["counted"], members=told["counted_members"]
    )
