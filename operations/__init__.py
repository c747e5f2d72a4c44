"""Behind scripts/: one module for each door. Nothing here is deployed, and nothing decides what a layer should."""
