"""Prints the figures: rings found beside naive recipes, alerts where nothing is planted, seconds and memory.

python -m benchmarks                       60,000 people, seeds 1 to 3; half a million claims, medians of 3
python -m benchmarks --people 6000         the same comparison on small cities
python -m benchmarks --large               also 20 copies of the half-million city, and the cost exponent: `make bench`
python -m benchmarks --without-rings DIR   also alerts on claims that hold no rings (Synthea's export)
python -m benchmarks.stores                only one part: seconds to load each store and to read it back
python -m benchmarks.cypher                only one part: seconds of every named query on both stores
python -m benchmarks.service               only one part: how fast the service answers
python -m benchmarks.casebook              only one part: every list of the casebook after a year of work
python -m benchmarks.app                   only the last part: how fast the app draws what is large, in a real browser
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import app, casebook, cypher, naive, service, stores
from benchmarks.measure import Run, median_run, repeat, ringfinder, run
from ringfinder.evaluation.metrics import evaluate
from ringfinder.evaluation.truth import read_truth

SEEDS = (1, 2, 3)
COPIES = 20
RUNS = 3


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=60000)
    parser.add_argument("--rings", type=int, default=30)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--without-rings", type=Path, action="append", default=[], metavar="DIR")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ringfinder-bench-") as folder:
        place = Path(folder)
        verdicts(place, options.people, options.rings)
        for claims in options.without_rings:
            print(
                f"alerts on {claims.name}, which holds no rings: {run(claims, place / 'without-rings').info['alerts']}"
            )
        cost(place, options.large)
        stores.made_and_measured(place / "stores", options.people)
        cypher.made_and_measured(place / "cypher", options.people)
        (place / "service").mkdir()
        service.measured(place / "service", None)
        casebook.made_and_measured(place / "casebook")
        with casebook.postgres(place / "postgres") as url:
            casebook.made_and_measured(place / "casebook-on-postgres", url)
        print("\n".join(app.told(app.measured())))


def city(place: Path, people: int, seed: int, rings: int) -> Path:
    """A sample city."""
    out = place / f"city-{seed}-{rings}"
    ringfinder("sample-city", out, "--people", str(people), "--seed", str(seed), "--rings", str(rings))
    return out


def verdicts(place: Path, people: int, rings: int) -> None:
    """Found and false beside naive recipes, by seed; then ours by kind and level over all seeds."""
    print(f"cities of {people:,} people, {rings} rings")
    print(f"{'seed':>4}  {'recipe':<12} {'found':>7} {'alerted':>8} {'false':>6} {'AP':>6}")
    by_group: Counter[tuple[str, str]] = Counter()
    for seed in SEEDS:
        made = city(place, people, seed, rings)
        truth = read_truth(made / "truth.json")
        db = naive.open_city(made)
        for name, recipe in (("components", naive.components), ("louvain", naive.louvain)):
            judged = evaluate(recipe(db), truth).as_json()
            line(seed, name, judged)
        db.close()
        run(made, place / "results")
        judged = json.loads(ringfinder("evaluate", place / "results", made / "truth.json", "--json"))
        line(seed, "ringfinder", judged)
        for group in judged["by_kind_and_level"]:
            for figure in ("planted", "found", "alerted"):
                by_group[group["name"], figure] += group[figure]
        for alert in judged["false_alerts"]:
            print(f"      false: {alert['ring_id']} {alert['kind']} score {alert['score']} {alert['scene_kind']}")
    print(f"\n{'kind and level, all seeds':<32} {'planted':>8} {'found':>6} {'alerted':>8}")
    for name in sorted({name for name, _ in by_group}):
        planted, found, alerted = (by_group[name, figure] for figure in ("planted", "found", "alerted"))
        print(f"{name:<32} {planted:>8} {found:>6} {alerted:>8}")
    clean = run(city(place, people, SEEDS[0], 0), place / "results")
    print(f"alerts in a city without rings: {clean.info['alerts']}\n")


def line(seed: int, recipe: str, judged: dict[str, Any]) -> None:
    """One line of the comparison."""
    found = f"{judged['recall']['hits']}/{judged['recall']['total']}"
    precision = judged["average_precision"] or 0.0
    print(
        f"{seed:>4}  {recipe:<12} {found:>7} {judged['alert_recall']['hits']:>8} {len(judged['false_alerts']):>6}"
        f" {precision:>6.3f}"
    )


def cost(place: Path, large: bool) -> None:
    """Seconds and memory of half a million claims, and of ten million where asked for."""
    half = city(place, 60000, 1, 30)
    small = median_run(half, place / "half", RUNS)
    claims = small.info["tables"]["claims"]
    report_cost(f"{claims:,} claims, medians of {RUNS}", small)
    if not large:
        return
    many = repeat(half, place / "many", COPIES)
    big = median_run(place / "many", place / "many-results", RUNS)
    report_cost(f"{many:,} claims ({COPIES} copies of that city with ids of their own), medians of {RUNS}", big)
    exponent = math.log(big.seconds / small.seconds) / math.log(many / claims)
    print(f"cost exponent: {exponent:.2f}")


def report_cost(what: str, measured: Run) -> None:
    """Total and stages."""
    print(f"{what}: {measured.seconds:.1f} s, {measured.peak_mib:,} MiB")
    for stage in measured.info["stages"]:
        print(f"    {stage['stage']:<14} {stage['seconds']:>8.1f} s {stage['peak_mib']:>7,} MiB")


if __name__ == "__main__":
    main()
