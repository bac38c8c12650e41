"""Blank lines: no rows, but rows of the spreadsheet that a person opens to look a reject up.

DuckDB passes over an empty line without a word, and then nobody knows which row the next one is. So a text file with empty
lines after its header is copied once, each of them filled with delimiters: a row without any value, which is staged at its
place, dropped and counted like every other row without a value. Lines of blanks or too few delimiters are told by DuckDB
as too short; `is_blank_sql` knows them.

An empty line inside a quoted cell belongs to the cell: what lies between a quotation mark that opens a cell and the one
that closes it is passed over.
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path
from typing import BinaryIO

from ringfinder.claims.values import quote

CHUNK = 1 << 22
BLANK = "blank"  # beside the reasons of `Malformed`: a line that is no row, and no fault either
_EMPTY = re.compile(rb"\n\r?\n")  # a third of the time that looking for both as bytes takes


def empty_line_in(before: bytes, block: bytes) -> bool:
    """Whether a block of a file, of which `before` came right before it, may hold an empty line."""
    return bool(_EMPTY.search(block) or _EMPTY.search(before[-2:] + block[:2]))


def fill(path: Path, target: Path, skip: int, delimiter: str, columns: int) -> None:
    """Copies `path` to `target`, delimiters for `columns` columns in every empty line but the first `skip` lines."""
    filling = delimiter.encode() * (columns - 1)
    cell = rb'(?<=[\n\r%s])"[^"]*+(?:""[^"]*+)*+"' % re.escape(delimiter.encode())
    up_to_an_empty_line = re.compile(rb'(?:[^\n"]++|%s|"|\n(?!\r?\n))*+\n(?=\r?\n)' % cell)
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        target.open("wb") as sink,
    ):
        place = 0
        for _ in range(skip):
            place = content.find(b"\n", place) + 1
        _copy(content, 0, place, sink)
        while found := up_to_an_empty_line.match(content, place):
            _copy(content, place, found.end(), sink)
            sink.write(filling)
            place = found.end()
        _copy(content, place, len(content), sink)


def _copy(content: mmap.mmap, start: int, end: int, sink: BinaryIO) -> None:
    for place in range(start, end, CHUNK):
        sink.write(content[place : min(place + CHUNK, end)])


def is_blank_sql(line: str, delimiter: str) -> str:
    """SQL: whether the text `line` holds blanks, quotation marks and delimiters only."""
    pattern = rf'[\s\p{{Z}}\x{{feff}}"{re.escape(delimiter)}]*'
    return f"regexp_full_match({line}, {quote(pattern)})"
