"""The generated validators: made from the schemas as they are, or said to be missing."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from event_contracts import generate
from event_contracts.schemas import FOLDER, SHARED, load_schemas
from jsonschema import Draft7Validator

PACKAGE = Path(generate.__file__).parent
# The two libraries read these differently, or not at all.
UNSAFE = {"format", "multipleOf", "const", "uniqueItems", "contains", "default", "propertyNames", "patternProperties"}


def python(*arguments: str, layer: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=layer, capture_output=True, text=True, check=False)


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """A copy of the package as it is in a fresh clone."""
    shutil.copytree(PACKAGE, tmp_path / "event_contracts", ignore=shutil.ignore_patterns("generated*", "__pycache__"))
    return tmp_path


def parts(schema: Any) -> Any:
    """Every schema inside a schema."""
    if isinstance(schema, dict):
        yield schema
        for keyword in ("properties", "definitions"):
            for part in schema.get(keyword, {}).values():
                yield from parts(part)
        for part in [schema[keyword] for keyword in ("items",) if keyword in schema] + schema.get("anyOf", []):
            yield from parts(part)


def test_without_the_generated_file_the_import_says_which_command_makes_it(layer: Path) -> None:
    ran = python("-c", "from event_contracts import validate", layer=layer)

    assert "ImportError: no event_contracts/generated.py: `python -m event_contracts.generate` makes it" in ran.stderr


def test_the_command_makes_what_validates(layer: Path) -> None:
    made = python("-m", "event_contracts.generate", layer=layer)
    ran = python("-c", "from event_contracts import known_types; print(known_types())", layer=layer)

    assert (made.returncode, made.stderr) == (0, "")
    kinds = (
        "customer.updated", "outcome.recorded", "outreach.requested", "service.completed", "service.corrected",
        "service.voided",
    )  # fmt: skip
    assert ran.stdout.strip() == str(dict.fromkeys(kinds, (1,)))
    assert not [file for file in (layer / "event_contracts").glob("generated.*") if file.suffix != ".py"]


def test_a_new_type_and_a_new_version_are_their_files_alone(layer: Path) -> None:
    shutil.copy(FOLDER / "service.completed.v1.json", layer / "event_contracts/schemas/service.completed.v2.json")
    question = {"description": "an object", "type": "object"}
    (layer / "event_contracts/schemas/question.asked.v1.json").write_text(json.dumps(question))

    python("-m", "event_contracts.generate", layer=layer)
    ran = python("-c", "from event_contracts import known_types; print(known_types())", layer=layer)

    assert "'question.asked': (1,)" in ran.stdout
    assert "'service.completed': (1, 2)" in ran.stdout


def test_a_file_that_no_type_can_be_read_from_is_refused(layer: Path) -> None:
    (layer / "event_contracts/schemas/service.completed.json").write_text("{}")

    ran = python("-m", "event_contracts.generate", layer=layer)

    assert "service.completed.json: a schema is named <event type>.v<version>.json" in ran.stderr


def test_the_generated_file_is_current_until_a_schema_changes(layer: Path) -> None:
    check = "from event_contracts import generate; print(generate.is_current())"
    before = python("-c", check, layer=layer).stdout.strip()
    python("-m", "event_contracts.generate", layer=layer)
    made = python("-c", check, layer=layer).stdout.strip()
    with (layer / "event_contracts/schemas/definitions.json").open("a") as definitions:
        definitions.write("\n")

    assert (before, made, python("-c", check, layer=layer).stdout.strip()) == ("False", "True", "False")


@pytest.mark.parametrize(("kind", "schema"), load_schemas().items(), ids=lambda value: str(value)[:24])
def test_every_schema_says_in_words_what_it_expects(kind: tuple[str, int], schema: dict[str, Any]) -> None:
    Draft7Validator.check_schema(schema)
    assert schema["properties"]["type"]["enum"] == [kind[0]]
    assert schema["properties"]["version"]["enum"] == [kind[1]]
    for part in parts(schema):
        assert "description" in part or part.keys() == {"$ref"}


@pytest.mark.parametrize("schema", load_schemas().values())
def test_every_text_list_and_number_is_bounded_and_no_keyword_is_read_in_two_ways(schema: dict[str, Any]) -> None:
    for part in parts(schema):
        kinds = part.get("type", [])
        kinds = kinds if isinstance(kinds, list) else [kinds]
        # The envelope's own type and version are only read when they are no known one.
        if part is not schema["definitions"]["envelope"] and part.get("description", "").split(",")[0] not in (
            "the event's type",
            "the version of the event's contract",
        ):
            assert "string" not in kinds or "maxLength" in part
            assert "array" not in kinds or "maxItems" in part
            assert not {"number", "integer"} & set(kinds) or {"minimum", "maximum"} <= part.keys()
        assert not UNSAFE & part.keys()


def test_the_shared_definitions_are_all_used() -> None:
    text = "".join(path.read_text() for path in FOLDER.glob("*.json"))

    for name in json.loads(SHARED.read_text())["definitions"]:
        assert name == "envelope" or f'"#/definitions/{name}"' in text
