"""Leave in an installed Babel only the locale data of the languages that messages are rendered in.

    python prune_babel.py TARGET_DIR        where `pip install --target` put Babel

All its locales are thirty megabytes, which every cold start would fetch and hardly any would read.
"""

import ast
import sys
from pathlib import Path

DECLARED_IN = Path(__file__).with_name("outreach") / "brand_shape.py"


def supported_languages(module: Path = DECLARED_IN) -> set[str]:
    """The languages of SUPPORTED_LOCALES, read from its source: the build imports nothing of what it builds."""
    for statement in ast.parse(module.read_text(encoding="utf-8")).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="SUPPORTED_LOCALES")], value=value):
                return {locale.partition("-")[0] for locale in ast.literal_eval(value)}
    sys.exit(f"{module.name} assigns no SUPPORTED_LOCALES")


def prune(target: Path) -> int:
    """Remove the other languages' files from TARGET_DIR/babel; how many were removed.

    All of a language stay, not only the locale's own: en_GB inherits from en_001, es_US from es_419.
    """
    kept = {*supported_languages(), "root"}
    files = list((target / "babel" / "locale-data").glob("*.dat"))
    if not files:
        sys.exit(f"no Babel locale data under {target}")
    removed = [file for file in files if file.stem.partition("_")[0] not in kept]
    for file in removed:
        file.unlink()
    return len(removed)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    prune(Path(sys.argv[1]))
