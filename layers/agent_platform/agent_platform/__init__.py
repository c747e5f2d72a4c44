"""What every workflow stands on: tenants, events, agents, features, retrieval, inference, guardrails, telemetry."""
