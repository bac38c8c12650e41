"""Membership: who belongs to a group, judged by its meetings, never by the tie graph.

For everybody present at a group's meetings the log-odds of belonging are

    ln(|G|/N) + sum over attended ln(theta/pi) + sum over missed ln((1 - theta)/(1 - pi)) + likeness + hub

N: people ever seen at the group's spots, since members are named among these; theta: share of the group that came to the
meeting; pi: the person's own chance to be there (visits there times the meeting's share, plus the habit of that weekday and
hour); likeness: the same doctor and amounts like the group's; hub: named by it. Seeds that hold a quarter of a ring grow to the
whole of it, and bystanders fall off. Who was seen once joins only where the crowd itself is the ring's.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ringfinder.evidence.arrays import coded, expand, tally
from ringfinder.evidence.presence import CELL, Presence
from ringfinder.evidence.view import BLANK, Bools, Floats, Longs
from ringfinder.rings.groups import BEDS, Groups
from ringfinder.rings.meetings import LEAST_OCCASIONS, LEAST_OCCASIONS_HUB, MANY, Meetings, clientele, meet

ROUNDS = 4
LINKED = 8.0  # nats for being named by the group's hub
ONCE_SHARE = 0.35  # seen once: only where at least this share of those present are members
LIKENESS = (-3.0, 2.0)  # a likeness may shake a membership more than it may make one
LEAST_SIZE = 3


def assemble(
    presence: Presence, groups: Groups, rivals: Longs | None = None, spent: Bools | None = None, rounds: int = ROUNDS
) -> tuple[Groups, Meetings]:
    """Groups after some rounds of membership, with their meetings; those with too few occasions are dropped.

    `rivals`: by patient code, the only hub that names the person (BLANK: none or several); another hub's people are kept out.
    """
    meetings = meet(presence, groups, spent)
    for _ in range(rounds):
        groups, meetings = enough(presence, groups, meetings)
        if not groups.count:
            break
        groups = admit(presence, groups, meetings, rivals)
        meetings = meet(presence, groups, spent)
    return enough(presence, groups, meetings)


def enough(presence: Presence, groups: Groups, meetings: Meetings) -> tuple[Groups, Meetings]:
    """Only groups that came together often enough, with at least three people."""
    least = np.where(groups.has_hub() | (groups.sizes() >= MANY), LEAST_OCCASIONS_HUB, LEAST_OCCASIONS)
    least[groups.sown_as(BEDS)] = 1  # what cannot be is the second witness
    kept = (meetings.occasions(groups.count) >= least) & (groups.sizes() >= LEAST_SIZE)
    if kept.all():
        return groups, meetings
    groups = groups.pick(kept)
    return groups, only(meetings, kept)


def only(meetings: Meetings, kept: Bools) -> Meetings:
    """The meetings of the groups marked, with groups and meetings renumbered."""
    chosen = kept[meetings.group]
    rows = chosen[meetings.meeting]
    number = np.cumsum(chosen) - 1
    return replace(
        meetings,
        group=(np.cumsum(kept) - 1)[meetings.group[chosen]],
        **{n: getattr(meetings, n)[chosen] for n in ("spot", "first", "last", "share", "present", "households")},
        meeting=number[meetings.meeting[rows]],
        row=meetings.row[rows],
        member=meetings.member[rows],
    )


def admit(presence: Presence, groups: Groups, meetings: Meetings, rivals: Longs | None) -> Groups:
    """One round: the people whose log-odds are above 0."""
    sizes = groups.sizes()
    attending = tally(meetings.meeting, meetings.member, len(meetings.group))
    theta = np.clip(attending / np.maximum(1, sizes[meetings.group]), 0.05, 0.95)
    missed = tally(meetings.group, np.log1p(-theta), groups.count)
    group, patient = meetings.group[meetings.meeting], presence.patient[meetings.row].astype(np.int64)
    width = np.int64(len(presence.view.codes.patient))
    pairs, pair = coded(group * width + patient)
    times = np.bincount(pair)
    crowd = np.zeros(len(pairs))
    np.maximum.at(crowd, pair, (attending / np.maximum(1, meetings.present))[meetings.meeting])
    chance = attendance_chance(presence, meetings, pair)
    gain = np.log(theta[meetings.meeting] / chance) - np.log1p(-theta[meetings.meeting])
    odds = tally(pair, gain)
    odds += tally(pair, likeness(presence, groups, meetings)) / times
    g, p = pairs // width, pairs % width
    odds += np.minimum(0.0, np.log(sizes[g] / clientele(presence, meetings, groups.count)[g])) + missed[g]
    odds += spared(presence, meetings, g, p) - tally(pair, np.minimum(chance, 1.0))
    linked = groups.hubs.names(groups.hub[g], p)
    odds += LINKED * linked
    if rivals is not None:
        odds -= LINKED * ((rivals[p] != BLANK) & groups.has_hub()[g] & (rivals[p] != groups.hub[g]) & ~linked)
    kept = (odds > 0) & ((times > 1) | linked | (crowd >= ONCE_SHARE))
    return replace(groups, group=g[kept], patient=p[kept].astype(np.int32), odds=odds[kept])


def spared(presence: Presence, meetings: Meetings, group: Longs, patient: Longs) -> Floats:
    """For each (group, person): how many of all the group's meetings the person's load alone lets expect."""
    pairs, back = coded(meetings.group * presence.spots + meetings.spot)
    share = tally(back, meetings.share)
    lo = np.searchsorted(pairs, group * presence.spots)
    hi = np.searchsorted(pairs, (group + 1) * presence.spots)
    at, which = expand(lo, hi)
    visits = presence.visits_of(patient[which], pairs[at] % presence.spots)
    return tally(which, visits * share[at], len(group))


def attendance_chance(presence: Presence, meetings: Meetings, pair: Longs) -> Floats:
    """For each attendance the person's own chance to be at that meeting by load and by habit."""
    patient = presence.patient[meetings.row].astype(np.int64)
    spot = meetings.spot[meetings.meeting]
    cell = presence.cell[meetings.row].astype(np.int64)
    by_load = presence.visits_of(patient, spot) * meetings.share[meetings.meeting]
    in_cell = presence.at_cell.of(presence.spot_key(patient, spot) * 64 + cell)
    met = coded((pair * presence.spots + spot) * 64 + cell)[1]
    spent = np.bincount(met)[met] if len(met) else np.zeros(0, np.int64)
    length = (meetings.last - meetings.first)[meetings.meeting]
    habit = np.maximum(0, in_cell - spent) / presence.weeks * np.minimum(1.0, length / CELL)
    return np.clip(by_load + habit, 1e-7, 0.95)


