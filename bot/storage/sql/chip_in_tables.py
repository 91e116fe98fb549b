"""The tables of gifts that members pool for."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import (
    Erasure,
    flag,
    holder,
    index,
    integer,
    is_flag,
    member,
    of_guild,
    of_journal,
    string,
    table,
)

# Gifts that members pool for, each at the price of its start, and the message that shows it once it is posted.
# `collected` is the sum of the chips below. gift_seq is the first row of the gift once it went out, 0 before.
chip_ins = table(
    "chip_ins",
    integer("guild_id"),
    integer("chip_in_id"),
    integer("channel_id"),
    member("creator_id", Erasure.BLANK),
    integer("item_id"),
    string("name"),
    string("emoji"),
    integer("price"),
    holder("opener"),
    integer("opened_ms"),
    integer("ends_ms"),
    integer("collected"),
    string("state"),
    string("why"),
    integer("gift_seq"),
    integer("message_id", null=True),
    PrimaryKeyConstraint("guild_id", "chip_in_id"),
    of_guild(),
    CheckConstraint("collected BETWEEN 0 AND price", name="no_more_is_collected_than_needed"),
    CheckConstraint("state IN ('open', 'full', 'returning', 'sent', 'returned')", name="state_is_known"),
)
index("ix_chip_ins_channel", chip_ins.c.guild_id, chip_ins.c.channel_id)

# What is reserved for them: a row for each that a member chipped in, until it goes out or comes back.
chips = table(
    "chips",
    integer("guild_id"),
    integer("seq"),
    integer("chip_in_id"),
    holder("holder_id"),
    integer("paid"),
    integer("promo"),
    flag("is_test"),
    integer("at_ms"),
    PrimaryKeyConstraint("guild_id", "seq"),
    of_journal(),
    is_flag("is_test"),
    CheckConstraint("paid >= 0 AND promo >= 0 AND paid + promo > 0", name="something_is_reserved"),
)
index("ix_chips_chip_in", chips.c.guild_id, chips.c.chip_in_id)
