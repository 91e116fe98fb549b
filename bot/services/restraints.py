"""Builds the services of what members spend, and of what holds them back."""

from collections.abc import Callable
from typing import TypedDict

from bot.services.budgets import Budgets
from bot.services.histories import Histories
from bot.services.limits import Limits
from bot.storage.database import Database


class Restraints(TypedDict):
    """The services of what members have spent, may spend, and let themselves spend."""

    histories: Histories
    limits: Limits
    budgets: Budgets


def restraints(database: Database, clock: Callable[[], int], estimate: Callable[[], int]) -> Restraints:
    """Return these services over an open database."""
    return {
        "histories": Histories(database, estimate),
        "limits": Limits(database, estimate),
        "budgets": Budgets(database, clock),
    }
