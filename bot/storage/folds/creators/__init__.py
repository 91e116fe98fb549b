"""What creators were given, by hour and by item, and what moved their earnings, by day and type.

`sums` adds it up, and `queries` reads it.
"""
