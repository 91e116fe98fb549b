"""Figures for Prometheus, on an address of their own. The only room that knows Prometheus' client.

Nearly all of them are read, when somebody asks, from the objects that know them anyway: `catalogue` is the list. Things
that must be counted as they happen are counted with `bot.tallies`.
"""
