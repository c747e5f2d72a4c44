"""Seeding refuses what would fail every run, and says all of it at once."""

from pathlib import Path

import pytest

from operations import seed

ROOT = seed.ROOT


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("agents", "brands"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(seed, "ROOT", tmp_path)
    return tmp_path


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_what_ships_has_no_problem() -> None:
    assert list(seed._brand_problems()) == []
    assert set(seed._agents()) == {"outreach-writer", "outreach-judge"}


@pytest.mark.parametrize("brand", ['{"company": {', "{}", "[]"])
def test_a_broken_brand_is_named(repository: Path, brand: str) -> None:
    _write(repository / "brands" / "acme" / "brand.json", brand)
    assert [problem.startswith("brands/acme: ") for problem in seed._brand_problems()] == [True]


def test_a_brand_folder_needs_its_file_and_a_tenants_name(repository: Path) -> None:
    (repository / "brands" / "Acme Inc").mkdir()
    assert len(list(seed._brand_problems())) == 2


@pytest.mark.parametrize("config", ["{bad", "[]"])
def test_an_agent_that_cannot_be_read_is_named(repository: Path, config: str) -> None:
    _write(repository / "agents" / "mine" / "config.json", config)
    with pytest.raises(seed.Problem, match="agents/mine can't be read"):
        seed._agents()
