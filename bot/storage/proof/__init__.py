"""The checks of the audit: each reads a part of one guild's books in constant memory and yields what does not add up.

A check is a function of a connection that yields (row, sentence) and calls `tick` with the rows that it has read. They
share no state, so that many can run at once, each on a snapshot of its own: the journal only ever grows.
"""
