"""The table of freezes: who is kept from buying, gifting and being paid while a case is open."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import holder, index, integer, of_guild, string, table, words

# A member is frozen as long as they have a row here, one for each open case. holder and frozen_by are holders. A row is
# deleted when staff decide about its case.
freezes = table(
    "freezes",
    integer("guild_id"),
    holder("holder"),
    string("case_type"),
    integer("case_number"),
    words("reason", "holder"),
    integer("since_ms"),
    holder("frozen_by"),
    PrimaryKeyConstraint("guild_id", "holder", "case_type", "case_number"),
    of_guild(),
    CheckConstraint("case_type IN ('payment', 'flag')", name="case_type_is_known"),
    CheckConstraint("holder <> frozen_by", name="nobody_freezes_themselves"),
)
index("ix_freezes_case", freezes.c.guild_id, freezes.c.case_type, freezes.c.case_number)
