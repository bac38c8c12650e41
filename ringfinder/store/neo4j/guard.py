"""What a person's query may do on the server, in four layers, since no one of them is enough:

1. `statements.check`: one reading statement, no forbidden word, only safe procedures, parameters complete;
2. a session for reading, in which the server rejects every write;
3. the server's own plan of exactly the text that will run (`EXPLAIN`): its query type must be "read", every operator one
   that only reads the graph. That shows what a disguise hides from us: LOAD CSV, TERMINATE, SHOW, procedures;
4. a time-out that the server keeps, and a cap on rows.

A query that is given up (an interrupt, at a terminal or in a notebook) is stopped on the server, which is told its stamp over
a second connection: the first one is at the query. It runs in a thread, since a driver that is interrupted while it reads
waits for the server. Who is killed needs nothing of it: a server stops what nobody listens to.

Escapes `\\uXXXX` are read before anything else by the server, also where they end a text, and functions in packages may
be anybody's plug-ins: neither gets that far. What remains: one query may ask for more memory than a server that others
set up wants to give (`db.memory.transaction.max`; the local server has it).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from decimal import Decimal
from typing import Any

import neo4j
import pyarrow as pa

from ringfinder.errors import UsageError
from ringfinder.store.contract import cut
from ringfinder.store.neo4j import answers
from ringfinder.store.neo4j.border import server_errors, wrong_query
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.names import prefixed
from ringfinder.store.statements import Statement, Token, check, tokenize
from ringfinder.words.sentences import Listed, Sentence

SAFE_CALLS = frozenset(
    {
        "db.labels",
        "db.relationshiptypes",
        "db.propertykeys",
        "db.schema.nodetypeproperties",
        "db.schema.reltypeproperties",
    }
)
# Packages of functions that come with the server and only compute.
PACKAGES = frozenset({"date", "datetime", "duration", "localdatetime", "localtime", "point", "time", "vector"})
APP = "ringfinder query"  # how an administrator of the server finds them
AGAIN = 0.2  # seconds until a query that had not yet begun when it was to be stopped is looked for again
READ_ONLY = "r"
PROCEDURE = "ProcedureCall"
# Operators of plans that read the graph or compute, without the variant in brackets: `Expand(All)` is `Expand`.
OPERATORS = frozenset(
    """AllNodesScan AllShortestPaths Anti AntiConditionalApply AntiSemiApply Apply Argument AssertSameNode
    AssertSameRelationship BFSPruningVarLengthExpand BidirectionalRepeat CacheProperties CartesianProduct ConditionalApply
    DirectedAllRelationshipsScan DirectedRelationshipByElementIdSeek DirectedRelationshipByIdSeek
    DirectedRelationshipIndexContainsScan DirectedRelationshipIndexEndsWithScan DirectedRelationshipIndexScan
    DirectedRelationshipIndexSeek DirectedRelationshipIndexSeekByRange DirectedRelationshipTypeScan
    DirectedUnionRelationshipTypesScan Distinct Eager EagerAggregation ExhaustiveLimit Expand Filter
    IntersectionNodeByLabelsScan LetAntiSemiApply LetSelectOrAntiSemiApply LetSelectOrSemiApply LetSemiApply Limit
    MultiNodeIndexSeek NodeByElementIdSeek NodeByIdSeek NodeByLabelScan NodeCountFromCountStore NodeHashJoin
    NodeIndexContainsScan NodeIndexEndsWithScan NodeIndexScan NodeIndexSeek NodeIndexSeekByRange
    NodeLeftOuterHashJoin NodeRightOuterHashJoin NodeUniqueIndexSeek NodeUniqueIndexSeekByRange NullifyMetadata
    Optional OptionalExpand OrderedAggregation OrderedDistinct OrderedUnion PartialSort PartialTop PathPropagatingBFS ProduceResults
    ProjectEndpoints Projection RelationshipCountFromCountStore Repeat RollUpApply SelectOrAntiSemiApply
    SelectOrSemiApply SemiApply ShortestPath Skip Sort StatefulShortestPath SubtractionNodeByLabelsScan Top
    TriadicBuild TriadicFilter TriadicSelection UndirectedAllRelationshipsScan UndirectedRelationshipByElementIdSeek
    UndirectedRelationshipByIdSeek UndirectedRelationshipIndexContainsScan UndirectedRelationshipIndexEndsWithScan
    UndirectedRelationshipIndexScan UndirectedRelationshipIndexSeek UndirectedRelationshipIndexSeekByRange
    UndirectedRelationshipTypeScan UndirectedUnionRelationshipTypesScan Union UnionNodeByLabelsScan Unwind
    ValueHashJoin VarLengthExpand""".split()  # noqa: SIM905 - one word after the other is easier to read
)
_ESCAPE = re.compile(r"\\u", re.IGNORECASE)


def ask(link: Link, statement: str, parameters: Mapping[str, Any], limit: int, seconds: float) -> pa.Table:
    """Rows of a person's query, at most `limit`; of one that begins with EXPLAIN, the plan as one text."""
    checked = check(statement, parameters, SAFE_CALLS)
    _check_text(tokenize(checked.text))
    stamp = secrets.token_hex(16)
    with ThreadPoolExecutor(1, thread_name_prefix="query") as beside:
        answer = beside.submit(_answer, link, checked, parameters, limit, seconds, stamp)
        try:
            return answer.result()
        except BaseException:
            while not answer.done():
                _stop(link, stamp)
                wait([answer], AGAIN)
            raise


