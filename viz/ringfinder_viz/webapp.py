"""The investigator's app as it was built: what `ringfinder serve` hands out.

    make app       viz/web/ (TypeScript) -> viz/ringfinder_viz/app/: index.html, and files named by the digest of what is in them

A wheel carries the built app; a source folder where nobody built it has none. Files are read once, and are kept packed as well,
since browsers take them so.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FOLDER, INDEX = "app", "index.html"
TYPES: Mapping[str, str] = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True)
class AppFile:
    """One file, as it is and packed by gzip."""

    media_type: str
    content: bytes
    packed: bytes


@cache
def app_files() -> Mapping[str, AppFile]:
    """The files of the app by their path; none where it was not built."""
    root = files(__package__).joinpath(FOLDER)
    found: dict[str, AppFile] = {}
    if root.is_dir():
        for place in (root, *(one for one in root.iterdir() if one.is_dir())):
            before = "" if place is root else f"{place.name}/"
            for file in place.iterdir():
                media_type = TYPES.get(file.name.rpartition(".")[2])
                if file.is_file() and media_type:
                    content = file.read_bytes()
                    found[before + file.name] = AppFile(media_type, content, gzip.compress(content, mtime=0))
    return found
