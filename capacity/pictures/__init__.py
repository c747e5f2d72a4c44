"""The pictures of SCALABILITY.md: SVG by themselves, as wide as a phone, light or dark as the reader's screen is."""
