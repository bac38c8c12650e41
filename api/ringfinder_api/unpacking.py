"""What was uploaded, made ready to be read: archives unpacked, nothing larger than it may be. The work of a process of its own.

An archive may hold files of one folder and nothing else. Of a file's name in it only the last part is used, so that none can
lead elsewhere; links, two files of one name, encryption and rare methods of packing are refused. Sizes are counted while
unpacking, whatever the archive says of itself, over all files together; so are those of `.gz`, which the reader unpacks later.
Blind spot: a Parquet file may hold much in little; there the limits of the detection hold (`memory_gb`).
"""

from __future__ import annotations

import gzip
import shutil
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from ringfinder.errors import is_disk_full
from ringfinder_api.uploads import MOST_FILES, PLAIN_NAME, open_new

RATIO = 200  # claims shrink to a tenth or a twentieth; an archive made to burst, to a thousandth
SMALL = 1024 * 1024  # bytes: of less nobody suffers, however well it packs
PIECE = 1024 * 1024
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ASIDE = "__MACOSX"


@dataclass
class _Room:
    """Bytes that may still come out."""

    left: int

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise _Refused("unpacks_too_large")


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Refused(Exception):
    """An upload that is not taken; its only argument is the problem's code."""


def unpack(folder: Path, most_bytes: int) -> str | None:
    """Unpack what lies in a folder, in place; the code of the problem where it is refused, else None."""
    room = _Room(min(most_bytes, shutil.disk_usage(folder).free // 2))
    try:
        for archive in sorted(folder.glob("*.[zZ][iI][pP]")):
            _archive(archive, room)
            archive.unlink()
        for packed in sorted(folder.glob("*.[gG][zZ]")):
            with gzip.open(packed) as content:
                _drain(content, room, packed.stat().st_size)
    except _Refused as refused:
        return str(refused)
    except Exception as error:  # damaged in any of the ways that the libraries know, or no room on the disk
        return "unpacks_too_large" if is_disk_full(error) else "bad_archive"
    return None


def _archive(archive: Path, room: _Room) -> None:
    with zipfile.ZipFile(archive) as packed:
        entries = [
            one for one in packed.infolist() if not one.is_dir() and ASIDE not in PurePosixPath(one.filename).parts
        ]
        if len(entries) > MOST_FILES:
            raise _Refused("too_many_files")
        names = [_name(one) for one in entries]
        if len({PurePosixPath(one.filename).parent for one in entries}) > 1 or len({*map(str.lower, names)}) < len(
            names
        ):
            raise _Refused("unsafe_name")
        for one in entries:
            if one.flag_bits & 1 or one.compress_type not in PACKED:
                raise _Refused("bad_archive")
        if sum(one.file_size for one in entries) > room.left:
            raise _Refused("unpacks_too_large")
        for name, one in zip(names, entries, strict=True):
            target = archive.with_name(name)
            if target.exists():
                raise _Refused("unsafe_name")
            with packed.open(one) as content, open_new(target) as sink:
                _drain(content, room, one.compress_size, sink)


def _name(entry: zipfile.ZipInfo) -> str:
    """The last part of an entry's name; what leads elsewhere, or is no plain file, is refused."""
    path = PurePosixPath(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    plain = PLAIN_NAME.fullmatch(path.name) and "\\" not in entry.orig_filename and "\0" not in entry.orig_filename
    if not plain or path.is_absolute() or ".." in path.parts or kind not in (0, stat.S_IFREG):
        raise _Refused("unsafe_name")
    return path.name


def _drain(content: _Readable, room: _Room, packed: int, sink: IO[bytes] | None = None) -> None:
    """Unpack piece by piece; refused as soon as it is too much, or too much for what it was packed into."""
    done = 0
    while piece := content.read(PIECE):
        room.take(len(piece))
        done += len(piece)
        if done > max(SMALL, RATIO * packed):
            raise _Refused("unpacks_too_large")
        if sink is not None:
            sink.write(piece)
