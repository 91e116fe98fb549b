"""The connection that stores work on, under a name that services may use: they compose stores, never SQL."""

from sqlalchemy import Connection

__all__ = ["Connection"]
