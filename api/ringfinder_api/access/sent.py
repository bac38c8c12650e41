"""What was sent, as a digest, while it goes by: of a body that is not held in memory.

A form is sent with another boundary each time, so that of a form its parts count: their headers and what is in them, one after the
other. What is no whole form has no digest, and is the same as nothing.
"""

from __future__ import annotations

import hashlib

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.types import Message

FORM = b"multipart/form-data"


class Sent:
    """`receive` of a request, that counts what it hands on."""

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        self._form = Form(options[b"boundary"]) if kind == FORM and options.get(b"boundary") else None
        self._bytes = hashlib.sha256()
        self.over = False

    async def receive(self) -> Message:
        """The next piece of the body."""
        message = await self._receive()
        piece: bytes = message.get("body", b"")
        self.over = not message.get("more_body", False)
        if self._form is None:
            self._bytes.update(piece)
        else:
            self._form.take(piece)
        return message

    async def rest(self) -> None:
        """Read what nobody read."""
        while not self.over:
            await self.receive()

    @property
    def digest(self) -> str | None:
        """Of all that was sent; None for what is no whole form."""
        return self._bytes.hexdigest() if self._form is None else self._form.digest


class Form:
    """The parts of a form, each as a digest of its headers and of what is in it."""

    def __init__(self, boundary: bytes) -> None:
        self._all, self._heads, self._content = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
        self._head: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._whole = self._broken = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._head[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._head[1].extend(data[start:end]),
                "on_header_end": self._header_end,
                "on_part_data": lambda data, start, end: self._content.update(data[start:end]),
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def take(self, piece: bytes) -> None:
        """The next piece; what cannot be taken apart is left to whoever reads it."""
        if piece and not self._broken:
            try:
                self._parser.write(piece)
            except FormParserError:
                self._broken = True

    @property
    def digest(self) -> str | None:
        return self._all.hexdigest() if self._whole and not self._broken else None

    def _begin(self) -> None:
        self._heads, self._content = hashlib.sha256(), hashlib.sha256()

    def _header_end(self) -> None:
        for text in self._head:
            self._heads.update(hashlib.sha256(text).digest())
            text.clear()

    def _part_end(self) -> None:
        self._all.update(self._heads.digest() + self._content.digest())

    def _end(self) -> None:
        self._whole = True
