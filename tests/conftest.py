"""What every suite needs: the generated validators, and a CI whose random examples are the same in every run."""

import os

from event_contracts import generate
from hypothesis import settings

if not generate.is_current():
    generate.main()

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
