"""The layer's Babel: only the languages that messages are rendered in, and these as good as whole."""

import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import babel
import pytest
from outreach.brand_shape import SUPPORTED_LOCALES
from outreach.rendering import render

SCRIPT = Path(__file__).parents[3] / "layers/outreach/prune_babel.py"
TEMPLATE = "{{offer.amount}} {{offer.price}} {{offer.percent}} {{service.last_date}} {{service.count}}"
FACTS = [
    {"slot": "offer.amount", "kind": "money", "value": {"minor": 2500, "currency": "GBP"}},
    {"slot": "offer.price", "kind": "money", "value": {"minor": 123450, "currency": "CAD"}},
    {"slot": "offer.percent", "kind": "percent", "value": 12.5},
    {"slot": "service.last_date", "kind": "date", "value": "2026-03-03"},
    {"slot": "service.count", "kind": "number", "value": 12345},
]
RENDER_ALL = f"""
import babel
from outreach.rendering import render
print(babel.__file__)
for locale in {SUPPORTED_LOCALES!r}:
    print(ascii(render({TEMPLATE!r}, {FACTS!r}, locale=locale)))
"""


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("layer")
    shutil.copytree(Path(babel.__file__).parent, target / "babel", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-I", SCRIPT, target], check=True)
    return target


def test_a_pruned_babel_renders_every_supported_locale_like_the_whole_one(pruned: Path) -> None:
    paths = [str(pruned), *sys.path]
    script = f"import sys; sys.path[:] = {paths!r}\n{RENDER_ALL}"
    answer = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    used, *lines = answer.stdout.splitlines()
    assert Path(used).is_relative_to(pruned)
    assert lines == [ascii(render(TEMPLATE, FACTS, locale=locale)) for locale in SUPPORTED_LOCALES]  # type: ignore[arg-type]


def test_only_the_supported_languages_and_the_root_are_left(pruned: Path) -> None:
    left = {file.stem.partition("_")[0] for file in (pruned / "babel/locale-data").glob("*.dat")}

    assert left == {"root", *(locale.partition("-")[0] for locale in SUPPORTED_LOCALES)}
    assert (pruned / "babel/global.dat").exists()


def test_what_holds_no_babel_is_refused_rather_than_left_unpruned(tmp_path: Path) -> None:
    answer = subprocess.run([sys.executable, SCRIPT, tmp_path], check=False, capture_output=True, text=True)

    assert answer.returncode == 1
    assert "no Babel locale data" in answer.stderr


def test_a_source_without_the_list_is_refused(tmp_path: Path) -> None:
    module = tmp_path / "brand_shape.py"
    module.write_text("LOCALES = ()\n")

    with pytest.raises(SystemExit, match="assigns no SUPPORTED_LOCALES"):
        prune_babel().supported_languages(module)


def prune_babel() -> ModuleType:
    spec = spec_from_file_location("prune_babel", SCRIPT)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
