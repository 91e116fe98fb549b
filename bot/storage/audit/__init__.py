"""The checks of the audit. Each reads one part of a guild's books in constant memory and yields what does not add up.

A check is a function of a connection. It yields findings, (row, sentence) each, and calls `tick` with the number of
rows it has read. Checks share no state, so many can run at once, each on its own snapshot: the journal only ever grows.
"""
