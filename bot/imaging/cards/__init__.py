"""The cards: leaderboards, recaps, profiles and big moments, each a plain value in and a PNG out."""
