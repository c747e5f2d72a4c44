"""docs/features.md says what the views declare, of every view that there is."""

import importlib
import pkgutil
from datetime import timedelta

import agent_platform
import outreach
from agent_platform.features.views import Definition, Feature, FeatureView

from operations import feature_page, features


def declared_views():
    """Every view in a module of a layer, by itself or within its definition."""
    found = {}
    for package in (agent_platform, outreach):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                view = value.view if isinstance(value, Definition) else value
                if isinstance(view, FeatureView):
                    found[view.key] = view
    return found


def test_the_page_is_as_the_views_are_declared():
    """Written anew by scripts/features document."""
    assert feature_page.PAGE.read_text() == feature_page.page()


def test_every_declared_view_is_on_the_page():
    assert {view.key: view for view in feature_page.VIEWS} == declared_views()


def test_a_feature_is_a_line_with_all_that_is_declared_of_it(tmp_path):
    feature = Feature("mood", "text", "a|b", timedelta(hours=36), "others", "never_told", "how glad", "sequence")
    view = FeatureView("guest", 2, "guest", "tests", (feature,))
    written = feature_page.page([view])

    assert "\n## `guest@2`\n\nOf a guest; owner: tests; 1 feature, 1 of them stored.\n" in written
    line = r"| `mood` | how glad (owner: others) | text | a\|b | 1.5 days | `never_told` | sequence |"
    assert line in written.splitlines()


def test_the_page_is_written_where_it_is_wanted(tmp_path):
    feature_page.write(tmp_path / "features.md")

    assert (tmp_path / "features.md").read_text() == feature_page.page()


def test_the_door_writes_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(feature_page, "write", lambda: (tmp_path / "features.md").write_text(feature_page.page()))
    features.main(["document"])

    assert (tmp_path / "features.md").exists()
    assert "docs/features.md" in capsys.readouterr().out
