"""Pure numbers: two versions compared, on past requests or on customers who arrive, and whether runs have drifted."""
