from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.features.entries import Entry
from agent_platform.features.rows import FeatureRow, folded
from agent_platform.features.views import Definition, Feature, FeatureView, Value

VIEW = FeatureView(
    "customer", 1, "customer", "tests",
    (Feature("said", "texts", "", None, "tests", "nothing", "", "fold"),),
)  # fmt: skip
CUSTOMER = Definition(VIEW, lambda entries: {"said": Value([entry.content["said"] for entry in entries], None, None)})
NOW = datetime(2026, 5, 20, tzinfo=UTC)
ONE, TWO = (Entry(f"e{day}", f"2026-05-1{day}T00:00:00Z", f"2026-05-1{day}T00:00:00Z", {"said": f"{day}"})
            for day in (1, 2))  # fmt: skip


@pytest.mark.parametrize("entries", [[ONE, TWO], [TWO, ONE], [TWO, ONE, TWO]])
def test_a_fold_sees_each_entry_once_and_in_order(entries):
    row = folded(CUSTOMER, entries, as_of=NOW)
    assert row == FeatureRow({"said": Value(["1", "2"], None, None)}, "2026-05-12T00:00:00Z", None)
    assert row.values == {"said": {"value": ["1", "2"], "reason": None}}


def test_a_row_knows_when_each_value_is_from_also_of_one_that_is_stale():
    mood = Feature("mood", "text", "", timedelta(days=1), "tests", "nothing", "", "sequence")
    view = FeatureView("customer", 1, "customer", "tests", (mood, *VIEW.features))
    glad = Definition(view, lambda entries: {"mood": Value("glad", None, entries[-1].event_time)})
    row = folded(glad, [ONE, TWO], as_of=NOW)
    assert row.values["mood"] == {"value": None, "reason": "stale"}
    assert {name: each.event_time for name, each in row.features.items()} == {"mood": TWO.event_time, "said": None}


def test_nothing_known_is_no_row():
    assert folded(CUSTOMER, [], as_of=NOW) is None


def test_a_view_without_a_fold_says_so():
    with pytest.raises(ValueError, match="customer@1 is written whole"):
        folded(Definition(VIEW), [ONE], as_of=NOW)