def likeness(presence: Presence, groups: Groups, meetings: Meetings) -> Floats:
    """For each attendance how much more its doctor and amount look like the group's than like the spot's, in nats, clipped.

    A member's own visits are taken out of the group's before comparing, so that nobody is like the group by being in it.
    """
    row, member = meetings.row, meetings.member
    group, spot = meetings.group[meetings.meeting], presence.spot[row].astype(np.int64)
    place = coded(group * presence.spots + spot)[1]
    if not len(place):
        return np.zeros(0)
    n = tally(place, member)[place] - member
    doctors = np.int64(presence.doctor.max(initial=0)) + 1
    doctor = presence.doctor[row].astype(np.int64)
    has = doctor != BLANK
    with_doctor = coded(place * (doctors + 1) + doctor + 1)[1]
    k = tally(with_doctor, member)[with_doctor] - member
    usual = doctor_share(presence, spot, doctor)
    by_doctor = np.where(has, np.log((k + 2 * usual) / (n + 2) / usual), 0.0)
    amount = presence.log_amount[row]
    centre, spread = presence.amount_at
    weight = member.astype(np.float64)
    total = tally(place, weight * amount)[place] - weight * amount
    square = tally(place, weight * amount**2)[place] - weight * amount**2
    mean = total / np.maximum(1, n)
    variance = (np.maximum(0.0, square - n * mean**2) + 3 * spread[spot] ** 2) / (n + 3)
    sd = np.maximum(np.sqrt(variance), 0.03)
    by_amount = (
        np.log(spread[spot] / sd) - ((amount - mean) / sd) ** 2 / 2 + ((amount - centre[spot]) / spread[spot]) ** 2 / 2
    )
    by_amount = np.where(n >= 3, by_amount, 0.0)
    return np.clip(by_doctor, *LIKENESS) + np.clip(by_amount, *LIKENESS)


def doctor_share(presence: Presence, spot: Longs, doctor: Longs) -> Floats:
    """The doctor's share of all attendances at the spot, at least one in a thousand."""
    return np.maximum(presence.doctors.of(presence.doctor_key(spot, doctor)) / presence.total[spot], 1e-3)
