"""A local Discord: REST and gateway on loopback, with the published behaviour, limits and error codes.

An unmodified discord.py bot runs against it in its own process. Tests and the sandbox's page act as its members.
"""
