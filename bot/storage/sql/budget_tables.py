"""The table of budgets: what members let themselves spend, and what they have gifted."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import Erasure, flag, holder, integer, is_flag, of_guild, table

PERIODS = ("day", "week", "month")
"""What the columns of a period begin with, in the order of the domain's PERIODS."""

# The budget of a holder. For each period: the limit in coins, what it becomes and when (NULL for none), when the period
# began that was counted last, what was gifted since, and whether there was a warning.
budgets = table(
    "budgets",
    integer("guild_id"),
    holder("holder_id", Erasure.ROW),
    integer("paused_until_ms", null=True),
    *(
        column
        for period in PERIODS
        for column in (
            integer(f"{period}_limit", null=True),
            integer(f"{period}_next", null=True),
            integer(f"{period}_next_ms", null=True),
            integer(f"{period}_start_ms"),
            integer(f"{period}_used"),
            flag(f"{period}_warned"),
        )
    ),
    PrimaryKeyConstraint("guild_id", "holder_id"),
    of_guild(),
    *(
        check
        for period in PERIODS
        for check in (
            is_flag(f"{period}_warned"),
            CheckConstraint(f"{period}_limit > 0", name=f"{period}_limit_is_positive"),
            CheckConstraint(f"{period}_used >= 0", name=f"{period}_used_is_not_negative"),
        )
    ),
)
