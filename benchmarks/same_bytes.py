"""Whether a change of the code leaves the results as they were, byte for byte: for changes that only save time or memory.

python -m benchmarks.same_bytes DIR                results of this code: kept in DIR, or compared with those kept there
python -m benchmarks.same_bytes DIR --people 6000  small cities

Cities of two seeds, one without rings, and four copies of the first. Prints seconds of the processor and peak memory beside it.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
from pathlib import Path

from benchmarks.measure import repeat, ringfinder, run

CITIES = {"seed-1": (1, 30), "seed-2": (2, 30), "no-rings": (3, 0)}  # seed, rings
COPIES = ("seed-1", 4)
FILES = ("rings.csv", "members.csv", "evidence.csv")


def main() -> int:
    """Make what is not there yet, run all, compare; 1 where anything differs."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.same_bytes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--people", type=int, default=60000)
    options = parser.parse_args()
    differ = [name for claims in made(options.folder, options.people) for name in compared(claims, options.folder)]
    return len(differ) > 0


def made(folder: Path, people: int) -> list[Path]:
    """The claim sets, made where they are missing."""
    out = []
    for name, (seed, rings) in CITIES.items():
        city = folder / f"{name}-{people}"
        if not city.exists():
            ringfinder("sample-city", city, "--people", str(people), "--seed", str(seed), "--rings", str(rings))
        out.append(city)
    name, times = COPIES
    copies = folder / f"{name}-{people}-x{times}"
    if not copies.exists():
        repeat(folder / f"{name}-{people}", copies, times)
    return [*out, copies]


def compared(claims: Path, folder: Path) -> list[str]:
    """Run the claims and name the result files that differ from those kept; keep them where none are."""
    before = processor_seconds()
    now = folder / "now" / claims.name
    shutil.rmtree(now, ignore_errors=True)
    found = run(claims, now)
    kept = folder / "kept" / claims.name
    new = not kept.exists()
    if new:
        kept.mkdir(parents=True)
        for name in FILES:
            shutil.copyfile(now / name, kept / name)
    differ = [name for name in FILES if (now / name).read_bytes() != (kept / name).read_bytes()]
    verdict = "kept" if new else f"DIFFERENT: {', '.join(differ)}" if differ else "same"
    cost = f"{processor_seconds() - before:.1f} CPU seconds, {found.seconds:.1f} s, {found.peak_mib} MiB"
    print(f"{claims.name:<20} {verdict:<12} {cost}", flush=True)
    return differ


def processor_seconds() -> float:
    """Of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
