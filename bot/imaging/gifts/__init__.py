"""The pictures of gifts: one drawing for each of the catalogue's own items, and a medal for what staff add."""
