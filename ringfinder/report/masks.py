"""Names, identity numbers, phones and accounts, masked: enough to recognise what one knows, not to learn it.

    name       first character only        张**, J***
    phone      first three, last two       138******02
    number     first three, last two       330*************12 (identity numbers)
    account    last four                   ****5678

Ids are masked wherever they are shown, by `mask_id` alone, when they are personal themselves; the national platform uses
identity numbers as card and agent ids, and an agent's name where it has nothing better:

    account              always
    any other entity     18 characters like an identity number, 15 digits, an 11-digit mobile phone, 16 to 19 digits
                         (a bank card), or an identity number with its date of birth inside a longer id
    recruiter            also a passport's number, or a name (no digit in it)
    facility, terminal   only an identity number with its date of birth, or a phone: official codes of hospitals
                         have 18 digits, too

Claim ids are never masked: who checks a lead fetches the records by them. Two ids may look alike when masked; `--unmask`
and the result files tell them apart. Sentences were written before anybody thought of masks, so known personal values are
searched in them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

IDENTITY_NUMBER = re.compile(r"\d{17}[\dXx]|\d{15}")
PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
BANK_CARD = re.compile(r"[1-9]\d{15,18}")
# Area, date of birth, sequence, check character; also within a longer id (`K110101195001011234`).
BORN = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
PASSPORT = re.compile(r"[A-Z]{1,2}\d{7,10}")
NUMBERS_OF_PLACES = dict.fromkeys(("facility", "terminal"), (PHONE, BORN))
NUMBERS = NUMBERS_OF_PLACES | {"recruiter": (PHONE, BORN, IDENTITY_NUMBER, PASSPORT)}
LOOKS_PERSONAL = "|".join(kind.pattern for kind in (IDENTITY_NUMBER, PHONE, BANK_CARD))
SHORTEST_SECRET = 2  # a single character would be masked all over a sentence
STAR = "*"


def mask_name(name: str) -> str:
    """The first character and a star for each further one, three at most."""
    name = name.strip()
    return name[:1] + STAR * min(max(len(name) - 1, 1), 3) if name else ""


def mask_number(number: str) -> str:
    """The first three and the last two characters of a phone or identity number; all stars where it is short."""
    if len(number) < 8:
        return STAR * len(number)
    return number[:3] + STAR * (len(number) - 5) + number[-2:]


def mask_account(account: str) -> str:
    """The last four characters; the last two of a short one."""
    return STAR * 4 + (account[-4:] if len(account) >= 8 else account[-2:] if len(account) > 4 else "")


def mask_id(entity_type: str, entity_id: str) -> str:
    """An entity's id as it may be shown; `entity_type` "" for a value of which nothing is known."""
    if entity_type == "account":
        return mask_account(entity_id)
    if any(number.fullmatch(entity_id) for number in NUMBERS.get(entity_type, (PHONE, BORN, IDENTITY_NUMBER))):
        return mask_number(entity_id)
    if entity_type not in NUMBERS_OF_PLACES and BANK_CARD.fullmatch(entity_id):
        return mask_account(entity_id)
    if entity_type == "recruiter" and not any(character.isdigit() for character in entity_id):
        return mask_name(entity_id)
    return BORN.sub(lambda found: mask_number(found[0]), entity_id)


def mask_sentence(
    sentence: str,
    names: Iterable[str] = (),
    numbers: Iterable[str] = (),
    accounts: Iterable[str] = (),
    shown: Collection[str] = (),
) -> str:
    """`sentence` with these personal values masked where they stand as whole words, longest first.

    What looks like an identity number, a phone or a bank card is masked too, unless it is among `shown` (ids of claims and
    places).
    """
    masked: dict[str, str] = {}
    for values, mask in ((names, mask_name), (numbers, mask_number), (accounts, mask_account)):
        masked |= {v: mask(v) for v in values if v in sentence and len(v) >= SHORTEST_SECRET}
    known = [re.escape(value) for value in sorted(masked, key=lambda v: (-len(v), v))]
    whole = rf"(?<![0-9A-Za-z])(?:{'|'.join([*known, LOOKS_PERSONAL])})(?![0-9A-Za-z])"
    within = f"[0-9A-Za-z]*{BORN.pattern}[0-9A-Za-z]*"

    def hidden(found: re.Match[str]) -> str:
        value = found[0]
        if value in masked:
            return masked[value]
        return value if value in shown else mask_id("", value)

    return re.sub(f"{whole}|{within}", hidden, sentence)
