"""Equal and dear amounts of people who come when somebody announced it, and when it suits them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.marks import mark
from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, MINUTE, OUTPATIENT, PHARMACY
from ringfinder.rings.bases import rates
from ringfinder.rings.campaigns import TREATED, on_campaign, treated
from ringfinder.rings.harm import ALONE, EXPLAINED, Harm, harm
from ringfinder.rings.meetings import meet
from ringfinder.rings.prices import Rows

from .planted import MORNING, group_of, quiet_town
from .test_prices_alike import rows_of

FOUR = (0, 1, 2, 3)
WHEN_IT_SUITS = (10, 57, 97, 163, 190)
TWO_ROUNDS = (10, 50)
SIX_WEEKS = (10, 13, 21, 33, 47)
FRIDAYS = (3, 10, 31, 45, 94, 143)


def at_a_clinic(days: Sequence[int], kind: int = OUTPATIENT) -> Harm:
    """Four people one after the other on these days, who pay nearly 300, each time for something else; others pay 100."""
    visits = len(days) * len(FOUR)
    cents = np.r_[np.round(30_000 * np.exp(np.linspace(-0.05, 0.05, visits))), np.full(89, 10_000)]
    drug = np.r_[np.arange(visits), np.full(89, BLANK)]
    view = quiet_town(group=FOUR, days=days, cents=cents, drug=drug, diagnosis=drug, service=kind)
    presence, groups = observe(view), group_of(*FOUR)
    meetings = meet(presence, groups)
    return harm(presence, rates(presence, mark(view)), groups, meetings, np.ones(len(meetings.group), np.bool_))


def test_cards_swiped_when_it_suits_are_harm() -> None:
    got = at_a_clinic(WHEN_IT_SUITS)
    assert got.nats["drained"][0] > 8
    assert got.nats["alike"][0] > ALONE
    assert got.borne["drained"].tolist() == [20.0]
    assert got.borne[EXPLAINED].tolist() == [0.0]
    assert got.score[0] > 20


@pytest.mark.parametrize("days", [TWO_ROUNDS, SIX_WEEKS, FRIDAYS])
def test_a_vaccination_a_course_and_the_days_of_an_acupuncturist_are_none(days: Sequence[int]) -> None:
    got = at_a_clinic(days)
    assert [got.nats[name][0] for name in ("costly", "alike", "even", "drained", "own_price")] == [0.0] * 5
    assert got.borne[EXPLAINED].tolist() == [4.0 * len(days)]
    assert got.score.tolist() == [0.0]


def test_at_a_pharmacy_nobody_is_treated_in_six_weeks() -> None:
    assert at_a_clinic(SIX_WEEKS, PHARMACY).nats["drained"][0] > 8
    assert at_a_clinic(FRIDAYS, PHARMACY).nats["drained"].tolist() == [0.0]


def test_a_day_of_offers_does_not_explain_dear_purchases() -> None:
    """They stay a trait, which counts six nats alone."""
    got = at_a_clinic(FRIDAYS, PHARMACY)
    assert got.nats["costly"][0] > ALONE
    assert got.score.tolist() == [ALONE]


def test_stays_are_no_campaign() -> None:
    assert at_a_clinic(TWO_ROUNDS, INPATIENT).borne[EXPLAINED].tolist() == [0.0]


def mixed(kinds: Sequence[int]) -> tuple[Rows, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """A group's visits on one day, one place a kind of care, and which are on a campaign."""
    n = len(kinds)
    view = quick_view(np.arange(n), np.array(kinds), MORNING + np.arange(n) * MINUTE + 5 * DAY, service=np.array(kinds))
    presence = observe(view)
    rows = rows_of(presence, [list(range(n))])
    return rows, on_campaign(presence, rows, np.ones(n, np.bool_), 1)


def test_each_kind_of_care_has_its_days() -> None:
    rows, campaign = mixed([INPATIENT, OUTPATIENT, PHARMACY, OUTPATIENT])
    assert campaign.tolist() == (rows.kind != INPATIENT).tolist()
    assert treated(rows, campaign, 1).tolist() == [False]  # half of the visits


def test_most_visits_are_outpatients_before_dear_ones_say_nothing() -> None:
    assert TREATED == 0.5
    rows, campaign = mixed([OUTPATIENT, OUTPATIENT, PHARMACY])
    assert treated(rows, campaign, 1).tolist() == [True]
    assert treated(rows, campaign & (rows.kind == PHARMACY), 1).tolist() == [False]
