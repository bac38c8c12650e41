"""What free Cypher of a stranger may do with values: hand them on whole, compare them, count them; not take them apart.

Personal values are masked in an answer by looking each up among those that the tables hold (`report.register`). A name whose second half
is asked for, or that is glued to another text, would not be found there, nor would a phone that was made a number. So only functions may
be called that hand a value on as it is or count it; texts are neither cut by `[...]` nor joined by `+`, and no value is called as a
keyword is, since `[` may follow one (the embedded engine knows `contains[2]`). Blind spot: comparing (`STARTS WITH`, `<`) tells whether a
guess is right, and guesses may be many: sign by sign, a phone takes some ten statements. Every statement is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ringfinder.errors import UsageError
from ringfinder.store.statements import Token, tokenize
from ringfinder.words.sentences import Listed, Sentence

FUNCTIONS = frozenset(
    """abs all any avg ceil coalesce collect count date exists floor id keys label labels length max min nodes none properties
    rels relationships round shortestpath allshortestpaths sign single size sqrt stdev sum timestamp
    type""".split()  # noqa: SIM905 - one word after the other is easier to read
)
BEFORE_BRACKET = frozenset(
    """ALL AND AS ASC BY CASE CONTAINS DESC DISTINCT ELSE ENDS IN IS LIMIT MATCH NOT ON OPTIONAL OR ORDER RETURN SKIP STARTS THEN
    UNION UNWIND WHEN WHERE WITH XOR YIELD""".split()  # noqa: SIM905 - as above
)
LONG_NUMBER = 6  # digits: a shorter one is nobody's
GAP = "..."
MOST_SAID = 600  # signs of what an engine says


def check_whole(statement: str) -> None:
    """UsageError where the statement might take a value apart."""
    tokens = tokenize(statement)
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        if token.text in ("+", "|") and (token.text == "+" or (before is not None and before.text == "|")):
            raise UsageError(Sentence("faults_store.not_joined"))
        if before is not None and (before.word == "AS" or (token.word == "IN" and before.word != "NOT")):
            _check_name(token if before.word == "AS" else before)
        if token.text == "[" and before is not None and _is_value(before):
            raise UsageError(Sentence("faults_store.not_cut"))
        if token.text == "(" and before is not None:
            _check_call(tokens, index)


def without_values(statement: str) -> str:
    """The statement for a record that must not name anybody: each text and each long number is a gap, comments are left out."""
    return " ".join(GAP if _may_name(token) else token.text for token in tokenize(statement))


def sentence_without_values(sentence: str, statement: str, given: Iterable[object]) -> str:
    """What an engine says of a statement, where it may quote that: without its texts, long numbers and parameters."""
    try:
        quoted = {token.text.strip("'\"") for token in tokenize(statement) if _may_name(token)}
    except UsageError:  # it has no tokens, so that no engine saw it: the sentence is ours
        quoted = set()
    quoted |= {value for value in given if isinstance(value, str)}
    for value in sorted(quoted, key=lambda one: (-len(one), one)):
        if value.strip():
            sentence = sentence.replace(value, GAP)
    return sentence[:MOST_SAID]


def _may_name(token: Token) -> bool:
    return token.kind == "text" or (token.kind == "number" and len(token.text) >= LONG_NUMBER)


def _is_value(token: Token) -> bool:
    """Whether what ends here may be a value: a name, a text, a call, a list."""
    if token.kind == "word":
        return token.word not in BEFORE_BRACKET
    return token.kind in ("text", "quoted", "parameter") or token.text in (")", "]", "}")


def _check_name(token: Token) -> None:
    """What `AS` names, and what stands before `IN` in a list comprehension, is no keyword."""
    if token.text.strip("`").upper() in BEFORE_BRACKET:
        raise UsageError(Sentence("faults_store.keyword", name=token.text))


def _check_call(tokens: Sequence[Token], index: int) -> None:
    """`tokens[index]` is an opening bracket: what stands before it is a keyword, a pattern's sign or a known function."""
    name = tokens[index - 1]
    if name.kind not in ("word", "quoted"):
        return
    at = index - 1
    while at >= 2 and tokens[at - 1].text == ".":
        at -= 2
    if at > 0 and tokens[at - 1].word == "CALL":
        return  # `statements.check` knows which procedures are safe
    if at != index - 1 or not (name.word in BEFORE_BRACKET or name.word.lower() in FUNCTIONS):
        raise UsageError(Sentence("faults_store.function", name=name.text, known=Listed(sorted(FUNCTIONS))))
