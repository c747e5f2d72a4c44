"""What a stack knows, taken out of it and put into another one that stands in its place."""