def _answer(
    link: Link, checked: Statement, parameters: Mapping[str, Any], limit: int, seconds: float, stamp: str
) -> pa.Table:
    tokens = tokenize(checked.text)
    text = prefixed(f"{checked.text}\nLIMIT {limit + 1}" if checked.takes_limit else checked.text, link.prefix)
    values = {name: _packed(value) for name, value in parameters.items()}
    if explains := tokens[0].word == "EXPLAIN":
        text = _without_explain(text)
    with server_errors(link.address), link.session(reading=True) as session:
        transaction = session.begin_transaction(timeout=seconds, metadata={"app": APP, "stamp": stamp})
        with transaction:
            with wrong_query(seconds, planned=False):
                plan = _plan(transaction.run("EXPLAIN " + text, values).consume())
            if explains:
                return answers.table(["plan"], [[plan["args"].get("string-representation", "")]])
            with wrong_query(seconds, planned=True):
                result = transaction.run(text, values)
                rows = [record.values() for record in result.fetch(limit + 1)]
                names = list(result.keys())
    return cut(answers.table(names, rows, link.prefix), limit)


def _stop(link: Link, stamp: str) -> None:
    """End the query of that stamp, if the server has begun it."""
    with link.session(reading=True) as session:
        session.run(
            "SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.stamp = $stamp"
            " TERMINATE TRANSACTIONS id YIELD message RETURN message",
            stamp=stamp,
        ).consume()


def _plan(summary: neo4j.ResultSummary) -> Mapping[str, Any]:
    """The plan; UsageError unless it only reads the graph."""
    if summary.query_type != READ_ONLY or summary.plan is None:
        raise UsageError(Sentence("faults_store.only_reads"))
    for step in _steps(summary.plan):
        name = str(step["operatorType"]).partition("@")[0].partition("(")[0]
        if name == PROCEDURE:
            _check_procedure(str(step.get("args", {}).get("Details", "")))
        elif name not in OPERATORS:
            raise UsageError(Sentence("faults_store.only_reads_graph", name=name))
    plan: Mapping[str, Any] = summary.plan
    return plan


def _steps(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("children", ()):
        yield from _steps(child)


def _check_procedure(details: str) -> None:
    """`details` begins with the procedure's name: `db.labels() :: (label :: STRING)`."""
    if details.partition("(")[0].strip().lower() not in SAFE_CALLS:
        raise UsageError(Sentence("faults_store.procedures", known=Listed(sorted(SAFE_CALLS))))


def _check_text(tokens: list[Token]) -> None:
    """No escape that the server reads before us, no function of a package that is not the server's own."""
    for index, token in enumerate(tokens):
        if token.kind in ("text", "quoted", "parameter") and _ESCAPE.search(token.text):
            raise UsageError(Sentence("faults_store.escape"))
        if token.text != "(" or index < 3 or tokens[index - 2].text != ".":
            continue
        at = index - 1
        while at >= 2 and tokens[at - 1].text == ".":
            at -= 2
        package = tokens[at].text.lower()
        if package not in PACKAGES and not _is_call(tokens, at):
            raise UsageError(Sentence("faults_store.functions", name=tokens[at].text, known=Listed(sorted(PACKAGES))))


def _is_call(tokens: list[Token], at: int) -> bool:
    """Whether the name is that of a procedure, which `check` has looked at."""
    return at > 0 and tokens[at - 1].word == "CALL"


def _without_explain(text: str) -> str:
    """The statement that a leading EXPLAIN is about; it may stand after comments."""
    return re.sub(r"\bEXPLAIN\b", "", text, count=1, flags=re.IGNORECASE)


def _packed(value: Any) -> Any:
    """A parameter as the driver takes it: the graph has no decimals."""
    if isinstance(value, list):
        return [_packed(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value
