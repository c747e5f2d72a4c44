from datetime import date

import pytest
from outreach.seasons import SEASONS, season_of


@pytest.mark.parametrize(
    ("day", "country", "season"),
    [
        (date(2026, 11, 30), "US", "autumn"),
        (date(2026, 12, 1), "US", "winter"),
        (date(2026, 2, 28), "US", "winter"),
        (date(2026, 3, 1), "GB", "spring"),
        (date(2026, 8, 31), "DE", "summer"),
        (date(2026, 12, 1), "AU", "summer"),
        (date(2026, 7, 1), "NZ", "winter"),
        (date(2026, 10, 1), "ZA", "spring"),
        (date(2026, 10, 1), None, "autumn"),
    ],
)
def test_the_month_and_the_half_of_the_earth_make_the_season(day, country, season):
    assert season_of(day, country) == season


@pytest.mark.parametrize("country", ["US", "AU", None])
def test_a_year_has_each_season_for_three_months(country):
    year = [season_of(date(2026, month, 15), country) for month in range(1, 13)]

    assert {season: year.count(season) for season in SEASONS} == dict.fromkeys(SEASONS, 3)
