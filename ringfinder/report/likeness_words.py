"""What is alike, as sentences: each with the numbers that it rests on (see `likeness`)."""

from __future__ import annotations

from ringfinder.report.figures import word
from ringfinder.report.likeness import Profile, Sign
from ringfinder.words import Language, say


def sign_name(sign: Sign, lang: Language) -> str:
    """A sign's name."""
    return say(f"likeness.sign_{sign.name}", lang)


def says(sign: Sign, of: Profile, other: Profile, lang: Language) -> str:
    """What agrees, and how far, of the one that is compared with and another ring."""
    key, values = f"says_{sign.name}", dict[str, object]()
    match sign.name:
        case "kind":
            same = of.kind == other.kind
            key = "says_kind_same" if same else "says_kind_other"
            of_kind, other_kind = word(of.kind or "", lang), word(other.kind or "", lang)
            values = {"kind": of_kind} if same else {"of": of_kind, "other": other_kind}
        case "reasons":
            shared = sorted((of.channels or frozenset()) & (other.channels or frozenset()))
            names = say("report.comma", lang).join(word(channel, lang, "channels") for channel in shared)
            key = key if shared else "says_reasons_none"
            values = {"both": sign.both, "either": sign.either, "names": names}
        case "size":
            values = {"of": f"{of.patients:,}", "other": f"{other.patients or 0:,}"}
        case "amounts":
            values = {"of": f"{of.each:,.2f}", "other": f"{other.each or 0:,.2f}"}
        case _:
            values = {"both": sign.both, "either": sign.either}
    return say(f"likeness.{key}", lang, **values)
