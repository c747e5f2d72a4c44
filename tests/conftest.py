"""What every suite needs before it can import the layers."""

from event_contracts import generate

if not generate.is_current():
    generate.main()
