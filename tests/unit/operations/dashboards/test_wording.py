"""Figures in words: each unit as a person reads it."""

import pytest

from operations.dashboards.wording import figure


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, "%", "–"),
        (89.26, "%", "89.3 %"),
        (640.4, "ms", "640 ms"),
        (12_345, "ms", "12.3 s"),
        (45, "s", "45 s"),
        (1_800, "s", "30 min"),
        (12.5, "USD", "$12.50"),
        (0.0312, "USD", "$0.0312"),
        (0.000457, "USD", "$0.000457"),
        (4.257, "score", "4.26"),
        (1234, "messages", "1,234"),
        (0.375, "findings a draft", "0.38"),
        (5791.6, "tokens", "5,792"),
    ],
)
def test_a_figure_has_its_unit_and_no_more_digits_than_it_needs(value: float | None, unit: str, said: str) -> None:
    assert figure(value, unit) == said
