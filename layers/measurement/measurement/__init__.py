"""Pure numbers: two versions compared on the same requests, or on customers who arrive, and how sure one can be."""
