"""Harm: how far the visits of a group's meetings bear marks that no honest group bears.

Of n meeting visits k bear a mark; mu = sum over them of max(rate of that kind of care in the city, rate among the place's other
visitors, smoothed with 20 at the city's rate). How far that counts, L, is told in `visit_marks`. H = sum of L. Some marks are of the group:
nearly (not exactly: that is a price list) equal amounts; assortments of costly medicines; stays of one length, which are a package
where the illnesses differ, not within one episode, and no other ward passed them on; and who brought those (`brought`).

Some marks only confirm (`CONFIRMING`): a village that a charity takes to a hospital stays equally long and is paid through one
account. Together they count no more than the others do.
Slips in a register (death, sex, birth) mark all visits of a person and count once a household; so does a distant home.
"Far" counts only for people who also live far from one another: a common origin is an honest explanation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ringfinder.evidence.arrays import distinct, fullest, tally
from ringfinder.evidence.likelihood import backed
from ringfinder.evidence.marks import TYPICAL
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import DAY, INPATIENT, Bools, Floats, Longs
from ringfinder.rings import (
    assortments,
    brought,
    campaigns,
    considered,
    empty_beds,
    lengths,
    own_prices,
    prices,
    visit_marks,
)
from ringfinder.rings.bases import Rates
from ringfinder.rings.groups import Groups
from ringfinder.rings.meetings import Meetings
from ringfinder.rings.prices import Rows
from ringfinder.rings.visit_marks import CONFIRMING, LEAST_HOMES

SOME_HOMES = (
    0.25  # of the households bear what cannot be, once or more: who is careful lets most uses of a card look right
)
GROUP_MARKS = ("alike", "even", "drained", "length", "package", "brought", "assortment", "empty_bed", "own_price")
EXPLAINED = "announced"  # equal amounts that announced days explain: borne, and no mark
PRICED = "priced"
HUNTED, HOME, TWICE = "hunted", "home", "twice"  # tours, people and stays that `considered` explains: the same
SUPPLY = "own_supply"  # cards in a row with nearly one amount, each for its holder's own medicine: the same
# What people do, not what cannot be: each may have an honest reason that claims do not show, so none of them suffices alone.
# What is in one bracket is one trait, of which the strongest mark counts: a day of special offers is dear and even at once.
# So are a mild illness and coming back with it: a programme for the eyes treats the second one too. Who all bear an illness of the other
# sex may stand wrongly in the register, as one clerk entered them.
TRAITS = (
    ("costly", "alike", "even"),
    ("tour",),
    ("round",),
    ("assortment",),
    ("far",),
    ("again",),
    ("moved", "readmitted"),
    ("light", "needless"),
    ("package",),
    ("misfit",),
)
ALONE = 6.0  # nats that one trait counts with nothing beside it: below the harm that alerts
LENGTH_BACKS = 4.0  # nats with which one length of stays backs one amount of stays
ONE_CARE = 0.3  # of a group's visits are of one kind of care, before its amounts count by themselves
EPISODE = 45 * DAY  # an accident with its follow-up visits
APART = 0.1  # of its households may meet at other times as well: two long ill people of a village that spends its year's balance


@dataclass(frozen=True)
class Harm:
    """By group: `score` (H, nats), `visits` (n), `fit`: share of the households that bear the marks, weighed by nats.

    By mark and group: `nats`, `borne` (k), `expected` (mu); the latter two also of `EXPLAINED`, `HUNTED`, `HOME`, `TWICE` and `SUPPLY`;
    `before`: the nats as they were before anything explained them, since one wave of a ring is two occasions at the most.
    """

    score: Floats
    fit: Floats
    visits: Longs
    nats: dict[str, Floats]
    borne: dict[str, Floats]
    expected: dict[str, Floats]
    before: dict[str, Floats]

    def beside(self, other: Harm) -> Harm:
        """That of these groups and, after them, of the other's."""
        both = (
            {name: np.r_[mine[name], theirs[name]] for name in mine}
            for mine, theirs in (
                (self.nats, other.nats),
                (self.borne, other.borne),
                (self.expected, other.expected),
                (self.before, other.before),
            )
        )
        return Harm(
            np.r_[self.score, other.score],
            np.r_[self.fit, other.fit],
            np.r_[self.visits, other.visits],
            *both,
        )


