"""Figures for the bars of the project, each beside its anchor in the same run: `make bench`."""
