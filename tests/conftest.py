"""What every suite needs: the generated validators, one width of terminal, the same random examples in every CI run."""

import os

from event_contracts import generate
from hypothesis import settings

if not generate.is_current():
    generate.main()

# What is printed folds at a terminal's width, and is the same on every machine.
os.environ["COLUMNS"] = "140"

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