def harm(
    presence: Presence, known: Rates, groups: Groups, meetings: Meetings, counted: Bools, waves: Bools | bool = False
) -> Harm:
    """H of every group over the visits of the members at its counted meetings. `counted`: by meeting; `waves`: see `brought`."""
    n = groups.count
    rows = gather(presence, groups, meetings, counted)
    usual = (
        prices.usual_of_others(known.marks, known.likes[0], rows),
        prices.usual_of_others(known.marks, known.likes[1], rows),
    )
    once = episode(presence, rows)
    campaign = campaigns.on_campaign(presence, rows, np.ones(len(rows.row), np.bool_), n)
    treated = campaigns.treated(rows, campaign, n)
    here = visit_marks.marked(presence, known, rows, usual, once)
    price = float(np.log(len(here) + len(GROUP_MARKS)))
    nats, borne, expected, shares = visit_marks.weighed(presence, known, groups, rows, here, price)
    nats["costly"] = np.where(treated, 0.0, nats["costly"])
    beds, borne["empty_bed"], expected["empty_bed"] = empty_beds.of_groups(presence, known.stays, groups, rows, price)
    # the same stays are told once, as what weighs more
    nats["in_bed"] = np.where(beds >= nats["in_bed"], 0.0, nats["in_bed"])
    nats["empty_bed"] = np.where(nats["in_bed"] > 0, 0.0, beds)
    why = considered.Considered.of(presence, known.buyers, groups, rows).unless(sum_of(nats, considered.IMPOSSIBLE) > 0)
    homes = np.maximum(1, np.bincount(rows.owner, minlength=n))
    shares["empty_bed"] = borne["empty_bed"] / homes
    by_care, flags = equal_amounts(presence, known, rows, usual, campaign, price)
    raw = {name: of.max(axis=0) for name, (of, _, _) in by_care.items()}
    for name, (of, k, mu) in by_care.items():
        of[INPATIENT][why.twice] = 0.0
        nats[name], borne[name], expected[name] = of.max(axis=0), k, mu
    # equal amounts of cards in a row are told once, as what weighs more
    in_a_row = nats["drained"] >= np.minimum(nats["even"], ALONE)
    nats["even"], nats["drained"] = np.where(in_a_row, 0.0, nats["even"]), np.where(in_a_row, nats["drained"], 0.0)
    shares |= {name: visit_marks.share_of_homes(flags[name], rows, n) for name in by_care}
    nats["own_price"], borne["own_price"], expected["own_price"] = own_prices.of_groups(
        presence, rows, flags[PRICED], nats["even"]
    )
    k, mu, enough = assortments.of_groups(presence.view, known.buyers, rows, n)
    nats["assortment"] = visit_marks.surprise(k, mu, enough & (k >= LEAST_HOMES), price)
    borne["assortment"], expected["assortment"] = k, mu
    shares["assortment"] = k / homes
    tied = groups.has_hub() & ~np.asarray(waves)
    for name, (of, k, mu) in equally_long(presence, known, groups, rows, once, tied, price).items():
        nats[name], borne[name], expected[name] = of, k, mu
    shares |= dict.fromkeys(("package", "brought"), visit_marks.share_of_homes(rows.kind == INPATIENT, rows, n))
    # whom a hub names is paid through it: that is how the group was found, and no second fact
    nats["foreign"] = np.where(groups.has_hub(), 0.0, nats["foreign"])
    before = nats | raw
    nats = {name: np.where(why.explains(name), 0.0, of) for name, of in nats.items()}
    said = {
        EXPLAINED: tally(rows.group, flags[EXPLAINED], n),
        HUNTED: np.where(why.hunted, borne["tour"], 0.0),
        HOME: np.where(why.home, groups.sizes(), 0.0),
        TWICE: np.where(why.twice, rows.stays, 0.0),
        SUPPLY: tally(rows.group, flags[SUPPLY], n),
    }
    borne |= said
    expected |= dict.fromkeys(said, np.zeros(n))
    return Harm(
        together(nats, by_care["even"][0][INPATIENT], visit_marks.of_many_stories(presence, rows, here["misfit"], n)),
        fitting(nats, shares),
        rows.visits,
        nats,
        borne,
        expected,
        before,
    )


