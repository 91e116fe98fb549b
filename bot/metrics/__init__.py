"""Figures for Prometheus, on an address of their own. The only room that knows Prometheus' client.

Nearly all of them are read from what knows them anyway, when somebody asks: `catalogue` is the list. Where something
has to be counted as it happens, it counts for itself, with `bot.tallies`.
"""
