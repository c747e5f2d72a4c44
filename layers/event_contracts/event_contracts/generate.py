"""Write `generated.py`, the schemas as plain Python: `python -m event_contracts.generate`."""

import hashlib
import os
import textwrap
from pathlib import Path

import fastjsonschema

from event_contracts.schemas import FOLDER, Kind, Schema, load_schemas

GENERATED = Path(__file__).with_name("generated.py")

_LIBRARY = "from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException\n"
_HEAD = '''"""Made from the schemas by `python -m event_contracts.generate`; don't edit."""
# mypy: ignore-errors

import re
from decimal import Decimal

DIGEST = "{digest}"


class JsonSchemaValueException(ValueError):
    """The document doesn't keep the contract; what is wrong with it, `problems` lists."""


class JsonSchemaValuesException(ValueError):
    """Never raised: validation ends at the first problem."""
'''
_FACTORY = """

def _{name}():
{body}
    return validate
"""


def digest() -> str:
    """What the schemas and this generator are now, in 16 hex digits."""
    sources = [Path(__file__), *sorted(FOLDER.glob("*.json"))]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def is_current(generated: Path = GENERATED) -> bool:
    """Whether the generated file was made from the schemas as they are."""
    return generated.is_file() and f'DIGEST = "{digest()}"' in generated.read_text(encoding="utf-8")


def source(schemas: dict[Kind, Schema]) -> str:
    """The module's text: a validator for each type and version, raising ValueError at the first problem."""
    names = {kind: f"{kind[0].replace('.', '_')}_v{kind[1]}" for kind in schemas}
    factories = [_FACTORY.format(name=names[kind], body=_body(schema)) for kind, schema in schemas.items()]
    validators = "".join(f"    {kind!r}: _{name}(),\n" for kind, name in names.items())
    return _HEAD.format(digest=digest()) + "".join(factories) + f"\n\nVALIDATORS = {{\n{validators}}}\n"


def _body(schema: Schema) -> str:
    code = fastjsonschema.compile_to_code(schema, use_default=False, use_formats=False, detailed_exceptions=False)
    # Importing the library for its two exceptions would cost a cold start more than the validators themselves.
    without_library = code.replace(_LIBRARY, "")
    if without_library == code:
        raise RuntimeError("this version of fastjsonschema writes its imports differently")
    return textwrap.indent(without_library, "    ")


def main() -> None:
    """Write the generated file in one step, so that nobody imports half of it."""
    unfinished = GENERATED.with_suffix(f".{os.getpid()}")
    unfinished.write_text(source(load_schemas()), encoding="utf-8")
    unfinished.replace(GENERATED)


if __name__ == "__main__":
    main()
