"""Where the driver's errors become ours.

    AuthError, ConfigurationError, database or right missing   UsageError: what the caller named is wrong
    anything else while loading or reading                      StoreError: the server does not answer as it must
    of a query, before it ran                                   UsageError in the server's words: they quote the query alone
    of a query, while it ran                                    UsageError with the kind of error: its words may quote claims

A message of the server may hold values of claims or parts of a query: only its code is passed on, but for a query that
was planned and not run. The address is named without user or password, which it cannot hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import duckdb
from neo4j import exceptions

from ringfinder.errors import InputError, QueryTooSlow, RingFinderError, StoreError, UsageError, is_disk_full
from ringfinder.store.neo4j.address import Address
from ringfinder.words.sentences import Sentence

TIMED_OUT = frozenset(
    {"TransactionTimedOut", "TransactionTimedOutClientConfiguration", "LockClientStopped", "Terminated"}
)
NO_MEMORY = frozenset({"MemoryPoolOutOfMemoryError", "TransactionOutOfMemoryError", "OutOfMemoryError"})
# A key too long for an index: 8 kB on a server with default settings.
TOO_LONG = "Property value is too large to index"


def short_code(error: BaseException) -> str:
    """`ConstraintValidationFailed` of `Neo.ClientError.Schema.ConstraintValidationFailed`; else the error's own name."""
    code = getattr(error, "code", None)
    return code.rpartition(".")[2] if isinstance(code, str) and code else type(error).__name__


@contextmanager
def server_errors(address: Address) -> Iterator[None]:
    """Errors while a graph is loaded, opened or read back."""
    try:
        yield
    except RingFinderError:
        raise
    except (exceptions.DriverError, exceptions.Neo4jError) as error:
        raise _of_server(error, address) from error
    except (duckdb.Error, OSError) as error:
        if is_disk_full(error):
            raise StoreError(Sentence("faults_store.neo4j_no_room")) from error
        if isinstance(error, duckdb.Error) and not isinstance(error, duckdb.IOException):
            raise InputError(Sentence("faults_store.neo4j_table")) from error
        raise StoreError(Sentence("faults_store.neo4j_file", kind=type(error).__name__)) from error


def _of_server(error: exceptions.DriverError | exceptions.Neo4jError, address: Address) -> RingFinderError:
    code = short_code(error)
    told = {"where": address.uri}
    if fault := _callers_fault(error, code):
        return UsageError(Sentence(f"faults_store.neo4j_{fault}", **told))
    if TOO_LONG in str(error):
        return InputError(Sentence("faults_store.neo4j_key_long"))
    if isinstance(error, (exceptions.ServiceUnavailable, exceptions.SessionExpired)):
        encrypted = urlsplit(address.uri).scheme.endswith(("+s", "+ssc"))
        return StoreError(Sentence(f"faults_store.neo4j_{'silent_by_tls' if encrypted else 'silent'}", **told))
    if code in NO_MEMORY:
        return StoreError(Sentence("faults_store.neo4j_no_memory", **told))
    if code in {"ConstraintValidationFailed", "ConstraintCreationFailed"}:
        return StoreError(Sentence("faults_store.neo4j_twice", **told))
    return StoreError(Sentence("faults_store.neo4j_failed", code=code, **told))


def _callers_fault(error: Exception, code: str) -> str:
    """What the caller named wrongly, as the end of its sentence's key; "" where it is the server's fault."""
    if code == "AuthenticationRateLimit":
        return "too_often"
    if code == "Forbidden":
        return "forbidden"
    if isinstance(error, exceptions.AuthError):
        return "wrong_password"
    if code == "DatabaseNotFound":
        return "no_database"
    if isinstance(error, exceptions.ConfigurationError):
        return "wrong_address"
    return ""


@contextmanager
def wrong_query(seconds: float, planned: bool) -> Iterator[None]:
    """Errors of a query that a person wrote. `planned`: it runs, so that the server's words may quote claims."""
    try:
        yield
    except exceptions.BrokenRecordError as error:
        raise UsageError(Sentence("faults_store.neo4j_unshowable")) from error
    except exceptions.Neo4jError as error:
        code = short_code(error)
        if isinstance(error, exceptions.AuthError) or code == "DatabaseNotFound":
            raise
        if code in TIMED_OUT:
            raise QueryTooSlow(Sentence("faults_store.query_slow", seconds=seconds)) from error
        if code in NO_MEMORY:
            raise UsageError(Sentence("faults_store.neo4j_query_memory")) from error
        if planned:
            raise UsageError(Sentence("faults_store.neo4j_query_value", code=code)) from error
        raise UsageError(Sentence("faults_store.query_bad", said=" ".join(str(error.message).split()))) from error
