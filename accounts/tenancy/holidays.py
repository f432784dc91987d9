"""Public holidays by country, as the `holidays` library knows them."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=1024)
def public_holidays(country: str, year: int) -> Mapping[date, str]:
    """{day: name} of one year; empty for a country whose holidays nobody has written down. `country`: ISO alpha-2."""
    try:
        return dict(holidays.country_holidays(country.upper(), years=year))
    except NotImplementedError:
        return {}


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The countries whose holidays are known."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))
