"""Leaderboards: `scores` keeps one row per member, board and period; `queries` finds places among them."""
