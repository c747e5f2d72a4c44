import pytest
from outreach.casebook.bands import tenure_of

from tests.unit.outreach import writing_cases as case


def request(**days):
    facts = [{"slot": f"service.{name}", "kind": "date", "value": day} for name, day in days.items()]
    return case.request(as_of="2026-11-20T09:00:00Z", facts=facts)


@pytest.mark.parametrize(
    ("days", "tenure"),
    [
        ({}, "unknown"),
        ({"last_date": "2026-11-19"}, "first year"),
        ({"since": "2025-11-21", "last_date": "2026-11-19"}, "first year"),
        ({"since": "2025-11-20", "last_date": "2026-11-19"}, "1 to 3 years"),
        ({"since": "2023-11-22", "last_date": "2026-11-19"}, "1 to 3 years"),
        ({"since": "2019-04-11", "last_date": "2026-11-19"}, "longer"),
    ],
)
def test_a_customers_tenure_is_counted_from_the_first_service(days, tenure):
    assert tenure_of(request(**days)) == tenure
