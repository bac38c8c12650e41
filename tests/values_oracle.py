"""What a written value means, in plain Python: the readers' SQL is held against this."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

BLANKS = (
    "".join(chr(c) for c in range(0x10000) if unicodedata.category(chr(c)).startswith("Z"))
    + "\t\n\f\r\v\ufeff\u200b\u200c\u200d\u2060"
)
ERRORS = re.compile(r"#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|#+)")
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－−：／＋　", "0123456789.,--:/+ ")


def clean(text: str) -> str | None:
    """The value without what spreadsheets put around it; None if nothing is left."""
    if not re.fullmatch(r"[!-&(-<>-~]([ -~]*[!-~])?", text):
        text = text.strip(BLANKS)
        wrapped = re.fullmatch(r'="([^"]*)"', text)
        text = wrapped[1] if wrapped else text
        text = text.removeprefix("'").strip(BLANKS)
    return None if text in ("", r"\N") else text


def half(text: str) -> str:
    """Full-width digits and signs as plain ones, letters as capitals."""
    return text.upper().translate(FULL_WIDTH)


def identifier(text: str) -> str | None:
    """An id as written, or None where a spreadsheet may have damaged it."""
    value = clean(text)
    if value is None or len(value) > 128 or ERRORS.fullmatch(value):
        return None
    if re.search("[\ufffd\x00-\x1f\x7f]", value):
        return None
    number = re.fullmatch(r"[-+]?[0-9]+(\.[0-9]*)?(e[-+]?[0-9]+)?", value, re.IGNORECASE)
    if not number:
        return value
    point, exponent = number[1], number[2]
    if exponent:
        digits_after = point is not None and len(point) > 1
        signed = exponent[1] in "+-"
        return None if digits_after or (signed and point is None) else value
    if point is not None and set(point) <= {".", "0"}:
        return None
    return value


def amount(text: str) -> Decimal | None:
    """An amount in cents, or None where it is not one for sure."""
    value = clean(text)
    if value is None:
        return None
    shape = re.fullmatch(
        r"(?P<a>[-+]?)[\t\n\f\r ]*(?:¥|￥|RMB|CNY|人民币)?[\t\n\f\r ]*(?P<b>[-+]?)[\t\n\f\r ]*"
        r"(?P<number>[0-9.,]+)[\t\n\f\r ]*(?:元|圆|RMB|CNY)?",
        half(value),
    )
    if not shape or (shape["a"] and shape["b"]):
        return None
    whole, point, cents = shape["number"].partition(".")
    if (point and not cents) or (cents and not cents.isdigit()):
        return None
    groups = whole.split(",")
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and len(groups) <= 4 and all(len(g) == 3 for g in groups[1:])):
        return None
    digits = "".join(groups)
    if len(digits) > 12 or not (digits or cents):
        return None
    sign = -1 if "-" in (shape["a"], shape["b"]) else 1
    exact = Decimal(f"{digits or '0'}.{cents or '0'}")
    rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return sign * rounded if rounded < Decimal(10) ** 12 else None


_DATE = r"(?P<y>[0-9]{4})(?:-(?P<m1>[0-9]{1,2})-|/(?P<m2>[0-9]{1,2})/|\.(?P<m3>[0-9]{1,2})\.)(?P<d>[0-9]{1,2})"
_CHINESE_DATE = r"(?P<y>[0-9]{4})\s*年\s*(?P<m1>[0-9]{1,2})\s*月\s*(?P<d>[0-9]{1,2})\s*[日号]"
_CLOCK = r"(?P<H>[0-9]{1,2}):(?P<M>[0-9]{1,2})(?::(?P<S>[0-9]{1,2})(?:[.,][0-9]{1,9})?)?"
_CHINESE_CLOCK = r"(?P<H>[0-9]{1,2})\s*[时点](?:\s*(?P<M>[0-9]{1,2})\s*分(?:\s*(?P<S>[0-9]{1,2})\s*秒)?)?"
_HALF_DAY = r"(?:(?P<before>上午|下午|AM|PM)\s*)?"
_REST = r"\s*(?P<after>AM|PM)?\s*(?P<zone>Z|UTC|GMT|[-+][0-9]{2}(?::?[0-9]{2})?)?\s*"


def moment(text: str, zone: str) -> datetime | None:
    """A local time to the second, or None where it is none or could be read in two ways."""
    value = clean(text)
    if value is None:
        return None
    value = half(value)
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", value):
        serial = float(value)
        if not 10000 <= serial < 73051:
            return None
        found: datetime | None = datetime(1899, 12, 30) + timedelta(seconds=round_half_away(serial * 86400))
    else:
        found = _written(value, zone)
    return found if found and 1900 <= found.year <= 2100 else None


def round_half_away(x: float) -> int:
    """As SQL rounds."""
    return int(x + 0.5)


def _written(value: str, zone: str) -> datetime | None:
    dates = (
        (_DATE, r"[ T]+"),
        (_CHINESE_DATE, r"[\sT]*"),
        (r"(?P<y>[0-9]{4})(?P<m1>[0-9]{2})(?P<d>[0-9]{2})", r"[ T]+"),
    )
    tight = [(date, r"\s*" if "年" in date else "[ T]") for date, _ in dates]
    compact = r"(?P<H>[0-9]{2})(?P<M>[0-9]{2})(?P<S>[0-9]{2})"
    forms = [f"{date}\\s*" for date, _ in dates]
    forms += [f"{date}{gap}{_HALF_DAY}{_CLOCK}{_REST}" for date, gap in dates]
    forms += [f"{date}{gap}{_HALF_DAY}{_CHINESE_CLOCK}" for date, gap in dates]
    forms += [f"{date.replace('{1,2}', '{2}')}{gap}{compact}{_REST}" for date, gap in tight]
    forms += [f"{dates[2][0]}(?P<H>[0-9]{{2}})(?P<M>[0-9]{{2}})", f"{dates[2][0]}{compact}"]
    for form in forms:
        match = re.fullmatch(form, value, re.ASCII)
        if match:
            return _put_together({k: v for k, v in match.groupdict().items() if v}, zone)
    return None


def _put_together(parts: dict[str, str], zone: str) -> datetime | None:
    hour = int(parts.get("H", 0))
    halves = [parts[k] for k in ("before", "after") if k in parts]
    if halves:
        if len(halves) == 2 or not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if halves[0] in ("下午", "PM") else 0)
    month = parts.get("m1") or parts.get("m2") or parts["m3"]
    try:
        local = datetime(
            int(parts["y"]), int(month), int(parts["d"]), hour, int(parts.get("M", 0)), int(parts.get("S", 0))
        )
    except ValueError:
        return None
    offset = parts.get("zone")
    if offset is None:
        return local
    minutes = 0
    if offset not in ("Z", "UTC", "GMT"):
        hours, rest = int(offset[1:3]), int(offset[3:].removeprefix(":") or 0)
        if hours > 14 or rest > 59:
            return None
        minutes = (hours * 60 + rest) * (-1 if offset[0] == "-" else 1)
    try:
        moved = (local - timedelta(minutes=minutes)).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    except OverflowError:
        return None
    return moved.replace(tzinfo=None)
