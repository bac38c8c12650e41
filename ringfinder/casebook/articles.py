"""Articles of the regulation in words: 41-1(3) is 第四十一条第一款第（三）项, Art. 41 para. 1(3)."""

from __future__ import annotations

import re

from ringfinder.words import Language, say

WRITTEN = re.compile(r"(\d+)(?:-(\d))?(?:\((\d)\))?")


def article_name(article: str, lang: Language) -> str:
    """The article with the regulation's name."""
    found = WRITTEN.fullmatch(article)
    assert found is not None, article
    number, paragraph, item = found.groups()
    parts = [say(f"cases.article_{number}", lang)]
    if paragraph is not None:
        parts.append(say(f"cases.paragraph_{paragraph}", lang))
    if item is not None:
        parts.append(say(f"cases.item_{item}", lang))
    return say("cases.of_regulation", lang, article="".join(parts))
