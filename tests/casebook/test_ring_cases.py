"""Which case speaks for a ring, who works on cases, and what is told of a case's history; on both databases."""

from __future__ import annotations

from ringfinder.casebook import cases, people, suppressing
from ringfinder.casebook.case_history import FieldChange, history_of
from ringfinder.casebook.case_notes import add_note
from ringfinder.casebook.changes import erase_texts, writing
from ringfinder.casebook.colleagues import colleagues
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.linked_rings import create_from_ring, link
from ringfinder.casebook.ring_cases import change_mark, ring_cases
from ringfinder.casebook.suppressing import Closing
from tests.casebook.people_of_cases import EAST, WEST, draft, person, ring


def test_open_case_speaks_for_a_ring_else_the_one_closed_last(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    first = create_from_ring(casebook, boss, draft(), ring("R1"))
    suppressing.close(casebook, boss, first.case_id, 1, Closing("false_positive", "a ward"))
    second = create_from_ring(casebook, boss, draft(), ring("R1"))
    assert [one.case_id for one in ring_cases(casebook)["R1"]] == [second.case_id, first.case_id]
    suppressing.close(casebook, boss, second.case_id, 1, Closing("insufficient_evidence", "no witness"))
    told = [(one.case_id, one.state, one.resolution) for one in ring_cases(casebook)["R1"]]
    assert told == [
        (second.case_id, "closed", "insufficient_evidence"),
        (first.case_id, "closed", "false_positive"),
    ]
    assert set(ring_cases(casebook)) == {"R1"}


def test_case_of_a_ring_is_told_to_those_who_may_see_it(casebook: Casebook) -> None:
    boss, east = person(casebook, "boss", "supervisor"), person(casebook, "e", "investigator", EAST)
    west = person(casebook, "w", "investigator", WEST)
    made = create_from_ring(casebook, boss, draft(), ring("R1"))
    (case,) = ring_cases(casebook)["R1"]
    assert [case.seen_by(who) for who in (boss, east, west)] == [True, True, False]
    cases.assign(casebook, boss, made.case_id, 1, east.caller_id)
    assert ring_cases(casebook)["R1"][0].assignee == east.caller_id


def test_mark_changes_with_every_case_and_link(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    marks = [change_mark(casebook)]
    made = create_from_ring(casebook, boss, draft(), ring("R1"))
    marks.append(change_mark(casebook))
    link(casebook, boss, made.case_id, ring("R2"))
    marks.append(change_mark(casebook))
    cases.assign(casebook, boss, made.case_id, 1, boss.caller_id)
    marks.append(change_mark(casebook))
    add_note(casebook, boss, made.case_id, "nobody answers")
    assert len(set(marks)) == 4
    assert change_mark(casebook) == marks[-1]


def test_colleagues_are_those_who_work_on_cases_also_once_they_are_disabled(casebook: Casebook) -> None:
    boss, east = person(casebook, "boss", "supervisor"), person(casebook, "amy", "investigator", EAST)
    person(casebook, "viewer", "viewer")
    person(casebook, "admin", "admin")
    people.disable(casebook, east.caller_id, "test")
    told = [(one.caller_id, one.name, one.works, one.decides, one.districts) for one in colleagues(casebook)]
    assert told == [
        (east.caller_id, "amy", False, False, frozenset({EAST})),
        (boss.caller_id, "boss", True, True, None),
    ]


def test_history_tells_what_was_changed_by_whom_until_texts_are_erased(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    made = cases.create(casebook, boss, draft("stays"))
    cases.create(casebook, boss, draft("another"))
    cases.change(casebook, boss, made.case_id, 1, {"title": "stays on Mondays", "priority": "high"})
    changed, created = history_of(casebook, boss, made.case_id)
    assert (created.action, created.actor) == ("case.created", boss.actor)
    assert FieldChange("districts", None, EAST) in created.fields
    assert (changed.action, set(changed.fields)) == (
        "case.changed",
        {FieldChange("priority", "normal", "high"), FieldChange("title", "stays", "stays on Mondays")},
    )
    with writing(casebook) as session:
        erase_texts(session, made.case_id)
    assert FieldChange("title", None, None) in history_of(casebook, boss, made.case_id)[0].fields
