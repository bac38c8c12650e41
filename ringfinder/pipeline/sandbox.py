"""A process shuts itself in, before it does what a stranger asked for: Landlock and limits of the kernel, which nothing inside can undo.

    reads      only the folders that it names, and what Python and its libraries are made of
    writes     nothing; starts no other program
    network    no TCP; no signals and no abstract sockets to others (as far as the kernel knows how: since 6.7 and 6.12)
    memory     so much address space, processor time and no more
               where the machine's memory ends nevertheless, the kernel ends it first and not the service
    end        with the process that started it, at the latest

It must come first in the process: Landlock binds the thread that asks for it and those that thread starts. The kernel has it since
5.13; where it has not, or somebody switched it off, nothing is asked at all. Blind spot: UDP is not held back; what could use it,
an extension of the engine, is not installed and cannot be.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from ringfinder.errors import StoreError
from ringfinder.words.sentences import Sentence

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every processor
VERSION_FLAG = 1
PATH_BENEATH = 1
NO_NEW_PRIVS, END_WITH_PARENT = 38, 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
ALL_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
TCP = 0b11  # bind, connect
SCOPED = 0b11  # abstract sockets, signals
PARTS_OF_SYSTEM = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
    "/dev/null",
    "/dev/urandom",
)
OOM_SCORE, ENDS_FIRST = Path("/proc/self/oom_score_adj"), "1000"
_LIBC = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """What the kernel knows of Landlock; 0 where it has none."""
    return max(0, int(_LIBC.syscall(CREATE_RULESET, None, 0, VERSION_FLAG)))


def shut_in(folders: Iterable[Path], address_space: int, seconds: float) -> None:
    """Shut this process in for good; StoreError where the kernel cannot.

    It may read `folders`; `address_space` in bytes; `seconds` of processor time on each core.
    """
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise StoreError(Sentence("faults.sandbox_threads"))
    OOM_SCORE.write_text(ENDS_FIRST, encoding="ascii")
    known = version()
    if known == 0:
        raise StoreError(Sentence("faults.no_landlock"))
    handled = ALL_FILES[min(known, max(ALL_FILES))]
    attributes = struct.pack("QQQ", handled, TCP if known >= 4 else 0, SCOPED if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    rules = _called(CREATE_RULESET, ctypes.create_string_buffer(attributes, 24), size, 0)
    try:
        for folder in (*folders, *_python()):
            _allow(rules, folder, READ_FILE | READ_DIR)
        for entry in sys.path:  # an import lists it
            _allow(rules, Path(entry), READ_DIR)
        if _LIBC.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or _LIBC.prctl(END_WITH_PARENT, signal.SIGKILL, 0, 0, 0) != 0:
            raise StoreError(Sentence("faults.no_new_rights"))
        _called(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    cores = len(os.sched_getaffinity(0))
    for kind, most in (
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_CPU, int(seconds * cores) + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _python() -> tuple[Path, ...]:
    """What the interpreter, its libraries and this package are read from."""
    package = Path(__file__).parents[1]
    return (Path(sys.prefix), Path(sys.base_prefix), package, *(Path(part) for part in PARTS_OF_SYSTEM))


def _allow(rules: int, path: Path, rights: int) -> None:
    """Let the path be read, with all that is below it; one that is not there needs no rule."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not path.is_dir():
            rights &= READ_FILE
        if rights:
            rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, descriptor), 12)
            _called(ADD_RULE, rules, PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


def _called(number: int, *arguments: object) -> int:
    """The answer of a system call; StoreError where it refuses."""
    answer = int(_LIBC.syscall(number, *arguments))
    if answer < 0:
        raise StoreError(Sentence("faults.not_shut_in", number=ctypes.get_errno()))
    return answer
