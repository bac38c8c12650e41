"""What the law says of violations and decisions, as data: 《医疗保障基金使用监督管理条例》, in force since 2021-05-01.

A violation is a behaviour of a facility, of an insured person or of the fund's own staff. Its article gives the range of the fine:

    Art. 38    1 to 2 times the loss           with the purpose of fraud it is judged by Art. 40 (its last paragraph)
    Art. 39    10,000 to 50,000, once an order to correct was refused
    Art. 40    2 to 5 times the amount defrauded
    Art. 41-1  no fine                         with the purpose of fraud it is judged by Art. 41, second paragraph
    Art. 41-2  2 to 5 times the amount defrauded
    Art. 20    forbids the fund's own staff to defraud it; what follows, Art. 37 says (2 to 5 times falls on the agency, and is not here)

Bounds belong to the range (以上、以下). Suspensions: facilities 6 to 12 months, persons 3 to 12; during an inquiry, of who does
not cooperate and is suspected of fraud, without months (Art. 30). Before whatever weighs on somebody that person is heard, and
told of the right to appeal (Art. 31). Of the loss, parts are refused or returned that together do not exceed it; everything else
is decided once on a violation, since nobody is fined twice for the same (行政处罚法, Art. 29). The bar of 3 years after an
agreement was ended is what the authorities' plans demand; the regulation does not name it. This is a reading of the text, to be
confirmed by a lawyer; articles are written as 41-1(3): article 41, paragraph 1, item 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from ringfinder.casebook.refusals import refused

Subject = Literal["facility", "person", "staff"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
DecisionKind = Literal[
    "refuse_payment",
    "suspend",
    "warn",
    "end_agreement",
    "return_money",
    "fine",
    "licence_referral",
    "police",
    "discipline",
]
KINDS: tuple[DecisionKind, ...] = get_args(DecisionKind)
BehaviourName = Literal[
    "split_stays",
    "unneeded_care",
    "overcharging",
    "swapped_items",
    "resale_helped",
    "outside_scope",
    "other_loss",
    "management_duties",
    "impersonation_helped",
    "forged_documents",
    "fictitious_services",
    "other_fraud",
    "lent_credential",
    "double_benefit",
    "resale_or_benefit",
    "used_others_credential",
    "forged_by_person",
    "bribe",
    "staff_fraud",
]
BEHAVIOUR_NAMES: tuple[BehaviourName, ...] = get_args(BehaviourName)
BAR_YEARS = 3
CENT, ZERO = Decimal("0.01"), Decimal("0.00")
FIXED_FINE = (Decimal("10000.00"), Decimal("50000.00"))
TIMES: Mapping[str, tuple[int, int]] = {"38": (1, 2), "40": (2, 5), "41-2": (2, 5)}
MONTHS: Mapping[Subject, tuple[int, int]] = {"facility": (6, 12), "person": (3, 12)}
WITH_AMOUNT = frozenset({"refuse_payment", "return_money", "fine"})
IN_PARTS = frozenset({"refuse_payment", "return_money"})
HEARD_FIRST = frozenset({"suspend", "warn", "end_agreement", "return_money", "fine"})
CHECKED_FIRST = frozenset({"end_agreement", "fine", "licence_referral"})


@dataclass(frozen=True)
class Behaviour:
    """What somebody may do wrong: who, and by which article."""

    subject: Subject
    article: str

    def judged_by(self, intent: bool) -> str:
        """The article, without its item, that decides what follows: the purpose of fraud makes it a heavier one."""
        plain = self.article.partition("(")[0]
        return {"38": "40", "41-1": "41-2"}.get(plain, plain) if intent else plain


BEHAVIOURS: Mapping[str, Behaviour] = {
    "split_stays": Behaviour("facility", "38(1)"),
    "unneeded_care": Behaviour("facility", "38(2)"),
    "overcharging": Behaviour("facility", "38(3)"),
    "swapped_items": Behaviour("facility", "38(4)"),
    "resale_helped": Behaviour("facility", "38(5)"),
    "outside_scope": Behaviour("facility", "38(6)"),
    "other_loss": Behaviour("facility", "38(7)"),
    "management_duties": Behaviour("facility", "39"),
    "impersonation_helped": Behaviour("facility", "40(1)"),
    "forged_documents": Behaviour("facility", "40(2)"),
    "fictitious_services": Behaviour("facility", "40(3)"),
    "other_fraud": Behaviour("facility", "40(4)"),
    "lent_credential": Behaviour("person", "41-1(1)"),
    "double_benefit": Behaviour("person", "41-1(2)"),
    "resale_or_benefit": Behaviour("person", "41-1(3)"),
    "used_others_credential": Behaviour("person", "41-2"),
    "forged_by_person": Behaviour("person", "41-2"),
    "bribe": Behaviour("staff", "42"),
    "staff_fraud": Behaviour("staff", "20"),
}
# kind -> by which article a violation is judged -> what the decision rests on. What is not here the law does not give.
BASES: Mapping[str, Mapping[str, str]] = {
    "refuse_payment": {"38": "15", "40": "15", "41-1": "17", "41-2": "17"},
    "suspend": {"38": "38", "40": "40", "41-1": "41-1", "41-2": "41-1"},
    "warn": {"38": "38", "39": "39", "41-1": "41-1", "41-2": "41-1"},
    "end_agreement": {"40": "40"},
    "return_money": {"38": "38", "40": "40", "41-1": "41-1", "41-2": "41-1"},
    "fine": {"38": "38", "39": "39", "40": "40", "41-2": "41-2"},
    "licence_referral": {"40": "40"},
    "police": dict.fromkeys(("38", "39", "40", "41-1", "41-2", "42", "20"), "48"),
    "discipline": {"38": "43", "40": "43", "42": "42", "20": "37"},
}
PROVISIONAL = "30"


@dataclass(frozen=True)
class Judged:
    """A violation as the law looks at it."""

    behaviour: str
    intent: bool
    amount: Decimal

    @property
    def article(self) -> str:
        """By which article it is judged."""
        return BEHAVIOURS[self.behaviour].judged_by(self.intent)

    @property
    def suspect(self) -> bool:
        """Whether it may be fraud of a facility or a person (Art. 30): duties of management that were neglected are none."""
        return self.subject != "staff" and self.article != "39"

    @property
    def subject(self) -> Subject:
        """Whose behaviour it is."""
        return BEHAVIOURS[self.behaviour].subject


def basis_of(kind: str, judged: Judged, provisional: bool) -> str:
    """The articles on which such a decision rests; Refused where the law gives none."""
    if provisional:
        if kind != "suspend" or not judged.suspect:
            raise refused("no_basis", kind=kind, article=judged.article)
        return PROVISIONAL
    found = BASES[kind].get(judged.article)
    if found is None:
        raise refused("no_basis", kind=kind, article=judged.article)
    return found


def fine_range(judged: Judged) -> tuple[Decimal, Decimal]:
    """The least and the most that a fine may be; Refused where there is none."""
    if judged.article == "39":
        return FIXED_FINE
    least, most = TIMES.get(judged.article, (0, 0))
    if not (least and judged.amount):
        raise refused("no_basis", kind="fine", article=judged.article)
    return least * judged.amount, most * judged.amount


def check_limits(kind: str, judged: Judged, amount: Decimal | None, months: int | None, provisional: bool) -> None:
    """Refused where amount or months are missing, not asked for, or outside what the law allows."""
    if (amount is not None) != (kind in WITH_AMOUNT):
        raise refused("amount_or_none", kind=kind)
    if (months is not None) != (kind == "suspend" and not provisional):
        raise refused("months_or_none", kind=kind)
    if amount is not None:
        least, most = fine_range(judged) if kind == "fine" else (CENT, judged.amount)
        if not least <= amount <= most:
            raise refused("amount_out_of_range", least=f"{least:.2f}", most=f"{most:.2f}")
    if months is not None:
        fewest, longest = MONTHS[judged.subject]
        if not fewest <= months <= longest:
            raise refused("months_out_of_range", least=fewest, most=longest)


@dataclass(frozen=True)
class Rung:
    """What may be decided on a violation. `least` and `most`: bounds of its amount, `fewest` and `longest` of its months, None where
    it has none; `heard_first`, `checked_first`: what has to go before it; `provisional`: a suspension during the inquiry."""

    kind: DecisionKind
    provisional: bool
    basis: str
    least: Decimal | None
    most: Decimal | None
    fewest: int | None
    longest: int | None
    heard_first: bool
    checked_first: bool


@dataclass(frozen=True)
class Taken:
    """What was decided on a violation: proposed, or in force, or carried out."""

    kind: str
    provisional: bool
    amount: Decimal | None


def ladder(judged: Judged) -> tuple[Rung, ...]:
    """All that the law gives for a violation, in the ladder's order; what would need an amount is left out where nothing was lost.
    A suspension during the inquiry stands last."""
    found = []
    for kind in KINDS:
        basis = BASES[kind].get(judged.article)
        if basis is None or (kind in WITH_AMOUNT and not judged.amount and (kind, judged.article) != ("fine", "39")):
            continue
        least, most = _bounds(kind, judged)
        fewest, longest = MONTHS[judged.subject] if kind == "suspend" else (None, None)
        before = (kind in HEARD_FIRST, kind in CHECKED_FIRST)
        found.append(Rung(kind, False, basis, least, most, fewest, longest, *before))
    if judged.suspect:
        found.append(Rung("suspend", True, PROVISIONAL, None, None, None, None, False, False))
    return tuple(found)


def still_open(judged: Judged, taken: Iterable[Taken]) -> tuple[Rung, ...]:
    """What of the ladder is left beside what was decided on that violation: of a loss the part that is neither refused nor returned
    yet, of everything else what was not decided."""
    there = tuple(taken)
    parts = sum((one.amount or ZERO for one in there if one.kind in IN_PARTS), ZERO)
    found = []
    for rung in ladder(judged):
        if rung.most is not None and rung.kind in IN_PARTS:
            if rung.most > parts:
                found.append(replace(rung, most=rung.most - parts))
        elif not any((one.kind, one.provisional) == (rung.kind, rung.provisional) for one in there):
            found.append(rung)
    return tuple(found)


def _bounds(kind: str, judged: Judged) -> tuple[Decimal | None, Decimal | None]:
    if kind not in WITH_AMOUNT:
        return None, None
    return fine_range(judged) if kind == "fine" else (CENT, judged.amount)


def free_day(kind: str, begins_on: date, months: int | None) -> date | None:
    """The first day on which a suspension or a bar holds no more; None where there is neither, or no end is known."""
    if kind == "end_agreement":
        return months_later(begins_on, 12 * BAR_YEARS)
    return None if months is None else months_later(begins_on, months)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; where that month is too short, the first day of the next one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year + (month == 11), (month + 1) % 12 + 1, 1)
