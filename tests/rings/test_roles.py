from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import at, homes, view_of, visit

from ringfinder.evidence.view import Candidate, HubType, View
from ringfinder.model import Member
from ringfinder.rings.roles import BEHIND, BEYOND, LEAST_CLAIMS, MONEY, ODDS, Cast, beyond

RING = ["a", "b", "c", "d"]


def world(tmp_path: Path, ring: list[dict[str, Any]], others: list[dict[str, Any]], **tables: Any) -> View:
    """Claims of the ring come first; everybody has an account of his own."""
    rows = [visit(RING[i % 4], "f", at(i, 9), claim_id=f"R{i:03}") | row for i, row in enumerate(ring)]
    rows += [visit(f"x{i}", "f", at(i, 9), claim_id=f"X{i:03}") | row for i, row in enumerate(others)]
    patients = [row | {"bank_account": f"of {row['patient_id']}"} for row in homes(RING)]
    return view_of(tmp_path, rows, patients=patients, **tables)


def cast(
    view: View, kind: str, hubs: tuple[tuple[HubType, int, str], ...] = (), people: list[str] | None = None
) -> list[Member]:
    """The members of the ring of all claims whose id begins with R."""
    ids = [str(view.codes.claim[int(row)]) for row in view.claims.row]
    patients = np.flatnonzero(np.isin(view.codes.patient, people or RING)).astype(np.int32)
    ring = Candidate(
        kind=kind,
        channel="together",
        patients=patients,
        strength=np.linspace(0.9, 0.6, len(patients)),
        hubs=hubs,
        claims=np.array([i for i, c in enumerate(ids) if c.startswith("R")], np.int32),
        coordination=9.0,
        harm=9.0,
        findings=(),
    )
    return list(Cast(view).members(ring))


def roles(members: list[Member]) -> dict[tuple[str, str], str]:
    """(type, id) -> role of those who are no patients."""
    return {(m.entity_type, m.entity_id): m.role for m in members if m.entity_type != "patient"}


def test_patients_come_first_with_their_strength_and_claims(tmp_path: Path) -> None:
    members = cast(world(tmp_path, [{}] * 6, [{}] * 3), "sham_stay")
    assert members[:4] == [
        Member("patient", "a", "patient", 0.9, 2),
        Member("patient", "b", "patient", 0.8, 2),
        Member("patient", "c", "patient", 0.7, 1),
        Member("patient", "d", "patient", 0.6, 1),
    ]


@pytest.mark.parametrize(
    ("kind", "role"), [("paid_referral", "recruited"), ("retained_cards", "holder"), ("drug_resale", "buyer")]
)
def test_patients_are_called_by_what_the_claims_show(tmp_path: Path, kind: str, role: str) -> None:
    assert {m.role for m in cast(world(tmp_path, [{}] * 4, []), kind) if m.entity_type == "patient"} == {role}


def test_a_doctor_beyond_his_share_joins(tmp_path: Path) -> None:
    view = world(
        tmp_path,
        [{"doctor_id": "his"}] * 6 + [{"doctor_id": "colleague"}] * 2,
        [{"doctor_id": "his"}] * 3 + [{"doctor_id": "colleague"}] * 7,
    )
    members = cast(view, "paid_referral")
    assert Member("doctor", "his", "attending", 0.75, 6) in members  # 75 % of the ring's, 30 % of the others'
    assert ("doctor", "colleague") not in roles(members)


def test_a_places_only_doctor_does_not_join(tmp_path: Path) -> None:
    view = world(tmp_path, [{"doctor_id": "only"}] * 8, [{"doctor_id": "only"}] * 10)
    assert roles(cast(view, "paid_referral")) == {("facility", "f"): "hospital"}


@pytest.mark.parametrize(
    ("k", "usual", "joins"),
    [
        (4, 0.25, True),  # twice the usual share
        (4, 0.26, False),  # the odds are even, usually 0.35: less than four times
        (8, 0.6, True),  # all of the ring's, odds of 17; usually 1.5
        (8, 0.8, True),  # usually 4
        (8, 0.82, False),  # usually 4.6, four times that is more than 17
        (8, 1.0, False),
        (1, 0.0, True),
    ],
)
def test_an_actor_is_beyond_the_usual_by_share_or_by_odds(k: int, usual: float, joins: bool) -> None:
    assert (BEYOND, ODDS) == (2.0, 4.0)
    assert beyond(k, 8, usual) is joins


def test_a_few_claims_make_no_role(tmp_path: Path) -> None:
    assert LEAST_CLAIMS == 3
    view = world(tmp_path, [{"doctor_id": "d"}] * 2 + [{}] * 2, [{}] * 10)
    assert ("doctor", "d") not in roles(cast(view, "paid_referral"))


def test_only_those_can_act_who_act_in_that_kind_of_ring(tmp_path: Path) -> None:
    view = world(tmp_path, [{"operator_id": "o", "terminal_id": "t", "doctor_id": "d"}] * 8, [{}] * 10)
    assert roles(cast(view, "retained_cards")) == {
        ("facility", "f"): "till_owner",
        ("operator", "o"): "operator",
        ("terminal", "t"): "till",
        ("doctor", "d"): "attending",
    }
    assert roles(cast(view, "drug_resale")) == {("doctor", "d"): "prescriber", ("facility", "f"): "dispenser"}


