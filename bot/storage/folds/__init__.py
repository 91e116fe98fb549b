"""Folds: what only ranks or counts, brought up to date from the journal. A gift never waits for one.

    journal   1 2 3 4 5 6 7 8 9 …  head
    fold      ────────────┤ cursor         what it has counted, in its own tables
                           └ backlog ┘     at most 5,000 rows, unless it is new or counts again

A fold writes its tables and moves its cursor in one transaction, so each row counts exactly once, whatever is killed
and however many bots share a database. The writer folds in short slices: when nothing waits, before a backlog grows
too long, and for a reader who needs the rest first (`bot.storage.ledger.fold_lane`).

A new one is a module here that is named in `registry`. It begins at the first row and catches up by itself.
"""
