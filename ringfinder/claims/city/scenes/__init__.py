"""Honest scenes: groups that look like rings and are none. One registry; a city plays each scene so many times per
10,000 people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ringfinder.claims.city.scenes import agents, campaigns, chance, courses, homes
from ringfinder.claims.city.world import World


@dataclass(frozen=True)
class Scene:
    """`play(world, number)` plays it once; `per_10k`: how often per 10,000 people at the default parameters."""

    slug: str
    per_10k: float
    play: Callable[[World, int], None]


SCENES: tuple[Scene, ...] = (
    Scene("nursing_home", 2.5, homes.nursing_home),
    Scene("dormitory", 3.0, homes.dormitory),
    Scene("seasonal_workers", 4.0, homes.seasonal_workers),
    Scene("couple", 10.0, homes.couple),
    Scene("twins", 8.0, homes.twins),
    Scene("dialysis", 2.2, courses.dialysis),
    Scene("chemotherapy", 4.0, courses.chemotherapy),
    Scene("psychiatric_stay", 2.5, courses.psychiatric_stay),
    Scene("physiotherapy", 5.0, courses.physiotherapy),
    Scene("daily_dose", 0.5, courses.daily_dose),
    Scene("hospice", 3.0, courses.hospice),
    Scene("ward_transfer", 4.0, courses.ward_transfer),
    Scene("antenatal_class", 4.0, courses.antenatal_class),
    Scene("check_up_day", 4.0, campaigns.check_up_day),
    Scene("vaccination", 4.0, campaigns.vaccination),
    Scene("school_check_up", 6.0, campaigns.school_check_up),
    Scene("mobile_clinic", 4.0, campaigns.mobile_clinic),
    Scene("long_prescription_day", 4.0, campaigns.long_prescription_day),
    Scene("factory_shuttle", 4.0, campaigns.factory_shuttle),
    Scene("cataract_camp", 4.0, campaigns.cataract_camp),
    Scene("village_agent", 5.0, agents.village_agent),
    Scene("family_doctor", 4.0, agents.family_doctor),
    Scene("charity", 4.0, agents.charity),
    Scene("employer_account", 4.0, agents.employer_account),
    Scene("cross_county_carers", 4.0, agents.cross_county_carers),
    Scene("far_workers", 4.0, agents.far_workers),
    Scene("one_counter", 3.0, agents.one_counter),
    Scene("special_pharmacy", 2.5, agents.special_pharmacy),
    Scene("friends", 10.0, chance.friends),
    Scene("dance_group", 4.0, chance.dance_group),
    Scene("outbreak", 4.0, chance.outbreak),
    Scene("accident", 4.0, chance.accident),
    Scene("night_shift", 3.0, chance.night_shift),
    Scene("default_phone", 5.0, chance.default_phone),
    Scene("wrong_register", 4.0, chance.wrong_register),
    Scene("careless_clinic", 2.0, chance.careless_clinic),
    Scene("widow", 8.0, chance.widow),
    Scene("placeholder_invoice", 2.0, chance.placeholder_invoice),
)
assert len({scene.slug for scene in SCENES}) == len(SCENES)


def play_scenes(world: World) -> None:
    """Play every scene as often as the city is large; at least once unless its factor is 0."""
    for scene in SCENES:
        times = scene.per_10k * len(world.people) / 10_000 * world.parameters.factor(scene.slug)
        for number in range(max(round(times), int(times > 0))):
            scene.play(world, number)
