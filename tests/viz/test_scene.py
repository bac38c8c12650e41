from __future__ import annotations

import dataclasses

from ringfinder.model import Tie
from ringfinder_viz.ring import RingPicture
from ringfinder_viz.scene import FIRST_TIES, LegendLine, scene_of
from tests.viz import world
from tests.viz.conftest import Draw


def test_members_and_the_place_of_their_claims_are_drawn_with_type_and_role(draw: Draw) -> None:
    assert [(n.name, n.entity_type, n.role, n.strength, n.label) for n in draw().scene.nodes] == [
        ("m1", "patient", "holder", 0.9, "王**\nP1"),
        ("m2", "patient", "holder", 0.8, "李**\nP2"),
        ("m3", "patient", "holder", 0.5, "诸***\nP3"),
        ("m4", "card", "card", 0.9, "K1"),
        ("m5", "card", "card", 0.8, "K2"),
        ("m6", "doctor", "attending", 1.0, "<***\nD1"),
        ("m7", "facility", "host", 1.0, f"{world.EVIL_PLACE}\nF1"),
        ("m8", "account", "payee", 0.25, "****2222"),
        ("m9", "facility", "", 0.0, "第二药店\nF2"),
    ]


def test_lines_are_ties_between_members_surest_first_and_counted_claims(draw: Draw) -> None:
    lines = draw().scene.edges
    assert [(line.a, line.b, line.kind) for line in lines] == [
        ("m1", "m2", "tie"),
        ("m2", "m3", "tie"),
        ("m1", "m8", "account"),
        ("m1", "m4", "card"),
        ("m1", "m6", "doctor"),
        ("m1", "m7", "facility"),
        ("m2", "m8", "account"),
        ("m2", "m5", "card"),
        ("m2", "m6", "doctor"),
        ("m2", "m7", "facility"),
        ("m2", "m9", "facility"),
        ("m3", "m6", "doctor"),
        ("m3", "m7", "facility"),
    ]
    widths = {(line.a, line.b): line.width for line in lines}
    assert (widths["m1", "m2"], widths["m2", "m3"]) == (3.5, 1.83)
    assert (widths["m1", "m6"], widths["m3", "m6"]) == (6.0, 3.5)


def test_lines_say_count_and_expectation(draw: Draw) -> None:
    said = {(line.a, line.b): line.said for line in draw().scene.edges}
    assert said["m1", "m2"] == (
        "王** and 李** (coming together): 2 times; by chance 0.12 would be expected.\n"
        "王** and 李** (transfers between hospitals): 1 times; by chance 0.50 would be expected."
    )
    assert said["m2", "m9"] == "李** and facility 第二药店: 1 of the 2 claims that 李** has in this ring."
    chinese = {(line.a, line.b): line.said for line in draw(lang="zh").scene.edges}
    assert chinese["m2", "m3"] == "李** 与 诸***（共同就医）：实际 1 次，出于偶然预计 0.25 次。"
    assert chinese["m2", "m9"] == "李** 与 机构 第二药店：本团伙中 李** 的 2 笔费用里，有 1 笔涉及后者。"


def test_members_say_what_they_are_and_a_mere_place_that_it_is_none(draw: Draw) -> None:
    said = {node.name: node.said for node in draw().scene.nodes}
    assert said["m1"] == "patient: 王** P1\nIn this ring: card holder; sure to belong: 0.90 of 1; claims: 2"
    assert said["m9"] == "facility: 第二药店 F2\nClaims of this ring were made here; it is no member itself."


def test_legend_has_a_line_for_each_sign_and_kind_of_line(draw: Draw) -> None:
    assert draw().scene.legend == (
        LegendLine("member", "patient", "patient: card holder (3)"),
        LegendLine("member", "card", "card (2)"),
        LegendLine("member", "doctor", "doctor: attending doctor (1)"),
        LegendLine("member", "facility", "facility: place of the visits (1)"),
        LegendLine("member", "account", "account: payee account (1)"),
        LegendLine("place", "facility", "place of the claims, no member itself (1)"),
        LegendLine("line", "tie", "two people came together more than by chance (2)"),
        LegendLine("line", "claims", "both stand on the same claims (coloured as the place, doctor ...)"),
    )


def test_card_stands_beyond_the_holder_who_uses_it(draw: Draw) -> None:
    at = {node.name: (node.x, node.y) for node in draw().scene.nodes}
    for holder, card in (("m1", "m4"), ("m2", "m5")):
        (hx, hy), (cx, cy) = at[holder], at[card]
        assert abs(hx * cy - hy * cx) < 60  # on one ray from the middle, but for the rounding of places
        assert hx * cx + hy * cy > hx * hx + hy * hy


def test_picture_begins_with_the_surest_ties_and_all_claims(draw: Draw) -> None:
    picture = draw()
    people = [f"Q{i}" for i in range(15)]
    member = picture.case.members[0]
    members = tuple(dataclasses.replace(member, entity_id=person) for person in people)
    labels = {**picture.case.labels, **{("patient", person): person for person in people}}
    crowd = dataclasses.replace(picture.case, members=(*members, *picture.case.members), labels=labels)
    pairs = [(a, b) for a in people for b in people if a < b]
    ties = [Tie(a, b, "together", 2, 0.1, float(i)) for i, (a, b) in enumerate(pairs)]
    scene = scene_of(crowd, ties, picture.register, "en")
    first = scene.at_first()
    assert scene.ties == 105
    assert [line.kind for line in first].count("tie") == FIRST_TIES
    assert len(first) == FIRST_TIES + 11
    names = {node.label: node.name for node in scene.nodes}
    assert [(line.a, line.b) for line in first[:2]] == [(names[a], names[b]) for a, b in (pairs[-1], pairs[-2])]


def test_ring_of_one_patient_without_anything_else_is_a_scene(draw: Draw) -> None:
    picture: RingPicture = draw(world.FRIENDS)
    assert [(n.name, n.role) for n in picture.scene.nodes] == [("m1", "patient"), ("m2", "")]
    assert [(e.a, e.b, e.kind) for e in picture.scene.edges] == [("m1", "m2", "facility")]
