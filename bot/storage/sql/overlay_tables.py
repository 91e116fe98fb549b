"""The tables of overlays, which show a creator's gifts in a streaming program. Creators are holders."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import Erasure, flag, holder, index, integer, is_flag, of_guild, string, table

# How each overlay stands. nr grows with everything that its pages have to hear of: a control, a new link, a withdrawn
# one. It is the number of the newest control.
overlays = table(
    "overlays",
    integer("guild_id"),
    holder("creator", Erasure.ROW),
    integer("nr"),
    flag("paused"),
    flag("muted"),
    PrimaryKeyConstraint("guild_id", "creator"),
    of_guild(),
    is_flag("paused"),
    is_flag("muted"),
)

# The links of overlays: one for the page and one for its controls. digest is the SHA-256 of the secret in the link, in
# hexadecimal. The secret itself is not kept.
overlay_tokens = table(
    "overlay_tokens",
    integer("guild_id"),
    holder("creator", Erasure.ROW),
    string("scope"),
    string("digest"),
    integer("made_ms"),
    integer("seen_ms", null=True),
    integer("revoked_ms", null=True),
    PrimaryKeyConstraint("guild_id", "creator", "scope"),
    of_guild(),
    CheckConstraint("scope IN ('view', 'control')", name="scope_is_known"),
)
# The only way in from outside: who brings a secret names no guild.
index("uq_overlay_tokens_digest", overlay_tokens.c.digest, unique=True)

# What was done with an overlay, for pages that are open. Which messages were let through stays longer.
overlay_controls = table(
    "overlay_controls",
    integer("guild_id"),
    holder("creator", Erasure.ROW),
    integer("nr"),
    string("action"),
    integer("seq", null=True),
    integer("at_ms"),
    PrimaryKeyConstraint("guild_id", "creator", "nr"),
    of_guild(),
)

# Up to which row of the journal each source of an overlay, known by its slot, has shown gifts.
overlay_cursors = table(
    "overlay_cursors",
    integer("guild_id"),
    holder("creator", Erasure.ROW),
    string("slot"),
    integer("seq"),
    integer("at_ms"),
    PrimaryKeyConstraint("guild_id", "creator", "slot"),
    of_guild(),
)
