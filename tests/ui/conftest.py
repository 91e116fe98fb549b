"""discord.py imports a module that Python is about to drop: its affair, and no failure of ours."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord

assert discord.version_info.major == 2