def test_the_others_at_the_place_are_compared_not_those_elsewhere(tmp_path: Path) -> None:
    elsewhere = [{"facility_id": "g", "doctor_id": "d"}] * 10
    view = world(tmp_path, [{"doctor_id": "d"}] * 8, [{}] * 10 + elsewhere)
    assert ("doctor", "d") in roles(cast(view, "paid_referral"))


def test_an_account_joins_where_it_is_foreign_to_its_payers(tmp_path: Path) -> None:
    ring = [{"payee_account": "collector"}] * 4 + [{"payee_account": f"of {RING[i]}"} for i in range(4)] * 3
    view = world(tmp_path, ring, [{}] * 10)
    assert roles(cast(view, "fake_bills")) == {("account", "collector"): "payee", ("facility", "f"): "issuer"}


def test_an_account_of_nobody_in_the_household_joins_whatever_the_kind(tmp_path: Path) -> None:
    """Three of twenty of the ring's claims, none of the others'; of twenty-one they are too few."""
    assert MONEY == ("payee", 0.15)
    for n, joins in ((20, True), (21, False)):
        view = world(tmp_path / str(n), [{"payee_account": "collector"}] * 3 + [{}] * (n - 3), [{}] * 10)
        assert (roles(cast(view, "sham_stay")).get(("account", "collector")) == "payee") is joins


def linked(folder: Path, inside: int, outside: int, ring: list[dict[str, Any]]) -> list[Member]:
    """The go-betweens of a ring of whose people so many gave the agent's phone, and so many others did."""
    folder.mkdir(exist_ok=True)
    rows = [visit(RING[i % 4], "f", at(i, 9), claim_id=f"R{i:03}") | row for i, row in enumerate(ring)]
    clients = [*RING[:inside], *(f"x{i}" for i in range(outside))]
    rows += [visit(f"x{i}", "g", at(i, 9), claim_id=f"X{i:03}") for i in range(outside)]
    view = view_of(
        folder,
        rows,
        patients=[{"patient_id": p, "contact_phone": "13711112222"} for p in clients],
        recruiters=[{"recruiter_id": "agent", "phone": "13711112222"}],
    )
    return [m for m in cast(view, "sham_stay") if m.entity_type == "recruiter"]


def test_who_is_linked_to_enough_of_the_people_stands_behind_the_ring(tmp_path: Path) -> None:
    """Three of the four gave the agent's phone; one of the eight claims names him."""
    assert BEHIND == 0.3
    ring: list[dict[str, Any]] = [{"recruiter_id": "agent"}] + [{}] * 7
    assert linked(tmp_path / "three", 3, 0, ring) == [Member("recruiter", "agent", "go_between", 0.75, 1)]
    assert linked(tmp_path / "two", 2, 0, [{}] * 8) == []
    phone = linked(tmp_path / "phone", 4, 0, [{}] * 8)
    assert phone == [Member("recruiter", "agent", "go_between", 1.0, 0)]


def test_a_large_agent_some_of_whose_clients_are_in_the_ring_does_not_stand_behind_it(tmp_path: Path) -> None:
    assert len(linked(tmp_path / "ten", 3, 7, [{}] * 8)) == 1  # three of ten clients
    assert linked(tmp_path / "eleven", 3, 8, [{}] * 8) == []


def test_what_the_channel_rests_on_is_a_member_whatever_its_share(tmp_path: Path) -> None:
    view = world(tmp_path, [{"recruiter_id": "r"}] + [{}] * 9, [{}] * 10, recruiters=[{"recruiter_id": "phone only"}])
    hubs = tuple(("recruiter", i, "go_between") for i in range(2))
    members = cast(view, "sham_stay", hubs=hubs)  # type: ignore[arg-type]
    assert [m for m in members if m.entity_type == "recruiter"] == [
        Member("recruiter", "phone only", "go_between", 0.5, 0),
        Member("recruiter", "r", "go_between", 0.5, 1),
    ]


def test_cards_join_through_the_claims_of_members(tmp_path: Path) -> None:
    ring = [{"card_id": f"card of {RING[i % 4]}"} for i in range(5)]
    view = world(tmp_path, ring, [{"card_id": "another"}])
    members = cast(view, "retained_cards", people=["a", "b", "c"])
    assert [m for m in members if m.entity_type == "card"] == [
        Member("card", "card of a", "card", 1.0, 2),
        Member("card", "card of b", "card", 1.0, 1),
        Member("card", "card of c", "card", 1.0, 1),
    ]
    assert not [m for m in cast(view, "paid_referral") if m.entity_type == "card"]


