"""The files that are made of the journal, and their columns."""

from typing import Final

from bot.storage.export.sheets import Column, Layout

_RECEIPT: Final = Column("receipt", "number of the row in journal.csv")
_TIME: Final = Column("time", "when it was booked, UTC")
_TEST: Final = Column("test", '"yes" if it is about test coins')
_ANONYMOUS: Final = Column("anonymous", '"yes" if the sender of the gift is hidden')

JOURNAL: Final = Layout(
    "journal",
    "Everything that ever moved coins, one row each, oldest first and without gaps. Rows are never changed.",
    (
        Column("receipt", "number of the row, counted from 1"),
        _TIME,
        Column(
            "kind",
            "gift, order, grant, grants (to many at once), grants_undo, claim, chest, chest_share, chest_return, "
            "reversal, reinstatement, "
            "payout_request, payout, payout_rejection, perk, perk_return, test_coins",
        ),
        Column("by", "member who did it"),
        Column("other", "the other member, like the creator of a gift or the member who got a grant"),
        Column("coins", "how many coins it is about"),
        _TEST,
        _ANONYMOUS,
        Column("undoes", "receipt of the row that it takes back, or reinstates"),
        Column("cause", "why a row was taken back, if not by staff: refunded, disputed, declined, …"),
        Column("about", "order, payout, batch, offer or chest, with its number in another file"),
        Column("note", "what a member or staff wrote with it; empty if it was erased"),
    ),
)

POSTINGS: Final = Layout(
    "postings",
    "What each row of journal.csv moved. The coins of a receipt sum to zero.",
    (
        _RECEIPT,
        Column(
            "account",
            "coins: what members hold or owe; gifts: what was given to a creator, the server's share included; "
            "perks: what members paid the server for perks; "
            "earnings: what a creator has earned; reserved: requested by a creator; paid_out: paid to creators; "
            "sold, granted, test_sold: where coins come from, so below zero",
        ),
        Column("member", "whose account; empty for the server's own"),
        Column("coins", "change of the account"),
    ),
)

GIFTS: Final = Layout(
    "gifts",
    "Every gift.",
    (
        _RECEIPT,
        _TIME,
        Column("sender", 'member who sent it, or "anonymous"'),
        Column("creator", "member who got it"),
        Column("item", "number in catalogue.csv"),
        Column("name", "what the item was called then"),
        Column("price", "coins for one piece"),
        Column("pieces", "how many were sent"),
        Column("taken_back", "pieces of those that were taken back later"),
        Column("coins", "price of all pieces"),
        _TEST,
        Column("channel", "Discord channel"),
        Column("message", "Discord message that it was for, empty for none"),
        Column("live_event", "number of the live event that it counts for, empty for none"),
        Column("note", "the member's message; empty if it was erased"),
    ),
)

GRANTS: Final = Layout(
    "grants",
    "Promo coins that staff gave, by hand, to many at once, or by a code or button.",
    (
        _RECEIPT,
        _TIME,
        Column("kind", "grant, grants (to many at once: postings.csv has each member), claim, grants_undo"),
        Column("by", "member of staff who gave them"),
        Column("member", "who got them"),
        Column("coins", "how many"),
        Column("approved_by", "who confirmed a grant of staff to themselves"),
        Column("makes_up_for", "receipt of the gift or order that it makes up for; empty for anonymous gifts"),
        Column("about", "batch or offer, with its number in batches.csv or offers.csv"),
        Column("reason", "what staff wrote"),
    ),
)

ACCOUNTS: Final = Layout(
    "accounts",
    "Every kind of account, of all members together, by month. The last balance of each is what the books hold.",
    (
        Column("month", "UTC"),
        Column(
            "account",
            "paid: bought coins; promo: coins from staff; debt: owed by members; earnings: of creators; reserved; "
            "paid_out; house: the server's share; sold and granted: where coins come from; test_…: the same for tests",
        ),
        Column("out", "coins that left it in the month"),
        Column("in", "coins that came in"),
        Column("balance", "what was there at the end of the month"),
    ),
)

EARNINGS: Final = Layout(
    "earnings",
    "What moved creators' earnings, by month. Anonymous gifts are one sum.",
    (
        Column("creator", "member; empty for what payments that went back took of all creators together"),
        Column("month", "UTC"),
        Column("type", "gift, reversal, debt (taken by a debt, or become one), payout"),
        Column("anonymous", '"yes" for the sum of anonymous gifts'),
        Column("entries", "rows of the journal"),
        Column("pieces", "pieces of gifts, below zero for those taken back"),
        Column("coins", "their coins"),
        Column("diamonds", "what it changed"),
    ),
)

PROVIDER_TOTALS: Final = Layout(
    "provider_totals",
    "Orders that were credited, by payment provider. They add up to the rows of kind order.",
    (
        Column("provider", "payment provider"),
        Column("currency", "of the prices"),
        _TEST,
        Column("orders", "how many"),
        Column("amount_minor", "sum of their prices"),
        Column("coins", "sum of their coins"),
        Column("coins_taken_back", "coins of them that were taken back: refunds, disputes, withdrawals"),
        Column("coins_reinstated", "coins of those that came back later"),
    ),
)

TOTALS: Final = Layout(
    "totals",
    "What the files add up to, beside what the books hold.",
    (
        Column("what", "what was added up"),
        Column("files", "sum of the files"),
        Column("books", "what the books hold"),
        Column("agrees", '"yes" if both are the same'),
    ),
)
