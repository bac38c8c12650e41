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
            raise StoreError("no room left on the disk for the tables; free some space and run again") from error
        if isinstance(error, duckdb.Error) and not isinstance(error, duckdb.IOException):
            raise InputError("a canonical table cannot be read or put together; read the claims again") from error
        raise StoreError(
            f"a file beside Neo4j cannot be read or written ({type(error).__name__}); run again"
        ) from error


def _of_server(error: exceptions.DriverError | exceptions.Neo4jError, address: Address) -> RingFinderError:
    code = short_code(error)
    where = f"Neo4j at {address.uri}"
    if said := _callers_fault(error, code):
        return UsageError(f"{where} {said}")
    if TOO_LONG in str(error):
        return InputError(
            "a key of the claims is longer than an index of Neo4j takes (8,000 bytes); shorten or drop it"
        )
    if isinstance(error, (exceptions.ServiceUnavailable, exceptions.SessionExpired)):
        said = "does not answer; start it (`ringfinder neo4j up` for a local one) or correct the address"
        if urlsplit(address.uri).scheme.endswith(("+s", "+ssc")):
            said = "does not answer, or not encrypted (TLS) with a certificate that holds; start it, or correct address or certificate"
    elif code in NO_MEMORY:
        said = "has not enough memory for a transaction; give it more and run again"
    elif code in {"ConstraintValidationFailed", "ConstraintCreationFailed"}:
        said = "refuses a key that is there twice; read the claims again"
    else:
        said = f"could not do what was asked ({code}); run again, and report it if that happens twice"
    return StoreError(f"{where} {said}")


def _callers_fault(error: Exception, code: str) -> str:
    """What the caller named wrongly, and the cure; "" where it is the server's fault."""
    if code == "AuthenticationRateLimit":
        return "was given a wrong password too often; wait a few seconds and correct it"
    if code == "Forbidden":
        return "does not allow this user to do that; give it the right, or name another user"
    if isinstance(error, exceptions.AuthError):
        return "refuses this user or password; correct the environment or the file that holds them"
    if code == "DatabaseNotFound":
        return "has no such database; correct RINGFINDER_NEO4J_DATABASE"
    if isinstance(error, exceptions.ConfigurationError):
        return f"cannot be reached that way ({code}); correct the address"
    return ""


@contextmanager
def wrong_query(seconds: float, planned: bool) -> Iterator[None]:
    """Errors of a query that a person wrote. `planned`: it runs, so that the server's words may quote claims."""
    try:
        yield
    except exceptions.BrokenRecordError as error:
        raise UsageError(
            "the query returns a value that cannot be shown (a time outside the years 1 to 9999); return it by toString()"
        ) from error
    except exceptions.Neo4jError as error:
        code = short_code(error)
        if isinstance(error, exceptions.AuthError) or code == "DatabaseNotFound":
            raise
        if code in TIMED_OUT:
            raise QueryTooSlow(
                f"the query took longer than {seconds:g} s and was stopped; narrow it or allow more"
            ) from error
        if code in NO_MEMORY:
            raise UsageError("the query needs more memory than the server gives one; narrow it") from error
        if planned:
            raise UsageError(
                f"the query cannot be run ({code}): it meets a value that it cannot work with; "
                "give ids and phones as text (--param NAME:text=VALUE)"
            ) from error
        raise UsageError(f"the query cannot be run: {' '.join(str(error.message).split())}") from error