def test_others_are_sorted_by_type_and_id(tmp_path: Path) -> None:
    ring = [{"doctor_id": d, "recruiter_id": "r"} for d in ("d2", "d1")] * 4
    view = world(tmp_path, ring, [{}] * 10)
    others = list(roles(cast(view, "paid_referral")))
    assert others == [("doctor", "d1"), ("doctor", "d2"), ("facility", "f"), ("recruiter", "r")]


def test_where_the_channel_says_who_acts_nobody_else_of_that_type_joins(tmp_path: Path) -> None:
    ring = [{"doctor_id": "d1"}] * 4 + [{"doctor_id": "d2"}] * 4
    view = world(tmp_path, ring, [{}] * 10)
    first = (("doctor", 0, "prescriber"),)
    assert roles(cast(view, "doctor_pharmacy", hubs=first)) == {  # type: ignore[arg-type]
        ("doctor", "d1"): "prescriber",
        ("facility", "f"): "dispenser",
    }
    both = {("doctor", "d1"), ("doctor", "d2")}
    assert both <= set(roles(cast(view, "doctor_pharmacy")))


def test_the_place_where_it_happened_is_no_member_for_that(tmp_path: Path) -> None:
    view = world(tmp_path, [{"facility_id": f"f{i}"} for i in range(8)], [{}] * 3)
    scene, host = ((("facility", 1, role),) for role in ("session_place", "host"))
    assert roles(cast(view, "lent_cards", hubs=scene)) == {}  # type: ignore[arg-type]
    assert roles(cast(view, "lent_cards", hubs=host)) == {("facility", "f0"): "host"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("others", "joins"),
    [
        (["o"] * 9 + ["p"], False),  # 90 % of the others' too
        (["p"] * 10, True),
        ([], True),  # without any other claims nothing is usual
        (["o"] * 10, True),  # who serves there alone is the place, and the place joins
        (["o"] * 9 + [None], True),
    ],
)
def test_a_clerk_joins_beyond_what_is_usual_at_the_place_or_where_he_alone_serves(
    tmp_path: Path, others: list[str | None], joins: bool
) -> None:
    view = world(tmp_path, [{"operator_id": "o"}] * 6, [{"operator_id": one} for one in others])
    found = roles(cast(view, "after_death", hubs=(("operator", 0, "operator"),)))
    assert (("operator", "o") in found) is joins
    assert ("facility", "f") in found


def test_the_only_till_joins_with_its_place_alone(tmp_path: Path) -> None:
    """Six of the ten swipes are at the till of f, which is a member; the rest at two of g's, of which each is one of two."""
    ring = [{"terminal_id": "t"}] * 6 + [{"facility_id": "g", "terminal_id": f"u{i % 2}"} for i in range(4)]
    view = world(tmp_path, ring, [{"terminal_id": "t"}] * 9)
    found = roles(cast(view, "retained_cards"))
    assert {key for key in found if key[0] == "terminal"} == {("terminal", "t")}
    few = [{"facility_id": f"g{i}", "terminal_id": f"t{i}"} for i in range(5)] + [{"terminal_id": "t"}] * 3
    view = world(tmp_path / "few", few, [{"terminal_id": "t"}] * 9)
    assert not [key for key in roles(cast(view, "retained_cards")) if key[0] == "terminal"]  # 3 of 8: less than 0.4


def test_where_an_account_bundles_claims_of_the_dead_place_clerk_and_card_are_only_where_it_happened(
    tmp_path: Path,
) -> None:
    theirs = {"payee_account": "collector", "operator_id": "o", "terminal_id": "t", "card_id": "c"}
    view = world(tmp_path, [theirs] * 8, [{}] * 10)
    there = {("facility", "f"), ("operator", "o"), ("terminal", "t"), ("card", "c")}
    assert set(roles(cast(view, "after_death"))) >= there
    account = int(np.flatnonzero(view.codes.account == "collector")[0])
    bundled = (("account", account, "payee"),)
    assert roles(cast(view, "after_death", hubs=bundled)) == {  # type: ignore[arg-type]
        ("account", "collector"): "payee"
    }


def test_usual_share_is_of_the_other_claims_at_the_same_places(tmp_path: Path) -> None:
    ring = [{"operator_id": "o"}, {"operator_id": "p", "facility_id": "g"}]
    there = [
        {"operator_id": "o"},
        {"operator_id": "p"},
        {"operator_id": None},
        {"operator_id": "p", "facility_id": "g"},
    ]
    view = world(tmp_path, ring, [*there, {"operator_id": "o", "facility_id": "elsewhere"}])
    mine = np.array([i for i, row in enumerate(view.claims.row) if str(view.codes.claim[int(row)])[0] == "R"], np.int32)
    usual = partial(Cast(view).usual, mine, "operator")
    code = {name: i for i, name in enumerate(view.codes.operator)}
    assert [usual(code["o"]), usual(code["p"])] == [1 / 4, 2 / 4]
    assert [usual(code["o"], known=True), usual(code["p"], known=True)] == [1 / 3, 2 / 3]
    alone = np.flatnonzero(view.claims.facility == view.claims.facility[mine[1]]).astype(np.int32)
    assert Cast(view).usual(alone, "operator", code["p"]) == 0.0  # nobody else was there
