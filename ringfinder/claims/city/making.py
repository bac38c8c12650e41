"""Making a city: the world, honest scenes, everyday care, rings, tables, files, in this order."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ringfinder.claims.city.everyday import everyday_care
from ringfinder.claims.city.nhsa import nhsa_tables
from ringfinder.claims.city.parameters import CityParameters
from ringfinder.claims.city.rings import plant_rings
from ringfinder.claims.city.scenes import play_scenes
from ringfinder.claims.city.tables import City, finish
from ringfinder.claims.city.world import make_world
from ringfinder.claims.city.writing import make_folder, write_csv, write_json
from ringfinder.errors import UsageError
from ringfinder.words.sentences import Sentence

Form = Literal["canonical", "nhsa"]
FEWEST_PEOPLE = 500  # fewer do not fill the scenes
MOST_PEOPLE = 5_000_000  # some 43 million claims; a slip of the finger must not fill the memory of the machine


def grow(people: int, seed: int, rings: int, parameters: CityParameters | None = None) -> City:
    """A city in memory. Raises UsageError for numbers that make no city."""
    if people < FEWEST_PEOPLE:
        raise UsageError(Sentence("faults_claims.city_small", people=people, least=FEWEST_PEOPLE))
    if people > MOST_PEOPLE:
        raise UsageError(Sentence("faults_claims.city_large", people=people, most=MOST_PEOPLE))
    if rings < 0 or seed < 0:
        raise UsageError(Sentence("faults_claims.city_negative"))
    world = make_world(people, seed, parameters or CityParameters())
    play_scenes(world)  # before everyday care, which happens from where people then live
    everyday_care(world)
    plant_rings(world, rings)
    return finish(world)


def make_city(
    out: Path, people: int, seed: int, rings: int, form: Form = "canonical", parameters: CityParameters | None = None
) -> None:
    """Write a seeded sample city into the folder `out`: CSV tables, truth.json (the planted rings), scenes.json
    (honest groups).

    The same arguments give the same bytes. `form` "canonical" writes the tables of `ringfinder.tables`, "nhsa" the
    same claims as the national platform exports them. Raises UsageError for a wrong argument.
    """
    if form not in {"canonical", "nhsa"}:
        raise UsageError(Sentence("faults_claims.city_form", form=form))
    city = grow(people, seed, rings, parameters)
    tables = city.tables
    if form == "nhsa":
        tables = nhsa_tables(tables, seed, (parameters or CityParameters()).hours_known)
    make_folder(out)
    for name, table in tables.items():
        write_csv(table, out / f"{name}.csv")
    write_json(city.truth, out / "truth.json")
    write_json(city.scenes, out / "scenes.json")