def equal_amounts(
    presence: Presence, known: Rates, rows: Rows, usual: tuple[Floats, Floats], campaign: Bools, price: float
) -> tuple[dict[str, tuple[Floats, Floats, Floats]], dict[str, Bools]]:
    """`alike`, `even` and `drained`: nats by care and group, k and mu by group; and the rows that bear them.

    `campaign`: rows of which equal amounts say nothing; those that have such are told beside as `EXPLAINED`. `PRICED` are even ones of
    groups whose people do not just fetch the medicine that is each one's own.
    """
    n = len(rows.visits)
    near, chance = prices.equal_amounts(presence, known.marks, rows)
    near, explained = near & ~campaign, near & campaign
    even = prices.lasting(presence, rows, prices.for_many_reasons(presence, known.marks, known.likes[0], rows, near))
    priced = even & ~prices.own_supply(presence, rows, even)[rows.group]
    in_a_row = even & prices.in_a_run(presence, rows, near) & (rows.kind != INPATIENT)
    in_a_row &= ~campaigns.on_campaign(presence, rows, in_a_row, n)
    drained = in_a_row & priced
    flags = {"alike": near & prices.dear(known.likes, usual, rows, prices.ABOVE), "even": even, "drained": drained}
    borne = {
        name: of_one_care(rows, flag, chance, n, price, even if name == "drained" else True)
        for name, flag in flags.items()
    }
    return borne, flags | {EXPLAINED: explained, PRICED: priced, SUPPLY: in_a_row & ~priced}


def equally_long(
    presence: Presence, known: Rates, groups: Groups, rows: Rows, once: Bools, tied: Bools, price: float
) -> dict[str, tuple[Floats, Floats, Floats]]:
    """Nats, k and mu by group of `length`, `package` and `brought`. `once`: met in one episode; `tied`: found by who brought it.

    Stays of one length for illnesses that differ are a package: not where one accident brings its people for all their wounds at once, nor
    where whoever passes patients on says how long they stay at both places. Who brought such people is a second fact, unless it is how the
    group was found or they came for one illness.
    """
    n = groups.count
    gain = lengths.one_length(presence, rows, n)
    nats = np.maximum(0.0, gain - price)
    moved = known.marks.flags["moved"] | known.marks.flags["readmitted"]
    sent = tally(rows.group, moved[rows.visit], n) >= TYPICAL["moved"] * rows.visits
    several = lengths.of_many_illnesses(presence, rows, n) & ~sent & ~once
    package = np.where(several, np.minimum(nats, ALONE), 0.0)
    packaged = groups.rows(package[groups.group] > 0)  # of nobody else is it asked who brought them
    named, mu, by_one, hub = brought.by_one(presence, packaged, rows)
    tied = tied | ~brought.for_many_illnesses(presence, groups, rows, hub)
    return {
        "length": (np.where(package > 0, 0.0, nats), gain, np.zeros(n)),
        "package": (package, rows.stays.astype(np.float64), np.zeros(n)),
        "brought": (np.where(tied, 0.0, np.minimum(by_one, package)), named, mu),
    }


