"""scripts/drift: how each agent's runs move from day to day."""
