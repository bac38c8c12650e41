"""From any text file that people export to plain UTF-8 that can be read in parallel.

One pass over a file gives its SHA-256 and tells its encoding. UTF-8 (the rule) is read where it lies; gzip, GB18030,
UTF-16 and odd line ends are written out once, streaming, into the work folder. Bytes that are no text become U+FFFD,
and the ids that hold one are rejected row by row later. Then the header is read: its delimiter is the one that splits
it into columns which a profile knows.

Known blind spot: a GB18030 file whose few Chinese characters all happen to be valid UTF-8 reads as UTF-8 with odd
letters; among a dozen different characters that does not happen.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ringfinder.claims.blanks import empty_line_in
from ringfinder.claims.profiles.profile import plain
from ringfinder.errors import InputError
from ringfinder.words.sentences import Sentence

CHUNK = 1 << 22
PEEK = 1 << 16  # a header longer than this is not a header
DELIMITERS = ",;\t|"
# Of the bytes beyond ASCII, the share that must form whole UTF-8 characters for a file with a broken byte to be UTF-8.
# Chinese in GB18030 forms them by chance only, far below a half.
MOSTLY_UTF8 = 0.7
# More unreadable characters than this share of those beyond ASCII (and than a few) mean another encoding, not damage.
MOST_UNREADABLE = 0.05
FEW_UNREADABLE = 10

_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", re.DOTALL)
_ASCII = bytes(range(128))
_NOT_TEXT = {
    b"PK\x03\x04": "workbook_or_zip",
    b"\xd0\xcf\x11\xe0": "old_workbook",
    b"PAR1": "parquet_unnamed",
    b"%PDF": "pdf",
    b"SQLi": "sqlite",
}


@dataclass(frozen=True)
class Text:
    """A text file made readable: `path` is UTF-8 with uniform line ends; `encoding` as found; `sha256` of the file
    given; `empty_lines`: whether it may hold some."""

    path: Path
    encoding: str
    sha256: str
    empty_lines: bool


@dataclass(frozen=True)
class Header:
    """The columns of a text file, the sign between them, the lines to skip before them and how many of these are
    blank."""

    columns: list[str]
    delimiter: str
    skip: int
    blank: int


def is_gzip(path: Path) -> bool:
    """Whether the file's first bytes say gzip, whatever its name."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def prepare(path: Path, name: str, work: Path, stem: str) -> Text:
    """Reads `path` once; where it is not plain UTF-8, a copy that is goes to `work`/`stem`.csv. `name` is for
    messages."""
    digest = hashlib.sha256()
    lying = path
    if is_gzip(path):
        lying = work / f"{stem}.unzipped"
        _unzip(path, name, lying)
        for block in _blocks(path):
            digest.update(block)
    encoding, uniform, empty_lines = _examine(lying, name, digest if lying is path else None)
    if encoding == "utf-8" and uniform:
        return Text(lying, encoding, digest.hexdigest(), empty_lines)
    copy = work / f"{stem}.csv"
    empty_lines = _transcode(lying, name, copy, encoding)
    if lying is not path:
        lying.unlink()
    return Text(copy, encoding, digest.hexdigest(), empty_lines)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            yield block


