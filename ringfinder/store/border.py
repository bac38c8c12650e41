"""Where engines' errors become ours: what the storage cannot do, and what a query got wrong.

LadybugDB raises one RuntimeError for everything, so its message decides; the message itself may hold values from the
claims and is passed on only of a query that did not run yet: then it quotes nothing but the query.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ringfinder.errors import QueryTooSlow, RingFinderError, StoreError, UsageError, is_disk_full
from ringfinder.words.sentences import Sentence

# What the engine says of a statement before it runs. Anything else (`Overflow exception: Value 138... is not within INT8 range`)
# may quote a value of the claims.
OF_THE_STATEMENT = ("parser", "binder", "catalog", "connection")


def needs_memory(error: BaseException | None) -> bool:
    """Whether the engine failed for lack of memory; short of it, it also fails to read pages it never wrote."""
    said = str(error).lower()
    return "buffer manager" in said or ("cannot read from file" in said and "numbytesread: 0 " in said)


@contextmanager
def storage_errors(file: Path) -> Iterator[None]:
    """Errors while a graph is written, opened or read back become StoreError."""
    try:
        yield
    except RingFinderError:
        raise
    except (RuntimeError, OSError, duckdb.Error) as error:
        if is_disk_full(error):
            raise StoreError(Sentence("faults_store.no_room", name=file.name)) from error
        if "buffer manager" in str(error).lower() or isinstance(error, duckdb.OutOfMemoryException):
            raise StoreError(Sentence("faults_store.no_memory", name=file.name)) from error
        if "io exception" in str(error).lower():
            # After a write that was cut short the engine may name an old error, or complain of reading.
            raise StoreError(Sentence("faults_store.graph_io", name=file.name)) from error
        kind = str(error).partition(":")[0] if "exception" in str(error).partition(":")[0] else type(error).__name__
        raise StoreError(Sentence("faults_store.graph_broken", name=file.name, kind=kind.strip())) from error


@contextmanager
def wrong_query(seconds: float) -> Iterator[None]:
    """Errors of a query that a person wrote become UsageError with the engine's own words."""
    try:
        yield
    except UnicodeDecodeError as error:  # what the engine says cuts a Chinese character in two
        raise UsageError(Sentence("faults_store.query_value")) from error
    except RuntimeError as error:
        said = " ".join(str(error).split())
        kind = said.partition(":")[0]
        if "interrupted" in said.lower():
            raise QueryTooSlow(Sentence("faults_store.query_slow", seconds=seconds)) from error
        if "buffer manager" in said.lower() or "bad_alloc" in said:
            raise UsageError(Sentence("faults_store.query_memory")) from error
        if kind.lower().startswith(OF_THE_STATEMENT):
            raise UsageError(Sentence("faults_store.query_bad", said=said)) from error
        if kind.lower() == "conversion exception":
            raise UsageError(Sentence("faults_store.query_cast")) from error
        raise UsageError(Sentence("faults_store.query_kind", kind=kind)) from error
