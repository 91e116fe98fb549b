"""The cards: leaderboards, recaps, profiles and big moments, each a function from a plain value to a PNG."""
