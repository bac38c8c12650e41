"""Shared cards: one card under which people of many households are treated.

Who works elsewhere, or has no insurance, borrows the card of somebody who has. A family may share one: parents, their grown children
and in-laws are a few households, and a card number mistyped now and then is one more.

Model. k households other than the holder's have claims with a card. Expected: what a family explains, or if that is more, the card's
part, by claims, of all such pairs of a card and a household. A card that goes from hand to hand is used by two households at two places
on one day, d times; expected: if its u uses fell on any of T days. That counts no further than the households do.

Cards that the same people use are one ring: the card that says most counts in full, each further one, which the same acquaintance may
explain, for `FURTHER`.

    s = L(k, max(`FAMILY`, mu)) + min(L(d, u (u - 1) / 2T), the former) - ln(cards that strangers use at all) - 1 by card
    S = H = largest s + `FURTHER` (sum of the other cards' s above 0)

Members are the strangers and the holders. A number that stands for "no card" has no holder who uses it himself, or more users than a circle
of acquaintances (`STAND_IN`).

Source of the kind: one card used around the clock by several people. Blind spots: claims that name the holder as the patient (other marks
see those); a card lent within a family, or to half a dozen people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct, distinct_per
from ringfinder.evidence.session_seeds import A_TIE, components
from ringfinder.evidence.view import BLANK, DAY, Bools, Candidate, Finding, Floats, HubType, Ints, Longs, View

FAMILY = 1.5  # households beside the holder's, as most families have them
STAND_IN = 40  # more households than this use no one's card
COMMON = 2  # people who use both of two cards
FURTHER = 0.5  # of what a further card of the same people says
OCCASIONS = 3  # days
RARE = 0.05  # such days of a card that hardly anybody uses
LISTED = -5.0


def search(view: View, channel: str) -> list[Candidate]:
    """Cards of many households, those with the same users together."""
    claims, household = view.claims, view.people.household
    holder = holders(view)
    rows = np.flatnonzero(by_strangers(view, holder))
    if not len(rows):
        return []
    cards = len(view.card_holder)
    card = claims.card[rows].astype(np.int64)
    homes = distinct_per(card, household[claims.patient[rows]].astype(np.int64), cards)
    days = distinct_per(card, claims.start[rows] // DAY, cards)
    used = np.bincount(claims.card[claims.card != BLANK], minlength=cards)
    own = np.zeros(cards, np.bool_)
    own[claims.card[(holder == claims.patient) & (holder != BLANK)]] = True
    mu = np.maximum(FAMILY, (homes.sum() - homes) * used / max(1, int(used.sum())))
    price = float(np.log(max(2, int(np.count_nonzero(homes))))) + nats.MARGIN
    households, together = nats.surprise(homes, mu), from_hand_to_hand(view, np.flatnonzero(homes), cards)
    score = households + np.minimum(households, together.gain) - price
    good = np.flatnonzero((score > LISTED) & (homes <= STAND_IN) & (days >= OCCASIONS) & own)
    out = []
    for some in joined(claims.patient[rows], card, good):
        best = some[np.lexsort((some, -score[some]))[0]]
        mine = rows[np.isin(card, some)]
        further = float(np.maximum(0.0, score[some[some != best]]).sum())
        both = float(score[best]) + FURTHER * further
        strangers = int(homes[best]), float(mu[best])
        in_common = int(together.days[best]), float(together.expected[best]), float(together.gain[best])
        out.append(candidate(view, mine, some, strangers, in_common, both, channel))
    return out


@dataclass(frozen=True)
class HandToHand:
    """By card: days on which two households use it at two places, how many are expected, nats."""

    days: Longs
    expected: Floats
    gain: Floats


def from_hand_to_hand(view: View, shared: Longs, cards: int) -> HandToHand:
    """Of the cards `shared`; nothing of the others."""
    claims = view.claims
    rows = np.flatnonzero(np.isin(claims.card, shared))
    day = claims.start[rows] // DAY
    span = np.int64(day.max()) + 1
    days, which = coded(claims.card[rows] * span + day)
    household = view.people.household[claims.patient[rows]].astype(np.int64)
    users = distinct_per(which, household, len(days))
    places = distinct_per(which, claims.facility[rows].astype(np.int64), len(days))
    card = days // span
    seen = np.bincount(card[(users > 1) & (places > 1)], minlength=cards)
    uses = np.bincount(card, weights=users, minlength=cards)
    everything = claims.start // DAY
    chance = uses * (uses - 1) / 2 / (everything.max() - everything.min() + 1)
    expected = np.maximum(chance, RARE)
    return HandToHand(seen, expected, np.where(seen > 0, nats.surprise(seen, expected), 0.0))


def holders(view: View) -> Ints:
    """By claim: who holds its card; BLANK where unknown."""
    card = view.claims.card
    return np.where(card == BLANK, BLANK, view.card_holder[np.maximum(card, 0)]) if len(view.card_holder) else card


def by_strangers(view: View, holder: Ints) -> Bools:
    """By claim: its card is held by somebody of another household. `holder`: as `holders` says."""
    household = view.people.household
    out: Bools = (holder != BLANK) & (household[np.maximum(holder, 0)] != household[view.claims.patient])
    return out


def joined(patient: Ints, card: Longs, good: Longs) -> list[Longs]:
    """The cards `good`, those that `COMMON` people or more use together, by claims of strangers."""
    mine = np.isin(card, good)
    person, which, _ = nats.pairs(patient[mine].astype(np.int64), card[mine])
    ones, others = [good], [good]
    for step in range(1, len(good)):
        same = person[step:] == person[:-step]
        if not same.any():
            break
        ones.append(which[:-step][same])
        others.append(which[step:][same])
    a, b = np.concatenate(ones), np.concatenate(others)
    width = np.int64(card.max(initial=0)) + 1
    pairs, number = coded(a * width + b)
    enough = (np.bincount(number) >= COMMON) | (pairs // width == pairs % width)
    return components(pairs // width, pairs % width, np.where(enough, A_TIE, 0.0))


def candidate(
    view: View,
    mine: Longs,
    cards: Longs,
    households: tuple[int, float],
    together: tuple[int, float, float],
    score: float,
    channel: str,
) -> Candidate:
    """The users and holders of these cards. `mine`: claims of strangers.

    Of the fullest card, each with what is expected: its `households`, and the days on which two use it `together` at two places, with nats.
    """
    claims = view.claims
    users, times = np.unique(claims.patient[mine], return_counts=True)
    holders = distinct(view.card_holder[cards])
    holders = holders[~np.isin(holders, users)]
    people = np.r_[users, holders].astype(np.int32)
    strength = np.r_[1.0 - 0.5 ** np.minimum(times, 6).astype(np.float64), np.full(len(holders), 0.9)]
    order = np.argsort(people)
    count, expected = households
    at = np.sort(mine).astype(np.int32)
    values: dict[str, object] = {
        "cards": len(cards),
        "people": len(users),
        "households": count,
        "expected": round(expected, 1),
        "claims": len(at),
        "days": len(distinct(claims.start[mine] // DAY)),
    }
    findings = [
        Finding(channel, "for", "reasons_kinds.shared_cards", values, count, expected, at, score),
        Finding(channel, "harm", "reasons_kinds.shared_cards_strangers", values, count, expected, at, score),
        Finding(channel, "against", "reasons_kinds.shared_cards_family", values, count, expected, at),
    ]
    days, usual, gain = together
    if gain > 0:
        hands: dict[str, object] = {"days": days, "expected": round(usual, 1)}
        findings.insert(2, Finding(channel, "harm", "reasons_kinds.shared_cards_hands", hands, days, usual, at, gain))
    hubs: tuple[tuple[HubType, int, str], ...] = ()
    return Candidate("lent_cards", channel, people[order], strength[order], hubs, at, score, score, tuple(findings))
