"""What was loaded before is taken away, and nothing else.

Nobody but us may have put nodes under our labels: before the first load there must be none, and later there must not be
more than were loaded. Relationships that others joined to our nodes would go with them, so they are a reason to refuse.
Results of earlier runs stay as `KeptRing` nodes with their figures; whom and what they joined goes with the claims.
"""

from __future__ import annotations

from collections.abc import Iterable

from ringfinder.errors import UsageError
from ringfinder.graph import labels_of, relationships_of
from ringfinder.store.neo4j import results
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.marks import Graph
from ringfinder.store.neo4j.parts import CLAIM
from ringfinder.store.neo4j.schema import GRAPH_MARK, KEPT_TIED, OUR_LABELS, OUR_TYPES, PART_MARK, counts
from ringfinder.words.sentences import Sentence

AT_ONCE = 5_000


def clear(link: Link, before: Graph) -> None:
    """Remove the claims loaded before; UsageError where something of others would go with them or is in the way."""
    if not before.exists:
        _refuse_strangers(link)
        return
    _refuse_more_than(link, before)
    _refuse_joined(link)
    results.hide(link)
    # Claims first: with them goes nearly every relationship, a few a node. A facility's would not fit in a transaction.
    # Of no claim set from here on: killed half-way, whatever comes next clears the rest, also the claims it was of.
    link.change(f"MATCH (g:{GRAPH_MARK}) SET g.complete = false, g.claims = '' REMOVE g.imported")
    link.steps(f"MATCH ()-[r:{KEPT_TIED}]->()", "r", "DELETE r", AT_ONCE)
    link.steps(f"MATCH (n:{CLAIM.name})", "n", "DETACH DELETE n", AT_ONCE)
    for name in _there(link, (kind.type for kind in relationships_of("results"))):
        link.steps(f"MATCH ()-[r:{name}]->()", "r", "DELETE r", AT_ONCE)
    for name in _there(link, (one.name for one in labels_of("claims"))):
        link.steps(f"MATCH (n:{name})", "n", "DETACH DELETE n", AT_ONCE)
    link.change(f"MATCH (p:{PART_MARK}) DELETE p")


def _there(link: Link, names: Iterable[str]) -> dict[str, int]:
    """How many there are of each name that is there at all."""
    return {name: found for name, found in link.rows(counts(names)) if found}


def _refuse_strangers(link: Link) -> None:
    for name, found in _there(link, (*OUR_LABELS, *OUR_TYPES)).items():
        raise UsageError(Sentence("faults_store.neo4j_others", found=found, prefix=link.prefix, name=name))


def _refuse_more_than(link: Link, before: Graph) -> None:
    loaded = before.expected or {}
    for name, found in _there(link, loaded).items():
        if found > loaded[name]:
            raise UsageError(
                Sentence("faults_store.neo4j_others", found=found - loaded[name], prefix=link.prefix, name=name)
            )


def _refuse_joined(link: Link) -> None:
    """A look at others' relationships, if there are any at all."""
    types = [row[0] for row in link.rows("CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType")]
    ours = [link.prefix + one.name for one in labels_of("claims")]
    for name in sorted(set(types) - {link.prefix + one for one in OUR_TYPES}):
        quoted = name.replace("`", "``")
        found = link.rows(
            f"MATCH (a)-[r:`{quoted}`]->(b)"
            " WHERE any(l IN labels(a) WHERE l IN $ours) OR any(l IN labels(b) WHERE l IN $ours) RETURN count(r)",
            ours=ours,
        )[0][0]
        if found:
            raise UsageError(Sentence("faults_store.neo4j_joined", found=found))
