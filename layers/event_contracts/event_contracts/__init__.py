"""What a CRM may send: one JSON Schema for each event type and version, and validators generated from them."""
