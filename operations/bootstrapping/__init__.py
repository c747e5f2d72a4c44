"""Making accounts ready for scripts/deploy: which of accounts/*.yaml each gets, shown before it is done."""
