"""Names for numbers: ids, people's names, phones, accounts, addresses. Seeded, unique, in no telling order.

Inside the city everything is a number; here each register is shuffled before it gets its texts, so that neighbours in
the making are no neighbours in the files. Three styles of id: "prefixed" (P0001234), "digits" (20 digits with leading
zeros), "hex".
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfinder.claims.city.arrow import padded
from ringfinder.claims.city.draws import Ints, Rng, distinct_numbers
from ringfinder.claims.city.parameters import IdStyle

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华红玉建国春梅海燕志云飞鑫波斌宇浩凯健俊帆雪荣爱"
VILLAGES = "清河柳林石桥杨家大塘新丰双井龙山松岗白沙东湖西坡南溪北庄金牛青阳永安太平望江凤凰梅岭竹园荷塘"
PREFIX = {
    "claim": "C",
    "patient": "P",
    "facility": "H",
    "card": "K",
    "doctor": "D",
    "recruiter": "A",
    "operator": "O",
    "terminal": "T",
}
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"


def ids(rng: Rng, what: str, n: int, style: IdStyle, *, ordered: bool = False) -> pa.Array:
    """`n` ids of one type; `ordered` keeps them rising (claim numbers are handed out as time goes by)."""
    lead = sorted(PREFIX).index(what) + 1
    width = max(4, len(str(n * 3)))
    rising = 1 + np.arange(n) * 3 + rng.integers(0, 3, n)
    numbers = rising if ordered else distinct_numbers(rng, n, 1, max(3 * n, 10))
    if style == "hex":
        return pa.array([f"{lead:x}{number:011x}" for number in numbers.tolist()], pa.string())
    if style == "digits":
        return padded(numbers + lead * 10**13, 20)
    return joined(PREFIX[what], padded(numbers, width))


def joined(*parts: str | pa.Array) -> pa.Array:
    """Texts and columns of texts, one after the other."""
    return pc.binary_join_element_wise(*parts, "")


def people_names(rng: Rng, n: int) -> pa.Array:
    """Chinese names of two or three characters; many people share one, as in life."""
    surname = pa.array(list(SURNAMES)).take(pa.array((len(SURNAMES) * rng.random(n) ** 1.6).astype(np.int64)))
    first = pa.array(list(GIVEN)).take(pa.array(rng.integers(0, len(GIVEN), n)))
    second = pa.array([*GIVEN, *[""] * 12]).take(pa.array(rng.integers(0, len(GIVEN) + 12, n)))
    return joined(surname, first, second)


def identity_numbers(birth: Ints, sex: Ints, district: Ints) -> pa.Array:
    """18-digit identity numbers: district, date of birth, serial (odd for men), check digit as GB 11643 has it."""
    order = np.lexsort((sex, district, birth))
    serial = np.zeros(len(birth), dtype=np.int64)
    key = birth[order].astype(np.int64) * 1000 + district[order] * 2 + sex[order]
    fresh = np.concatenate([[True], key[1:] != key[:-1]])
    within = np.arange(len(order)) - np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    serial[order] = within
    serial = (serial * 2 + sex) % 1000
    day = birth.astype("datetime64[D]")
    year = day.astype("datetime64[Y]").astype(np.int64) + 1970
    month = day.astype("datetime64[M]").astype(np.int64) % 12 + 1
    of_month = (day - day.astype("datetime64[M]")).astype(np.int64) + 1
    body = (340800 + district.astype(np.int64)) * 10**11 + (year * 10000 + month * 100 + of_month) * 1000 + serial
    digits = body[:, None] // 10 ** np.arange(16, -1, -1) % 10
    check = digits @ np.array(ID_WEIGHTS) % 11
    return joined(padded(body, 17), pa.array(list(ID_CHECKS)).take(pa.array(check)))


def phones(rng: Rng, n: int, special: dict[int, str]) -> pa.Array:
    """Mobile numbers; `special` ones keep their text (hotlines)."""
    return _with_special(padded(distinct_numbers(rng, n, 13_000_000_000, 19_000_000_000), 11), special)


def accounts(rng: Rng, n: int) -> pa.Array:
    """19-digit bank accounts."""
    return joined("621", padded(distinct_numbers(rng, n, 10**14, 10**16), 16))


def invoices(rng: Rng, n: int, special: dict[int, str]) -> pa.Array:
    """Eight-digit numbers (more when there are very many); `special` ones are placeholders."""
    high = max(10**8, 5 * n)
    return _with_special(padded(distinct_numbers(rng, n, high // 10, high), 8), special)


def addresses(rng: Rng, settlement_of: Ints, n: int, districts: Ints, special: dict[int, str]) -> pa.Array:
    """One text an address number: district, village, lane and house. `settlement_of` is known for the households'
    own."""
    village = settlement_of
    names = [
        VILLAGES[2 * (i % (len(VILLAGES) // 2)) : 2 * (i % (len(VILLAGES) // 2)) + 2]
        + (f"{i // (len(VILLAGES) // 2) + 1}" if i >= len(VILLAGES) // 2 else "")
        for i in range(int(village.max()) + 1)
    ]
    known = len(village)
    house = distinct_numbers(rng, known, 1, max(10, 4 * known))
    text = joined(
        "江县",
        padded(districts[village] + 1, 2),
        "区",
        pa.array(names).take(pa.array(village)),
        "村",
        pc.cast(pa.array(house // 60 + 1), pa.string()),
        "巷",
        pc.cast(pa.array(house % 60 + 1), pa.string()),
        "号",
    )
    return _with_special(pa.concat_arrays([text, pa.array([""] * (n - known), pa.string())]), special)


def facility_names(kind: Ints, level: Ints) -> pa.Array:
    """Names such as an index of facilities has them."""
    words = {0: "医院", 1: "卫生室", 2: "大药房"}
    grade = {0: "", 1: "民生", 2: "县第", 3: "市中心"}
    return pa.array(
        [f"{grade[int(lv)]}{i + 1}{words[int(k)]}" for i, (k, lv) in enumerate(zip(kind, level, strict=True))]
    )


def _with_special(texts: pa.Array, special: dict[int, str]) -> pa.Array:
    if not special:
        return texts
    places = sorted(special)
    mask = np.zeros(len(texts), dtype=bool)
    mask[places] = True
    return pc.replace_with_mask(texts, pa.array(mask), pa.array([special[i] for i in places]))
