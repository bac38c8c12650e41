"""The sample city: seeded claims of an invented town, with planted fraud rings and honest groups that look like
them."""

from ringfinder.claims.city.making import grow, make_city
from ringfinder.claims.city.parameters import CityParameters
from ringfinder.claims.city.tables import City

__all__ = ["City", "CityParameters", "grow", "make_city"]