def of_one_care(
    rows: Rows, flag: Bools, chance: Floats, n: int, price: float, among: Bools | bool = True
) -> tuple[Floats, Floats, Floats]:
    """Nats of rows marked, by kind of care and group; k and mu by group in the kind where they say most, which is chosen.

    What a free check-up costs says nothing of the stays that follow. A kind counts from `ONE_CARE` of the group's visits on; where half
    of these are `among` those that can be marked, and half of them are.
    """
    held = [tally(rows.group, rows.kind == care, n) for care in range(3)]
    choice = np.log(np.maximum(1, sum((of > 0).astype(np.int64) for of in held)))
    found = np.zeros((3, n))
    borne, expected = tally(rows.group, flag, n), tally(rows.group, chance, n)
    for care, of in enumerate(held):
        here = rows.kind == care
        k, mu = tally(rows.group, flag & here, n), tally(rows.group, chance * here, n)
        able = tally(rows.group, here & among, n)
        enough = (of >= ONE_CARE * rows.visits) & (able >= prices.ALIKE_SHARE * of) & (k >= prices.ALIKE_SHARE * able)
        most = found.max(axis=0)
        found[care] = np.maximum(visit_marks.surprise(k, mu, enough, price) - choice, 0.0)
        borne, expected = np.where(found[care] > most, k, borne), np.where(found[care] > most, mu, expected)
    return found, borne, expected


def together(nats: dict[str, Floats], even: Floats | float = 0.0, various: Bools | bool = False) -> Floats:
    """H by group.

    The strongest trait counts no further than `ALONE` beyond what all else supports, and confirming marks no further than that.
    `various`: illnesses that cannot be the people's are of many kinds, so that no wrong register explains them: no trait.
    `even`: nats of nearly one amount of stays, which from `ALONE` on stays of one length support as far as `LENGTH_BACKS`.
    """
    various_nats = np.where(various, nats["misfit"], 0.0)
    soft_nats = nats | {"misfit": nats["misfit"] - various_nats}
    traits = np.array([np.max([soft_nats[name] for name in trait], axis=0) for trait in TRAITS])
    soft = {name for trait in TRAITS for name in trait}
    hard = sum_of(nats, [name for name in nats if name not in CONFIRMING and name not in soft])
    hard = hard + various_nats + np.where(even >= ALONE, np.minimum(nats["length"], LENGTH_BACKS), 0.0)
    primary, rest = backed(traits, hard, ALONE)
    return primary + np.minimum(rest, sum_of(nats, CONFIRMING))


def through_the_dead(nats: dict[str, Floats], group: int) -> float:
    """How much of a group's H is gone without care after death: its own nats, and what these let the softer marks count."""
    mine = {name: of[[group]] for name, of in nats.items()}
    return float((together(mine) - together(mine | {"dead": np.zeros(1)}))[0])


def fitting(nats: dict[str, Floats], shares: dict[str, Floats]) -> Floats:
    """By group: the share of its households that bear its marks, weighed by nats. `shares` by mark; confirming ones do not count."""
    weight = sum_of(nats, [name for name in nats if name not in CONFIRMING])
    return sum_of({name: nats[name] * share for name, share in shares.items()}, shares) / np.maximum(weight, 1e-9)


def sum_of(nats: dict[str, Floats], names: Iterable[str]) -> Floats:
    """Sum over marks, always in the same order."""
    total: Floats = np.sum([nats[name] for name in sorted(names)], axis=0)
    return total


def gather(presence: Presence, groups: Groups, meetings: Meetings, counted: Bools) -> Rows:
    """The visits of all groups' members at their counted meetings, each once a group."""
    chosen = meetings.member & counted[meetings.meeting]
    width = max(1, len(presence.visit))
    keys = distinct(meetings.group[meetings.meeting[chosen]] * width + meetings.row[chosen])
    return Rows.of(presence, keys // width, keys % width, groups.count)


def episode(presence: Presence, rows: Rows) -> Bools:
    """By group: its visits, but for those of a tenth of its households, lie within one episode (an accident, an outbreak, the last days of
    the year), whose care is dear for all alike."""
    n = len(rows.visits)
    start = presence.view.visits.start[rows.visit]
    begin = fullest(rows.group, start, EPISODE, n)[rows.group]
    outside = (start < begin) | (start >= begin + EPISODE)
    out: Bools = visit_marks.share_of_homes(outside, rows, n) <= APART
    return out & (rows.visits > 0)
