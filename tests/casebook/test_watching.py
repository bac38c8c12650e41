from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from ringfinder.casebook import audit, watching
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.rules import Rules, months_after, read_rules
from ringfinder.casebook.watching import Entry, Wanted, Watched
from ringfinder.errors import Refused

ACTOR = "user u1"


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return read_rules(tmp_path)


def entry(rules: Rules, **other: object) -> Entry:
    today = rules.today()
    made = Entry("facility", "H1", "仁爱医院", "东城", "多次空刷", "hand", None, today, today + timedelta(days=30))
    return replace(made, **other)  # type: ignore[arg-type]


def ids(casebook: Casebook, wanted: Wanted, today: date) -> list[str]:
    return [one.watch_id for one in watching.page(casebook, wanted, today, None, 100)[0]]


def test_entry_expires_by_itself_and_the_night_job_writes_it_down(casebook: Casebook, rules: Rules) -> None:
    made = watching.watch(casebook, entry(rules), rules, ACTOR)
    last = made.entry.ends_on
    later = last + timedelta(days=1)
    on_last, after = (watching.find(casebook, made.watch_id, day) for day in (last, later))
    assert on_last is not None
    assert after is not None
    assert (on_last.state, after.state, after.ended_on) == ("active", "expired", last)
    assert ids(casebook, Wanted(state="expired"), later) == [made.watch_id]
    assert ids(casebook, Wanted(state="active"), later) == []
    assert [watching.expire(casebook, day, ACTOR) for day in (last, later, later)] == [0, 1, 0]
    assert ids(casebook, Wanted(state="expired"), later) == [made.watch_id]
    assert audit.latest(casebook, 1)[0].action == "watch.expired"


def test_extension_has_a_later_end_within_bounds_and_a_reason(casebook: Casebook, rules: Rules) -> None:
    made = watching.watch(casebook, entry(rules), rules, ACTOR)
    most = months_after(rules.today(), 36)
    for end, code in ((made.entry.ends_on, "bad_last_day"), (most + timedelta(days=1), "watched_too_long")):
        with pytest.raises(Refused) as told:
            watching.extend(casebook, made.watch_id, 1, end, "again", rules, ACTOR)
        assert told.value.code == code
    longer = watching.extend(casebook, made.watch_id, 1, most, "again", rules, ACTOR)
    assert longer is not None
    assert (longer.entry.ends_on, longer.entry.reason, longer.version) == (most, "again", 2)


def test_entry_that_is_over_goes_no_further(casebook: Casebook, rules: Rules) -> None:
    made = watching.watch(casebook, entry(rules), rules, ACTOR)
    ended = watching.end(casebook, made.watch_id, 1, "cleared", rules, ACTOR)
    assert ended is not None
    assert (ended.state, ended.ended_on, ended.end_reason) == ("ended", rules.today(), "cleared")
    with pytest.raises(Refused) as told:
        watching.extend(casebook, made.watch_id, 2, made.entry.ends_on + timedelta(days=1), "x", rules, ACTOR)
    assert told.value.code == "step_refused"
    with pytest.raises(Refused) as told:
        watching.end(casebook, made.watch_id, 1, "x", rules, ACTOR)
    assert told.value.code == "changed_meanwhile"


def test_one_is_watched_once_at_a_time(casebook: Casebook, rules: Rules) -> None:
    made = watching.watch(casebook, entry(rules), rules, ACTOR)
    with pytest.raises(Refused) as told:
        watching.watch(casebook, entry(rules, reason="again"), rules, ACTOR)
    assert told.value.code == "watched_already"
    watching.end(casebook, made.watch_id, 1, "cleared", rules, ACTOR)
    assert watching.watch(casebook, entry(rules), rules, ACTOR).state == "active"


def test_district_does_not_learn_whom_another_one_watches(casebook: Casebook, rules: Rules) -> None:
    made = watching.watch(casebook, entry(rules), rules, ACTOR)
    other = watching.watch(casebook, entry(rules, district="西城"), rules, ACTOR)
    assert ids(casebook, Wanted(districts={"西城"}), rules.today()) == [other.watch_id]
    watching.end(casebook, other.watch_id, 1, "cleared", rules, ACTOR)
    assert ids(casebook, Wanted(state="active"), rules.today()) == [made.watch_id]


def test_span_that_cannot_be_is_refused(casebook: Casebook, rules: Rules) -> None:
    today = rules.today()
    for given, code in (
        ({"ends_on": today - timedelta(days=1), "starts_on": today - timedelta(days=9)}, "bad_last_day"),
        ({"starts_on": today + timedelta(days=31)}, "bad_last_day"),
        ({"ends_on": date(9999, 1, 1)}, "watched_too_long"),
        ({"starts_on": date(9999, 12, 1), "ends_on": date.max}, "watched_too_long"),
        ({"starts_on": months_after(today, 36), "ends_on": months_after(today, 37)}, "watched_too_long"),
    ):
        with pytest.raises(Refused) as told:
            watching.watch(casebook, entry(rules, **given), rules, ACTOR)
        assert told.value.code == code


def test_list_is_filtered_found_by_pinyin_and_paged(casebook: Casebook, rules: Rules) -> None:
    today = rules.today()
    made: list[Watched] = [
        watching.watch(
            casebook,
            entry(
                rules, entity_id=f"H{n}", district="东城" if n % 2 else "西城", ends_on=today + timedelta(days=9 - n)
            ),
            rules,
            ACTOR,
        )
        for n in range(5)
    ]
    expected = [one.watch_id for one in reversed(made)]
    assert ids(casebook, Wanted(text="renai"), today) == expected
    assert ids(casebook, Wanted(text="ra医院"), today) == []
    assert ids(casebook, Wanted(entity=("facility", "H3")), today) == [made[3].watch_id]
    assert ids(casebook, Wanted(district="东城", districts={"东城"}), today) == [made[3].watch_id, made[1].watch_id]
    assert ids(casebook, Wanted(districts={"南城"}), today) == []
    first, total, place = watching.page(casebook, Wanted(), today, None, 3)
    rest, _, end = watching.page(casebook, Wanted(), today, place, 3)
    assert ([one.watch_id for one in (*first, *rest)], total, end) == (expected, 5, None)
