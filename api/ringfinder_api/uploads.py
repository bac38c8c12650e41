"""A claim set in a request: `multipart/form-data`, its files written to disk as they come.

    files       one part a file, or one ZIP of them
    profile     as in `JobRequest`
    settings    as in `JobRequest`, as JSON

Nothing is held in memory but one piece of the body. A file gets the bare name that its part gives, in a folder of its own; a
name that is more than that is refused. What is in a ZIP is looked at afterwards, in a process of its own (see `unpacking`).
"""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import BinaryIO

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ringfinder.errors import is_disk_full
from ringfinder_api.problems import Problem

FORM = "multipart/form-data"
FILES = "files"
PLAIN_NAME = re.compile(r"[^./\\:\x00-\x1f\x7f][^/\\:\x00-\x1f\x7f]{0,99}")
MOST_FILES = 64
MOST_FIELD = 10_000  # bytes of a field that is no file
FIELDS = ("profile", "settings")


class Receiver:
    """Takes a body apart as it comes: files into `folder`, the other parts into `fields`."""

    def __init__(self, content_type: str, folder: Path) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != FORM.encode() or not boundary:
            raise Problem("invalid", fields="header.content-type")
        self.fields: dict[str, str] = {}
        self.names: set[str] = set()
        self._folder = folder
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._disposition = b""
        self._file: BinaryIO | None = None
        self._field, self._value = "", bytearray()
        self._whole = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._open,
                "on_part_data": self._write,
                "on_part_end": self._close,
                "on_end": self._end,
            },
        )

    async def take(self, request: Request) -> None:
        """Read the whole body; Problem for one that is no form, or holds what is not asked for."""
        try:
            async for piece in request.stream():
                if piece:
                    await asyncio.to_thread(self._parser.write, piece)
        except FormParserError as error:
            raise Problem("bad_form") from error
        except OSError as error:
            if is_disk_full(error):
                raise Problem("unpacks_too_large") from error
            raise
        finally:
            self.close()
        if not self._whole:
            raise Problem("bad_form")
        if not self.names:
            raise Problem("invalid", fields=f"body.{FILES}")

    def close(self) -> None:
        """Let go of a file that is still open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._disposition = b""
        self._value.clear()

    def _header_end(self) -> None:
        name, value = self._header
        if bytes(name).lower() == b"content-disposition":
            self._disposition = bytes(value)
        elif bytes(name).lower() == b"content-transfer-encoding" and bytes(value).lower() not in (
            b"binary",
            b"8bit",
            b"7bit",
        ):
            raise Problem("bad_form")
        name.clear()
        value.clear()

    def _open(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        if self._field in FIELDS and b"filename" not in options and self._field not in self.fields:
            return
        if self._field != FILES:
            raise Problem("invalid", fields="body....")
        if len(self.names) >= MOST_FILES:
            raise Problem("too_many_files", limit=MOST_FILES)
        name = plain_name(options.get(b"filename", b"").decode("utf-8", "replace"), self.names)
        self.names.add(name.lower())
        self._file = open_new(self._folder / name)

    def _write(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > MOST_FIELD:
            raise Problem("invalid", fields=f"body.{self._field}")

    def _close(self) -> None:
        if self._file is None:
            self.fields[self._field] = bytes(self._value).decode("utf-8", "replace")
        self.close()

    def _end(self) -> None:
        self._whole = True


def plain_name(name: str, taken: set[str]) -> str:
    """The name, where it is nothing but the name of a file and not yet taken; else Problem."""
    if not PLAIN_NAME.fullmatch(name) or name.lower() in taken:
        raise Problem("unsafe_name")
    return name


def open_new(path: Path) -> BinaryIO:
    """A file that was not there, the owner's alone; never through a link."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb")