def _hashed(blocks: Iterator[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    """The blocks, each fed to `digest` by a thread of its own while the caller looks at it."""
    with ThreadPoolExecutor(1) as beside:
        for block in blocks:
            fed = beside.submit(digest.update, block)
            yield block
            fed.result()


def _unzip(path: Path, name: str, target: Path) -> None:
    try:
        with gzip.open(path, "rb") as source, target.open("wb") as sink:
            while block := source.read(CHUNK):
                sink.write(block)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(Sentence("faults_claims.corrupt_gzip", name=name)) from error


def _examine(path: Path, name: str, digest: hashlib._Hash | None) -> tuple[str, bool, bool]:
    """The encoding of a file, whether its line ends are all alike and of today's kinds, and whether it may hold empty
    lines; feeds `digest` on the way."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, before = "utf-8", b""
    ends = {b"\n": 0, b"\r\n": 0, b"\r": 0}
    size, within_character, empty_lines = 0, 0, False
    for block in _hashed(_blocks(path), digest) if digest else _blocks(path):
        if size == 0:
            encoding = _told_by_head(block, name)
        size += len(block)
        if encoding == "utf-8" and not (block.isascii() and within_character == 0):
            try:
                decoder.decode(block)
                within_character = len(decoder.getstate()[0])
            except UnicodeDecodeError:
                encoding = _utf8_or_gb18030(before + block)
        if encoding != "utf-16" and b"\0" in block:
            raise InputError(Sentence("faults_claims.nul", name=name))
        _count_ends(before[-1:], block, ends)
        empty_lines = empty_lines or empty_line_in(before, block)
        before = block
    if encoding == "utf-8":
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            encoding = "utf-8, damaged"
    if size == 0:
        raise InputError(Sentence("faults_claims.empty_without_header", name=name))
    uniform = [kind for kind, count in ends.items() if count] in ([], [b"\n"], [b"\r\n"])
    return encoding, uniform, empty_lines


def _told_by_head(block: bytes, name: str) -> str:
    for magic, fault in _NOT_TEXT.items():
        if block.startswith(magic):
            raise InputError(Sentence(f"faults_claims.{fault}", name=name))
    start = block[:512].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise InputError(Sentence("faults_claims.web_page", name=name))
    if start.startswith((b"{", b"[")):
        raise InputError(Sentence("faults_claims.json", name=name))
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8"


def _utf8_or_gb18030(sample: bytes) -> str:
    beyond_ascii = len(sample.translate(None, _ASCII))
    whole = sum(len(character) for character in _UTF8_CHARACTER.findall(sample))
    return "utf-8, damaged" if whole >= MOSTLY_UTF8 * beyond_ascii else "gb18030"


def _count_ends(last: bytes, block: bytes, ends: dict[bytes, int]) -> None:
    """Counts line ends by kind; a pair cut by the block's border counts once."""
    feeds = block.count(b"\n")
    if b"\r" not in block and last != b"\r":
        ends[b"\n"] += feeds
        return
    pairs = block.count(b"\r\n") + (last == b"\r" and block[:1] == b"\n")
    ends[b"\r\n"] += pairs
    ends[b"\n"] += feeds - pairs
    lone = block.count(b"\r") - block.count(b"\r\n") - (block[-1:] == b"\r")
    ends[b"\r"] += max(lone, 0) + (last == b"\r" and block[:1] != b"\n")


def _transcode(path: Path, name: str, target: Path, encoding: str) -> bool:
    """Writes a copy as UTF-8 with plain line ends; whether it may hold empty lines."""
    codec = encoding.removesuffix(", damaged")
    lost = characters = 0
    before, empty_lines = "", False
    with (
        path.open("r", encoding=codec, errors="replace", newline=None) as source,
        target.open("w", encoding="utf-8", newline="") as sink,
    ):
        while block := source.read(CHUNK):
            lost += block.count("\ufffd")
            characters += len(block) - len(block.encode("ascii", "ignore"))
            sink.write(block)
            empty_lines = empty_lines or "\n\n" in block or (before + block[:1]) == "\n\n"
            before = block[-1:]
    if lost > max(FEW_UNREADABLE, MOST_UNREADABLE * characters):
        raise InputError(Sentence("faults_claims.encoding", name=name))
    return empty_lines


def peek(path: Path) -> str:
    """The first lines of a text file of any encoding, for finding out what it is; '' if it cannot be told."""
    try:
        if is_gzip(path):
            with gzip.open(path, "rb") as file:
                head = file.read(PEEK)
        else:
            with path.open("rb") as file:
                head = file.read(PEEK)
    except (OSError, EOFError, zlib.error):
        return ""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    lines = head.splitlines(keepends=True)
    head = b"".join(lines[:-1]) if len(lines) > 1 and len(head) == PEEK else head
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError:
        return head.decode("gb18030", errors="replace")


def header(text: str, known: frozenset[str] = frozenset()) -> Header:
    """The header at the start of `text`: its delimiter is the one that yields most of the `known` column names.

    Blank lines before it and Excel's `sep=;` are skipped. The first delimiter of `DELIMITERS` wins a tie.
    """
    lines = text.lstrip("\ufeff").split("\n")
    skip = 0
    while skip < len(lines) and not lines[skip].strip():
        skip += 1
    blank, candidates = skip, DELIMITERS
    if skip < len(lines) and (hint := re.fullmatch(r"\"?sep=(.)\"?\r?", lines[skip], re.IGNORECASE)):
        candidates = hint[1]
        skip += 1
    rest = "\n".join(lines[skip:])
    best = Header([], candidates[0], skip, blank)
    best_score = (-1, -1)
    for delimiter in candidates:
        cells = _first_record(rest, delimiter)
        score = (sum(plain(cell) in known for cell in cells), len(cells))
        if score > best_score:
            best, best_score = Header(cells, delimiter, skip, blank), score
    return best


def _first_record(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    except csv.Error:
        return []
