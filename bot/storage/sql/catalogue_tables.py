"""The tables of what can be sent and bought: gift items, their pictures, and packages of coins."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import blob, flag, integer, is_flag, of_guild, string, table

# The gift items of each guild. Times and stock are NULL if there is no limit, the tier if the price decides.
gift_items = table(
    "gift_items",
    integer("guild_id"),
    integer("item_id"),
    string("name"),
    string("emoji"),
    integer("price"),
    integer("from_ms", null=True),
    integer("until_ms", null=True),
    integer("stock", null=True),
    flag("live_only"),
    flag("archived"),
    string("own_tier", null=True),
    string("picture", null=True),
    flag("fans_only"),
    flag("joins_club"),
    PrimaryKeyConstraint("guild_id", "item_id"),
    of_guild(),
    CheckConstraint("price > 0", name="price_is_positive"),
    CheckConstraint("stock >= 0", name="stock_is_left"),
    is_flag("live_only"),
    is_flag("fans_only"),
    is_flag("joins_club"),
    is_flag("archived"),
)

# The pictures that guilds uploaded for their items, by the digest of the PNG. In the books, so that every bot has them
# and every backup, too.
item_pictures = table(
    "item_pictures",
    integer("guild_id"),
    string("digest"),
    blob("png"),
    PrimaryKeyConstraint("guild_id", "digest"),
    of_guild(),
    rowid=True,
)

# The coin packages of each guild.
packages = table(
    "packages",
    integer("guild_id"),
    integer("package_id"),
    integer("coins"),
    integer("price_minor"),
    string("currency"),
    integer("bonus_percent"),
    string("reference"),
    integer("limit", null=True),
    integer("position"),
    flag("archived"),
    PrimaryKeyConstraint("guild_id", "package_id"),
    of_guild(),
    CheckConstraint("coins > 0", name="coins_are_positive"),
    CheckConstraint("price_minor > 0", name="price_is_positive"),
    CheckConstraint("bonus_percent >= 0", name="bonus_is_not_negative"),
    is_flag("archived"),
)
