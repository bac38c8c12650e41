"""What a text is found by: its characters, its pinyin, and the initials of that.

    王小明 tipped      王小明tipped   wangxiaomingtipped   wxmtipped

Everything is kept without spaces and capitals, and so is what one looks for: "Wang Xiaoming", "wangxm" and "小明" all do. A name may
begin with a character that is read in several ways (曾 is ceng, and zeng as a surname): names are kept in all of them, texts in the
commonest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

MOST_READINGS = 4
CHINESE = re.compile(r"[\u3400-\u9fff]+")
APART = "\n"  # between forms: nothing that one looks for reaches over it


def plain(text: str) -> str:
    """A text as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def forms(text: str, names: Iterable[str] = ()) -> str:
    """All forms of a text and of names in one, as a column keeps them."""
    found = [plain(text), *_read(text)]
    for name in names:
        found += [plain(name), *_readings(plain(name))]
    return APART.join(dict.fromkeys(form for form in found if form))


def pattern(wanted: str) -> str:
    """What one looks for, as LIKE takes it with the escape character `\\`."""
    escaped = plain(wanted).replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _read(text: str) -> tuple[str, str]:
    """(pinyin, initials) in the commonest reading."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary takes a tenth of a second

    whole = CHINESE.sub(lambda run: "".join(lazy_pinyin(run[0])), text)
    initials = CHINESE.sub(lambda run: "".join(one[:1] for one in lazy_pinyin(run[0])), text)
    return plain(whole), plain(initials)


def _readings(name: str) -> Iterator[str]:
    """A name's pinyin, its initials, and the surname with the initials of the rest, in all readings of its first character."""
    from pypinyin import Style, pinyin  # noqa: PLC0415

    first, rest = name[:1], name[1:]
    if not CHINESE.match(first):
        yield from _read(name)
        return
    whole, initials = _read(rest)
    for surname in pinyin(first, style=Style.NORMAL, heteronym=True)[0][:MOST_READINGS]:
        yield from (f"{surname}{whole}", f"{surname[:1]}{initials}", f"{surname}{initials}")
