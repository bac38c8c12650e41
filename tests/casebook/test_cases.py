"""Cases on both databases: who sees them, who changes them, what leads where, and that nobody overwrites anybody."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ringfinder.casebook import audit, cases, people
from ringfinder.casebook.case_deadlines import renew_deadlines, term_of
from ringfinder.casebook.case_lists import SORTS, CasesWanted
from ringfinder.casebook.case_lists import cases as listed
from ringfinder.casebook.case_notes import add_note, notes_of
from ringfinder.casebook.case_states import CASE
from ringfinder.casebook.cases import Case, Draft
from ringfinder.casebook.changes import altered_texts
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.rules import read_rules
from ringfinder.casebook.suppressing import Closing, close, reopen
from ringfinder.casebook.who import Who
from ringfinder.errors import Refused
from tests.casebook.agreeing import agree
from tests.casebook.people_of_cases import EAST, WEST, draft, person
from tests.casebook.reports import recorded

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def code(told: pytest.ExceptionInfo[Refused]) -> str:
    return told.value.code


def test_case_goes_from_new_to_closed_and_each_step_stands_in_the_trail(casebook: Casebook) -> None:
    boss, inspector = person(casebook, "boss", "supervisor"), person(casebook, "inspector", "investigator", EAST)
    made = cases.create(casebook, boss, draft(), NOW)
    assert (made.case_id, made.version, made.state, made.priority) == ("C2026-000001", 1, "new", "normal")
    taken = cases.assign(casebook, boss, made.case_id, 1, inspector.caller_id)
    assert (taken.version, taken.state, taken.assignee) == (2, "assigned", inspector.caller_id)
    begun = cases.begin(casebook, inspector, made.case_id, 2, NOW)
    wanted = {"priority": "urgent", "due_on": date(2026, 4, 1), "title": "other words"}
    changed = cases.change(casebook, inspector, made.case_id, begun.version, wanted)
    assert (changed.version, changed.priority, changed.due_on, changed.title) == (
        4,
        "urgent",
        date(2026, 4, 1),
        "other words",
    )
    closing = Closing("insufficient_evidence", "the ward's books agree")
    closed = close(casebook, boss, made.case_id, 4, closing, now=NOW)
    assert (closed.state, closed.resolution, closed.closed_at) == ("closed", "insufficient_evidence", NOW)
    again = reopen(casebook, boss, made.case_id, 5)
    assert (again.state, again.assignee, again.resolution, again.reason) == ("new", None, None, None)
    assert cases.find(casebook, boss, made.case_id) == again
    trail = [one for one in reversed(audit.latest(casebook, 20)) if one.subject == made.case_id]
    assert [one.action.partition(".")[2] for one in trail] == [
        "created",
        "assigned",
        "begun",
        "changed",
        "closed",
        "reopened",
    ]
    assert [json.loads(one.details)["version"] for one in trail] == [1, 2, 3, 4, 5, 6]
    told = json.loads(trail[3].details)
    assert told["changed"] == {
        "due_on": ["2026-06-01", "2026-04-01"],
        "due_since": ["2026-03-02", None],
        "priority": ["normal", "urgent"],
    }
    assert list(told["texts"]) == ["title"]
    assert not any("words" in one.details or "ward" in one.details for one in trail)
    assert altered_texts(casebook) == ()
    assert audit.verify(casebook).broken is None


def test_case_elsewhere_is_as_unknown_as_one_that_is_not_there(casebook: Casebook) -> None:
    boss, other = person(casebook, "boss", "supervisor"), person(casebook, "other", "investigator", WEST)
    made = cases.create(casebook, boss, draft())
    for case_id in (made.case_id, "C2026-999999"):
        with pytest.raises(Refused) as told:
            cases.find(casebook, other, case_id)
        assert code(told) == "unknown_case"
    with pytest.raises(Refused) as told:
        cases.create(casebook, other, draft())
    assert code(told) == "foreign_district"
    with pytest.raises(Refused) as told:
        cases.assign(casebook, boss, made.case_id, 1, other.caller_id)
    assert code(told) == "bad_assignee"
    here = cases.change(casebook, boss, made.case_id, 1, {"districts": [EAST, WEST]})
    assert cases.find(casebook, other, made.case_id) == here


def test_district_is_taken_out_of_a_case_by_who_sees_it(casebook: Casebook) -> None:
    boss, west = person(casebook, "boss", "supervisor"), person(casebook, "w", "supervisor", WEST)
    made = cases.create(casebook, boss, draft("x", EAST, WEST))
    for districts in ([WEST], [WEST, "north"]):
        with pytest.raises(Refused) as told:
            cases.change(casebook, west, made.case_id, 1, {"districts": districts})
        assert code(told) == "foreign_district"
    assert cases.change(casebook, west, made.case_id, 1, {"districts": [EAST, WEST, "north"]}).version == 2
    assert cases.change(casebook, boss, made.case_id, 2, {"districts": [WEST]}).districts == (WEST,)


def test_only_supervisors_give_cases_to_others_and_close_them(casebook: Casebook) -> None:
    boss, one, two = (
        person(casebook, "boss", "supervisor"),
        person(casebook, "one", "investigator"),
        person(casebook, "two", "investigator"),
    )
    made = cases.create(casebook, boss, draft())
    refusals = []
    for work in (
        lambda: cases.assign(casebook, one, made.case_id, 1, two.caller_id),
        lambda: cases.begin(casebook, one, made.case_id, 1),
        lambda: close(casebook, one, made.case_id, 1, Closing("confirmed")),
        lambda: reopen(casebook, one, made.case_id, 1),
    ):
        with pytest.raises(Refused) as told:
            work()
        refusals.append(code(told))
    assert refusals == ["not_supervisor", "not_assignee", "not_supervisor", "not_supervisor"]
    taken = cases.assign(casebook, one, made.case_id, 1, one.caller_id)
    with pytest.raises(Refused) as told:
        cases.assign(casebook, two, made.case_id, taken.version, two.caller_id)
    assert code(told) == "not_supervisor"
    given = cases.assign(casebook, boss, made.case_id, taken.version, two.caller_id)
    assert given.assignee == two.caller_id
    assert cases.release(casebook, two, made.case_id, given.version).assignee is None


def test_who_cannot_work_on_cases_is_no_assignee(casebook: Casebook) -> None:
    boss, viewer = person(casebook, "boss", "supervisor"), person(casebook, "viewer", "viewer")
    gone = person(casebook, "gone", "investigator")
    people.disable(casebook, gone.caller_id, "test")
    made = cases.create(casebook, boss, draft())
    for who in (viewer.caller_id, gone.caller_id, "nobody"):
        with pytest.raises(Refused) as told:
            cases.assign(casebook, boss, made.case_id, 1, who)
        assert code(told) == "bad_assignee"
    assert cases.find(casebook, boss, made.case_id).version == 1


@pytest.mark.parametrize("state", CASE.states)
def test_step_that_does_not_lead_on_is_refused_and_changes_nothing(casebook: Casebook, state: str) -> None:
    boss = person(casebook, "boss", "supervisor")
    made = cases.create(casebook, boss, draft())
    with casebook.session() as session:
        cases.visible(session, boss, made.case_id).state = state
    steps = {
        "assign": lambda: cases.assign(casebook, boss, made.case_id, 1, boss.caller_id),
        "release": lambda: cases.release(casebook, boss, made.case_id, 1),
        "begin": lambda: cases.begin(casebook, boss, made.case_id, 1),
        "close": lambda: close(casebook, boss, made.case_id, 1, Closing("handed_over", "to the police")),
        "reopen": lambda: reopen(casebook, boss, made.case_id, 1),
    }
    for step, work in steps.items():
        if step not in CASE.possible(state):
            with pytest.raises(Refused, match=f"step {step} does not lead on from the state {state}"):
                work()
    assert cases.find(casebook, boss, made.case_id).version == 1


@pytest.mark.parametrize(
    ("closing", "refusal"),
    [
        (Closing("false_positive", " \n"), "reason_needed"),
        (Closing("handed_over"), "reason_needed"),
        (Closing("duplicate", "same people"), "duplicate_of_what"),
        (Closing("duplicate", "same people", "C2026-000001"), "duplicate_of_what"),
        (Closing("duplicate", "same people", "C2026-000009"), "unknown_case"),
        (Closing("handed_over", "x", "C2026-000002"), "duplicate_of_what"),
        (Closing("handed_over", "x", suppress=20), "suppress_what"),
        (Closing("false_positive", "a nursing home", suppress=20), "suppress_what"),
    ],
)
def test_resolution_needs_what_belongs_to_it(casebook: Casebook, closing: Closing, refusal: str) -> None:
    boss = person(casebook, "boss", "supervisor")
    first, _ = (cases.create(casebook, boss, draft(), NOW) for _ in range(2))
    with pytest.raises(Refused) as told:
        close(casebook, boss, first.case_id, 1, closing)
    assert code(told) == refusal
    assert cases.find(casebook, boss, first.case_id) == first


def test_case_is_decided_within_the_term_that_counts_from_the_day_here_on_which_the_inquiry_began(
    casebook: Casebook,
) -> None:
    boss = person(casebook, "boss", "supervisor")
    late = datetime(2026, 3, 1, 17, tzinfo=UTC)  # 2 March at the casebook's place; 90 days later is a Sunday
    due = []
    for wanted in (None, date(2026, 5, 5)):
        made = cases.create(casebook, boss, Draft("x", (EAST,), due_on=wanted), late)
        cases.assign(casebook, boss, made.case_id, 1, boss.caller_id, late)
        due.append(cases.begin(casebook, boss, made.case_id, 2, late).due_on)
    assert due == [date(2026, 6, 1), date(2026, 5, 5)]


def begun(casebook: Casebook, boss: Who, now: datetime) -> Case:
    made = cases.create(casebook, boss, Draft("x", (EAST,)), now)
    cases.assign(casebook, boss, made.case_id, 1, boss.caller_id, now)
    return cases.begin(casebook, boss, made.case_id, 2, now)


def test_day_that_somebody_sets_has_no_term_and_the_same_day_again_keeps_it(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    case = begun(casebook, boss, NOW)
    assert case.due_since == NOW.date()
    same = cases.change(casebook, boss, case.case_id, 3, {"due_on": case.due_on, "title": "y"}, NOW)
    assert (same.due_on, same.due_since) == (case.due_on, case.due_since)
    other = cases.change(casebook, boss, case.case_id, 4, {"due_on": date(2026, 9, 1)}, NOW)
    assert (other.due_on, other.due_since) == (date(2026, 9, 1), None)


@pytest.mark.parametrize(
    ("closed_after", "reopened_after", "keeps"), [(10, 20, True), (10, 200, False), (150, 200, True)]
)
def test_deadline_that_was_kept_says_nothing_of_a_case_that_is_opened_again(
    casebook: Casebook, closed_after: int, reopened_after: int, keeps: bool
) -> None:
    boss = person(casebook, "boss", "supervisor")
    case = begun(casebook, boss, NOW)
    closed, again = (NOW + timedelta(days=days) for days in (closed_after, reopened_after))
    close(casebook, boss, case.case_id, 3, Closing("insufficient_evidence", "no records"), now=closed)
    opened = reopen(casebook, boss, case.case_id, 4, again)
    kept = (case.due_on, case.due_since)
    assert (opened.due_on, opened.due_since) == (kept if keeps else (None, None))
    cases.assign(casebook, boss, case.case_id, 5, boss.caller_id, again)
    anew = cases.begin(casebook, boss, case.case_id, 6, again)
    assert (anew.due_on, anew.due_since) == (
        kept if keeps else (casebook.rules.due("case_decide", again.date()).day, again.date())
    )


def test_term_moves_when_days_off_are_announced_and_is_provisional_until_then(
    casebook: Casebook, tmp_path: Path
) -> None:
    boss = person(casebook, "boss", "supervisor")
    november = datetime(2026, 11, 11, 4, tzinfo=UTC)  # 90 days later, 9 February 2027, is a Tuesday
    case, other, early = (begun(casebook, boss, day) for day in (november, november, NOW))
    cases.change(casebook, boss, other.case_id, 3, {"due_on": date(2027, 2, 8)}, november)
    told = term_of(case.due_on, case.due_since, casebook.rules)
    assert told is not None
    assert (told.term.name, told.day, told.provisional) == ("case_decide", date(2027, 2, 9), True)
    known = term_of(early.due_on, early.due_since, casebook.rules)
    assert known is not None
    assert not known.provisional
    assert renew_deadlines(casebook, casebook.rules, "command line") == 0
    (tmp_path / "casebook.toml").write_text('[calendar.2027]\noff = ["2027-02-05/2027-02-11"]\n', encoding="utf-8")
    rules = read_rules(tmp_path)
    assert renew_deadlines(casebook, rules, "command line") == 1
    moved = cases.find(casebook, boss, case.case_id)
    assert (moved.due_on, moved.version) == (date(2027, 2, 12), 4)
    announced = term_of(moved.due_on, moved.due_since, rules)
    assert announced is not None
    assert not announced.provisional
    assert cases.find(casebook, boss, other.case_id).due_on == date(2027, 2, 8)
    assert (renew_deadlines(casebook, rules, "command line"), audit.verify(casebook).broken) == (0, None)


def test_case_comes_from_a_tip_that_is_there_and_that_one_may_see(casebook: Casebook) -> None:
    boss, east = person(casebook, "boss", "supervisor"), person(casebook, "east", "supervisor", EAST)
    here, there = (recorded(casebook, casebook.rules, district=one).tip_id for one in (EAST, WEST))
    made = cases.create(casebook, east, Draft("x", (EAST,), origin="tip", origin_id=here))
    assert (made.origin, made.origin_id) == ("tip", here)
    for who, tip_id in ((east, there), (boss, "T000000000000"), (boss, None)):
        with pytest.raises(Refused) as told:
            cases.create(casebook, who, Draft("x", (EAST,), origin="tip", origin_id=tip_id))
        assert code(told) == "unknown_tip"


def test_ten_who_work_on_a_case_at_once_lose_nothing_and_each_is_told_of_the_others(url: str, tmp_path: Path) -> None:
    with open_casebook(tmp_path, url) as book, ThreadPoolExecutor(10) as pool:
        boss = person(book, "boss", "supervisor")
        people_ = [person(book, f"one {n}", "supervisor") for n in range(10)]
        made = cases.create(book, boss, draft())

        def one(number: int) -> list[str]:
            """Change it against what was seen; where somebody was quicker, look again. The codes of refusals."""
            refusals, wanted = list[str](), {"summary": f"summary {number}"}
            while True:
                seen = cases.find(book, people_[number], made.case_id).version
                try:
                    cases.change(book, people_[number], made.case_id, seen, wanted)
                except Refused as error:
                    refusals.append(error.code)
                else:
                    return refusals

        refusals = [one for each in pool.map(one, range(10)) for one in each]
        assert cases.find(book, boss, made.case_id).version == 11
        told = agree(book)
        assert told.actions[made.case_id] == {"case.created": 1, "case.changed": 10}
        entries = [entry for entry in audit.latest(book, 50) if entry.action == "case.changed"]
        assert {entry.actor for entry in entries} == {one.actor for one in people_}
        assert set(refusals) <= {"changed_meanwhile"}
        assert len(refusals) <= 45  # each was outrun at most once by each of the others


def test_of_ten_who_change_a_case_at_once_one_does_and_nine_are_told(url: str, tmp_path: Path) -> None:
    with open_casebook(tmp_path, url) as book, ThreadPoolExecutor(10) as pool:
        boss = person(book, "boss", "supervisor")
        made = cases.create(book, boss, draft())

        def one(number: int) -> str:
            try:
                cases.change(book, boss, made.case_id, 1, {"title": f"title {number}"})
            except Refused as error:
                return error.code
            return f"title {number}"

        told = list(pool.map(one, range(10)))
        after = cases.find(book, boss, made.case_id)
        assert Counter(told) == {"changed_meanwhile": 9, after.title: 1}
        assert after.version == 2
        list(pool.map(lambda n: add_note(book, boss, made.case_id, f"note {n}"), range(10)))
        notes = notes_of(book, boss, made.case_id)
        assert [note.number for note in notes] == list(range(1, 11))
        assert {note.text for note in notes} == {f"note {n}" for n in range(10)}
        more = list(pool.map(lambda _: cases.create(book, boss, draft()), range(10)))
        assert len({one.case_id for one in more}) == 10


def all_pages(casebook: Casebook, who: Who, wanted: CasesWanted, sort: str, limit: int) -> list[Case]:
    found: list[Case] = []
    after = None
    while True:
        page = listed(casebook, who, wanted, sort, after, limit)  # type: ignore[arg-type]
        found += page.cases
        after = page.following
        if after is None:
            assert page.total == len(found)
            return found


def test_pages_together_are_the_list_in_every_order(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    for number in range(7):
        due = date(2026, 3, 1 + number % 3) if number % 2 else None
        wanted = Draft(f"case {number}", (EAST,), due_on=due, priority="high" if number % 3 else "low")
        cases.create(casebook, boss, wanted, datetime(2026, 1, 1 + number % 4, tzinfo=UTC))
    for sort in SORTS:
        whole = listed(casebook, boss, CasesWanted(), sort, None, 50).cases
        assert len(whole) == 7
        assert [all_pages(casebook, boss, CasesWanted(), sort, limit) for limit in (1, 2, 3)] == [list(whole)] * 3
    due = [one.due_on for one in listed(casebook, boss, CasesWanted(), "due", None, 50).cases]
    assert due == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3), None, None, None, None]
    urgent = [one.priority for one in listed(casebook, boss, CasesWanted(), "priority", None, 50).cases]
    assert urgent == ["high"] * 4 + ["low"] * 3


def test_filters_and_search_find_what_fits_and_nobody_elses(casebook: Casebook) -> None:
    boss, east = person(casebook, "boss", "supervisor"), person(casebook, "east", "investigator", EAST)
    one = cases.create(
        casebook, boss, Draft("张三 医院 挂床", (EAST,), "ＡＢＣ ward", campaign="spring", due_on=date(2026, 3, 1))
    )
    tip_id = recorded(casebook, casebook.rules).tip_id
    two = cases.create(
        casebook, boss, Draft("100% of a ward_7", (WEST,), priority="high", origin="tip", origin_id=tip_id)
    )
    cases.assign(casebook, boss, two.case_id, 1, boss.caller_id)

    def found(who: Who = boss, **wanted: object) -> list[str]:
        return sorted(c.case_id for c in listed(casebook, who, CasesWanted(**wanted), "created", None, 9).cases)  # type: ignore[arg-type]

    both = [one.case_id, two.case_id]
    assert found() == both
    assert found(east) == [one.case_id]
    for wanted, expected in (
        ({"text": "挂床 abc"}, both[:1]),
        ({"text": "guachuang"}, both[:1]),
        ({"text": "YIYUAN zs"}, both[:1]),
        ({"text": "100%"}, both[1:]),
        ({"text": "d_7"}, both[1:]),
        ({"text": "%"}, both[1:]),
        ({"text": "挂床 7"}, []),
        ({"text": one.case_id.lower()}, both[:1]),
        ({"state": "assigned"}, both[1:]),
        ({"assignee": boss.caller_id}, both[1:]),
        ({"district": WEST}, both[1:]),
        ({"priority": "normal"}, both[:1]),
        ({"origin": "tip"}, both[1:]),
        ({"campaign": "spring"}, both[:1]),
        ({"resolution": "confirmed"}, []),
        ({"ring_id": "R1"}, []),
        ({"overdue_on": date(2026, 3, 2)}, both[:1]),
        ({"overdue_on": date(2026, 3, 1)}, []),
        ({"is_open": True}, both),
        ({"is_open": False}, []),
    ):
        assert found(**wanted) == expected, wanted
