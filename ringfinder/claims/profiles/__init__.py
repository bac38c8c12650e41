"""The sources that claims can come from."""

from ringfinder.claims.profiles.canonical import CANONICAL
from ringfinder.claims.profiles.nhsa import NHSA
from ringfinder.claims.profiles.profile import Profile
from ringfinder.claims.profiles.synthea import SYNTHEA

PROFILES: dict[str, Profile] = {p.name: p for p in (CANONICAL, NHSA, SYNTHEA)}

__all__ = ["PROFILES", "Profile"]
