"""The tables of buying: orders, events from payment providers, and cases that staff have to decide about."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint, text

from bot.storage.sql.columns import (
    Erasure,
    flag,
    index,
    integer,
    is_flag,
    member,
    of_guild,
    string,
    table,
    words,
)

# Purchases, from the buyer's consent to the coins. told is the last state that the buyer was told of. reply_token
# allows editing the buyer's panel, and is soon deleted. consent_version is the number of the text that the buyer
# consented to. report is the fingerprint of the last report that was settled; by then, refunded_minor had been paid
# back. product is the package's name at the provider.
orders = table(
    "orders",
    integer("guild_id"),
    integer("order_id"),
    member("member_id", Erasure.BLANK),
    integer("package_id"),
    integer("coins"),
    integer("price_minor"),
    string("currency"),
    string("provider"),
    flag("test"),
    integer("consented_ms"),
    string("state"),
    string("external_id"),
    string("told"),
    words("locale", "member_id"),
    words("reply_token", "member_id", exported=False, null=True),
    integer("consent_version"),
    string("report"),
    integer("refunded_minor"),
    string("product"),
    integer("presented_minor", null=True),
    string("presented_currency", null=True),
    PrimaryKeyConstraint("guild_id", "order_id"),
    ForeignKeyConstraint(["guild_id", "package_id"], ["packages.guild_id", "packages.package_id"]),
    CheckConstraint("coins > 0", name="coins_are_positive"),
    CheckConstraint("price_minor > 0", name="price_is_positive"),
    is_flag("test"),
)
index(None, orders.c.guild_id, orders.c.member_id, orders.c.package_id)
index(None, orders.c.external_id)
# Queries must use this text: a partial index serves only a query that repeats its condition literally, without bound
# values.
HOLDS_TOKEN = text("reply_token IS NOT NULL")
index("ix_orders_reply_token", orders.c.consented_ms, where=HOLDS_TOKEN)
OF_PRODUCT = text("product <> ''")
index("ix_orders_product", orders.c.member_id, orders.c.product, where=OF_PRODUCT)

# Further ids of an order's payment at its provider, so that events which name only these find the order.
payment_ids = table(
    "payment_ids",
    integer("guild_id"),
    string("provider"),
    string("other_id"),
    integer("order_id"),
    PrimaryKeyConstraint("guild_id", "provider", "other_id"),
    ForeignKeyConstraint(["guild_id", "order_id"], ["orders.guild_id", "orders.order_id"]),
)
index(None, payment_ids.c.other_id)

# How much of an order's payment had gone back by then, whenever that changed.
order_refunds = table(
    "order_refunds",
    integer("guild_id"),
    integer("order_id"),
    integer("at_ms"),
    integer("refunded_minor"),
    PrimaryKeyConstraint("guild_id", "order_id", "at_ms"),
    of_guild(),
)

# Purchases of a product whose provider names no order. order_id is the order, in guild_id, that a purchase has paid:
# both are null until there is one. The key makes sure that a purchase pays only one order.
product_purchases = table(
    "product_purchases",
    string("provider"),
    string("external_id"),
    string("product"),
    member("member_id", Erasure.BLANK),
    string("worth"),
    integer("arrived_ms"),
    flag("is_revoked"),
    integer("guild_id", null=True),
    integer("order_id", null=True),
    PrimaryKeyConstraint("provider", "external_id"),
    of_guild(),
    is_flag("is_revoked"),
)
UNASSIGNED = text("guild_id IS NULL AND is_revoked = 0")
index("ix_product_purchases_unassigned", product_purchases.c.member_id, where=UNASSIGNED)

# What a guild chose about a payment provider. account is its own account there. secret_hash is the SHA-256 hash of a
# secret that identifies the guild's messages from there. Both are empty if there is none. confirmations is how many
# people it takes if staff confirm payments by hand.
guild_providers = table(
    "guild_providers",
    integer("guild_id"),
    string("provider"),
    flag("is_on"),
    string("account"),
    string("secret_hash"),
    integer("confirmations", null=True),
    PrimaryKeyConstraint("guild_id", "provider"),
    of_guild(),
    is_flag("is_on"),
)
IS_SECRET = text("secret_hash <> ''")
index("ix_guild_providers_secret_hash", guild_providers.c.secret_hash, where=IS_SECRET)

# The guilds of old orders, whose reference at the provider is only their id. Newer references name the guild.
bare_references = table(
    "bare_references",
    integer("order_id"),
    integer("guild_id"),
    PrimaryKeyConstraint("order_id", "guild_id"),
)

# Payments that staff have to decide about. announced is set once staff know that there is a case, reported once one of
# them has seen it, outcome once one of them has decided.
payment_cases = table(
    "payment_cases",
    integer("guild_id"),
    string("provider"),
    string("external_id"),
    string("kind"),
    integer("order_id"),
    integer("amount_minor"),
    string("currency"),
    integer("opened_ms"),
    flag("announced"),
    flag("reported"),
    integer("case_id"),
    string("outcome"),
    integer("decided_ms"),
    member("decided_by", Erasure.BLANK),
    PrimaryKeyConstraint("guild_id", "provider", "external_id", "kind"),
    UniqueConstraint("guild_id", "case_id"),
    of_guild(),
    is_flag("announced"),
    is_flag("reported"),
)
UNANNOUNCED = text("announced = 0")
index("ix_payment_cases_unannounced", payment_cases.c.guild_id, where=UNANNOUNCED)
UNREPORTED = text("reported = 0")
index("ix_payment_cases_unreported", payment_cases.c.guild_id, where=UNREPORTED)
UNDECIDED = text("outcome = ''")
index("ix_payment_cases_undecided", payment_cases.c.guild_id, where=UNDECIDED)

# Events from payment providers, recorded before they are processed. next_ms is set until an event is final: handled, or
# set aside. For one that was set aside, cases is how many guilds have a case about it, null in old rows.
webhook_events = table(
    "webhook_events",
    string("provider"),
    string("event_id"),
    string("external_id"),
    integer("received_ms"),
    integer("attempts"),
    integer("next_ms", null=True),
    integer("handled_ms", null=True),
    integer("aside_ms", null=True),
    integer("cases", null=True),
    PrimaryKeyConstraint("provider", "event_id"),
)
_unfinished = text("next_ms IS NOT NULL")
index("ix_webhook_events_due", webhook_events.c.next_ms, where=_unfinished)

# What brought the news of a provider's payments. missed counts those found by asking since the last webhook.
settlement_counts = table(
    "settlement_counts",
    string("provider"),
    integer("by_webhook"),
    integer("by_reconcile"),
    integer("missed"),
    PrimaryKeyConstraint("provider"),
)

# How much members may buy, for guilds that have chosen limits. An empty currency stands for that of the first package.
buying_limits = table(
    "buying_limits",
    integer("guild_id"),
    string("currency"),
    integer("daily_minor", null=True),
    integer("held_minor", null=True),
    integer("account_days"),
    flag("adults_only"),
    flag("can_withdraw"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
    is_flag("adults_only"),
    is_flag("can_withdraw"),
    rowid=True,
)

# What one unit of another currency is worth in a guild's main currency, in millionths.
exchange_rates = table(
    "exchange_rates",
    integer("guild_id"),
    string("currency"),
    integer("rate"),
    PrimaryKeyConstraint("guild_id", "currency"),
    of_guild(),
    CheckConstraint("rate > 0", name="rate_is_positive"),
)

# The claim code that the buyer of an order quotes with a payment. It finds the order for ever.
claim_codes = table(
    "claim_codes",
    integer("guild_id"),
    string("code"),
    integer("order_id"),
    PrimaryKeyConstraint("guild_id", "code"),
    UniqueConstraint("guild_id", "order_id"),
    of_guild(),
)

# Payments that no provider can be asked about, as reported by a notice or by staff. order_id is 0 while a payment
# belongs to no order. kind and product are the provider's words for the payment and for what was bought.
noted_payments = table(
    "noted_payments",
    string("provider"),
    string("external_id"),
    integer("guild_id"),
    integer("order_id"),
    string("status"),
    integer("amount_minor"),
    string("currency"),
    integer("noted_ms"),
    integer("refunded_minor"),
    string("kind"),
    string("code"),
    string("product"),
    PrimaryKeyConstraint("provider", "external_id"),
    of_guild(),
    CheckConstraint("refunded_minor BETWEEN 0 AND amount_minor", name="refund_is_covered"),
)
index(None, noted_payments.c.guild_id, noted_payments.c.order_id)

# Which members of staff say that the money for an order arrived, and under which number.
confirmations = table(
    "confirmations",
    integer("guild_id"),
    integer("order_id"),
    member("member_id", Erasure.ROW),
    words("reference", "member_id"),
    integer("confirmed_ms"),
    PrimaryKeyConstraint("guild_id", "order_id", "member_id"),
    of_guild(),
)

# Orders that their buyers withdrew from, and what goes back to them.
withdrawals = table(
    "withdrawals",
    integer("guild_id"),
    integer("order_id"),
    integer("coins"),
    integer("amount_minor"),
    string("currency"),
    integer("withdrawn_ms"),
    flag("is_sent"),
    PrimaryKeyConstraint("guild_id", "order_id"),
    of_guild(),
    is_flag("is_sent"),
)

# Gifts that go out with the coins of an order, until until_ms. ceiling is the most that one may cost, and name and
# emoji are as its sender saw them. lapse says why it will not go out. Once its sender knows how it ended, the note is
# erased, and soon afterwards the row.
planned_gifts = table(
    "planned_gifts",
    integer("guild_id"),
    integer("order_id"),
    member("creator_id", Erasure.BLANK),
    integer("item_id"),
    string("name"),
    string("emoji"),
    integer("quantity"),
    integer("ceiling"),
    flag("anonymous"),
    integer("channel_id"),
    integer("message_id"),
    words("note", "orders.member_id"),
    integer("until_ms"),
    string("lapse"),
    PrimaryKeyConstraint("guild_id", "order_id"),
    of_guild(),
    CheckConstraint("quantity > 0", name="gift_has_pieces"),
    is_flag("anonymous"),
)
