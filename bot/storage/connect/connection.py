"""The type of connection that stores work on, re-exported for services: they call stores, and never write SQL."""

from sqlalchemy import Connection

__all__ = ["Connection"]
