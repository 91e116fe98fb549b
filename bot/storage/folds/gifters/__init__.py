"""What members have gifted in all and in which weeks: their levels, badges and streaks follow from it.

`sums` adds it up, and `queries` reads it.
"""
