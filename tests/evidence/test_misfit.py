"""Illnesses that ICD-10 limits to one sex, of the other one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import quick_view, with_people

from ringfinder.evidence.misfit import (
    AGREE,
    FEMALE,
    LEAST_CASES,
    MALE,
    SEX_SHARE,
    aged,
    limited,
    misfits,
    of_another,
    ways,
)
from ringfinder.evidence.view import BLANK, DAY, View

Case = tuple[str, int, int]  # code, sex, how many people


def world(*cases: Case, visits: int = 1) -> View:
    """So many people of a sex with an illness, each of whom comes so often."""
    codes = sorted({code for code, _, _ in cases})
    people = [(codes.index(code), sex) for code, sex, n in cases for _ in range(n)]
    diagnosis, sex = np.array(people).T
    who = np.tile(np.arange(len(people)), visits)
    view = quick_view(who, 0, np.arange(len(who)) * DAY, diagnosis=np.tile(diagnosis, visits))
    view = replace(view, codes=replace(view.codes, diagnosis=np.array(codes, object)))
    return with_people(view, sex=sex.astype(np.int8))


def of_the_other(view: View) -> list[int]:
    """People with an illness of the other sex."""
    sex = view.people.sex[view.visits.patient].astype(np.int64)
    found = of_another(view, view.visits.diagnosis != BLANK, sex, np.full(len(sex), BLANK))
    assert not (found.older | found.younger).any()  # no birth is known
    return sorted({int(p) for p in view.visits.patient[found.sex]})


def wrong(view: View) -> list[int]:
    return sorted({int(p) for p in view.visits.patient[misfits(view)]})


def test_the_categories_of_icd_10_that_one_sex_has() -> None:
    def of(*codes: str) -> list[int]:
        return limited(list(codes)).tolist()

    women = [
        "A34",
        "C51",
        "C58.9",
        "D06",
        "D25.0",
        "D28",
        "D39.1",
        "E28.2",
        "F53",
        "N70",
        "N80.1",
        "N98",
        "O00",
        "O99.8",
    ]
    women += ["Q50", "Q52", "Z32", "Z36.0", "Z39"]
    assert (FEMALE, MALE) == (0, 1)
    assert of(*women) == [FEMALE] * len(women)
    men = ["C60", "C61", "C63.1", "D29", "D40", "E29.1", "N40", "N51", "Q53.9", "Q55"]
    assert of(*men) == [MALE] * len(men)


def test_their_neighbours_may_be_anybodys() -> None:
    both = ["A33", "A35", "C50.9", "C59", "C64", "D05", "D07", "D24", "D30", "D38", "D41", "E27", "E30", "F52", "F54"]
    both += ["N39", "N52", "N69", "N99", "P00", "Q49", "Q56", "Z31", "Z37", "Z38", "Z40", "M54.5", "J20"]
    assert limited(both).tolist() == [BLANK] * len(both)


def test_what_is_no_code_of_icd_10_is_limited_to_nobody() -> None:
    odd = ["", "C", "C5", "c51", "51C", "CC1", "C-1", " C51", "dx1", "O9", "diagnosis 0003"]
    assert limited(odd).tolist() == [BLANK] * len(odd)
    assert limited([]).tolist() == []
    assert limited(["C51X", "N40+M1"]).tolist() == [FEMALE, MALE]  # by its category, whatever follows


def test_one_case_suffices_where_sixty_agree() -> None:
    """Ten illnesses of six women each: too few to learn of any of them whose it is."""
    women = [(f"N{70 + i}.1", FEMALE, 6) for i in range(10)]
    view = world(*women, ("N73.1", MALE, 1))
    assert wrong(view) == of_the_other(view) == [60]
    # and one that nobody else has
    assert wrong(world(*women, ("C61", FEMALE, 1))) == [60]
    assert wrong(world(*women, ("C61", MALE, 1), ("M54", MALE, 20), ("M54", FEMALE, 20))) == []


@pytest.mark.parametrize(
    ("women", "men", "known"),
    [
        (39, 21, True),  # thirteen twentieths of sixty
        (39, 20, False),  # fifty-nine cases
        (38, 22, False),
        (390, 210, True),
        (389, 211, False),
    ],
)
def test_the_codes_are_those_of_icd_10_where_enough_of_sixty_agree(women: int, men: int, known: bool) -> None:
    assert (LEAST_CASES, AGREE) == (60, 0.65)
    view = world(("C53", FEMALE, women), ("C53", MALE, men))
    assert of_the_other(view) == (list(range(women, women + men)) if known else [])


def test_cases_of_both_lists_agree_together() -> None:
    """Forty women with theirs and twenty men with theirs are sixty; of one list alone neither would do."""
    both = world(("C53", FEMALE, 40), ("C61", MALE, 20), ("C61", FEMALE, 2))
    assert of_the_other(both) == [60, 61]
    swapped = world(("C53", MALE, 40), ("C61", FEMALE, 20), ("C61", MALE, 2))
    assert of_the_other(swapped) == []


def test_a_case_is_a_person_however_often_he_comes() -> None:
    assert of_the_other(world(("C53", FEMALE, 58), ("C53", MALE, 1), visits=3)) == []
    view = world(("C53", FEMALE, 59), ("C53", MALE, 1), visits=3)
    assert of_the_other(view) == [59]
    assert misfits(view).sum() == 3


def test_who_is_of_unknown_sex_neither_agrees_nor_misfits() -> None:
    assert of_the_other(world(("C53", FEMALE, 59), ("C53", BLANK, 30))) == []
    assert of_the_other(world(("C53", FEMALE, 60), ("C53", BLANK, 30))) == []
    view = world(("C53", FEMALE, 60), ("C53", BLANK, 30), ("C53", MALE, 1))
    assert of_the_other(view) == wrong(view) == [90]


def test_a_house_with_codes_of_its_own_is_judged_by_what_is_learnt() -> None:
    """Half of those with "C53" are men, so it is another illness here; one of 61 with "X1" is a woman, which is below 3 %."""
    assert SEX_SHARE == 0.03
    view = world(("C53", FEMALE, 50), ("C53", MALE, 50), ("X1", MALE, 60), ("X1", FEMALE, 1))
    assert wrong(view) == [160]


def born(view: View, years: list[int]) -> View:
    """The view with people of so many full years on the first day."""
    return with_people(view, birth=np.array([-365 * age - 100 for age in years], np.int64))


def test_who_is_too_old_for_the_newborns_and_for_a_birth() -> None:
    """A newborn is treated on a parent's card, not on a grandmother's; nobody of five or seventy gives birth."""
    ages = {"O80.0": (25, 9, 64, 8, 65), "P59.9": (0, 50, 51), "P07.3": (70,)}
    cases = [(code, age) for code, some in ages.items() for age in some] + [("C53", 40)] * 60
    view = born(world(*((code, FEMALE, 1) for code, _ in cases)), [age for _, age in cases])
    sex = view.people.sex[view.visits.patient].astype(np.int64)
    years = np.array([age for _, age in cases])
    found = of_another(view, view.visits.diagnosis != BLANK, sex, years)
    assert [np.flatnonzero(of).tolist() for of in (found.sex, found.older, found.younger)] == [[], [3], [4, 7, 8]]
    why = ways(view)
    assert [np.flatnonzero(of).tolist() for of in (why.sex, why.older, why.younger)] == [[], [3], [4, 7, 8]]
    assert set(np.flatnonzero(misfits(view)).tolist()) == {3, 4, 7, 8}


def test_an_illness_of_older_people_and_one_of_younger_ones_are_told_apart() -> None:
    """What is learnt from the claims: of 120 patients one is decades younger than the rest, or older."""
    people = [("I10", FEMALE, 120), ("J45", FEMALE, 120)]
    ages = [70] * 119 + [12] + [10] * 119 + [75]
    view = born(world(*people), ages)
    why = ways(view)
    assert [np.flatnonzero(of).tolist() for of in (why.sex, why.older, why.younger)] == [[], [119], [239]]


def test_of_a_register_that_errs_once_every_misfit_is_of_one_kind() -> None:
    """A woman entered as a man has women's illnesses and no misfit of age."""
    view = born(world(("C53", FEMALE, 100), ("N80", FEMALE, 100), ("C53", MALE, 1), ("N80", MALE, 1)), [45] * 202)
    why = ways(view)
    assert [np.flatnonzero(of).tolist() for of in (why.sex, why.older, why.younger)] == [[200, 201], [], []]


def test_the_ages_of_chapters() -> None:
    youngest, oldest = aged(["O00", "O99.8", "P00", "P96.1", "P97", "N99", "Q00", "", "O"])
    assert youngest.tolist() == [9, 9, 0, 0, *[BLANK] * 5]
    assert oldest.tolist() == [64, 64, 50, 50, *[BLANK] * 5]
    assert [part.tolist() for part in aged([])] == [[], []]


def test_no_codes_no_misfits() -> None:
    assert misfits(quick_view([0] * 0, [0] * 0, [0] * 0)).tolist() == []
    assert misfits(quick_view([0, 1], 0, [0, DAY])).tolist() == [False, False]
