"""What staff read of a member: outcomes with their times, and entries by what they are about, also in a menu."""

from dataclasses import replace

from bot.domain.guilds import GuildCurrency
from bot.domain.lookups import Lookup, LookupFilter, LookupKind
from bot.domain.order_states import OrderState
from bot.domain.orders import Order
from bot.domain.payment_cases import CaseKind, Outcome, PaymentCase
from bot.domain.receipts import Receipt
from bot.domain.wallets import Wallet, WalletLine
from bot.ui.text.reader import reader_for
from cogs.coins import lookup_render

READER = reader_for("en-US")
MIA, NOOR = 21, 22
ORDERED_MS, CREDITED_MS, CLOSED_MS = 1_000_000, 2_000_000, 3_000_000
ORDER = Order(1, 5, MIA, 1, 70, 99, "USD", "stripe", False, ORDERED_MS, OrderState.CREDITED)
CASE = PaymentCase(1, "stripe", "x", CaseKind.DIFFERS, 5, 99, "USD", ORDERED_MS, case_id=3)
GIFT = {
    "creator": NOOR, "item": 1, "name": "Warm *Heart*", "emoji": "<:heart:77>", "count": 3, "coins": 30,
    "anonymous": True,
}  # fmt: skip
ENTRY = Lookup(MIA, Wallet(), (), (), (), (), {}, LookupFilter(LookupKind.ALL), 0)


def text_of(entry: Lookup) -> str:
    card = lookup_render.lookup(entry, {}, [], 1, READER)
    return "\n".join(part.text for part in card.parts)


def test_purchases_of_one_price_differ_by_how_they_were_paid_and_say_when_the_coins_came() -> None:
    expiry = replace(ORDER, order_id=6, provider="kofi", state=OrderState.EXPIRED)

    text = text_of(replace(ENTRY, orders=[ORDER, expiry], outcomes={5: CREDITED_MS}))

    assert "🛒 🪙\xa070 for $0.99 · Card and more · coins added <t:2000:R> · ordered <t:1000:R>" in text
    assert "🛒 🪙\xa070 for $0.99 · Ko-fi · never paid · ordered <t:1000:R>" in text


def test_a_case_says_when_it_was_decided_and_when_it_began() -> None:
    decision = replace(CASE, case_id=4, outcome=Outcome.CLOSED, decided_ms=CLOSED_MS)

    text = text_of(replace(ENTRY, cases=[CASE, decision]))

    assert "🔎 Case #3: open · opened <t:1000:R>" in text
    assert "🔎 Case #4: closed <t:3000:R> · opened <t:1000:R>" in text


def test_earnings_say_what_can_be_paid_out() -> None:
    wallet = Wallet(earnings=70, reserved=20)

    assert "Earnings: 💎\xa050 available, 💎\xa020 held, and 💎\xa020 reserved for a payout" in text_of(
        replace(ENTRY, wallet=wallet, available=50)
    )
    assert "Earnings: 💎\xa070 available\n" in text_of(replace(ENTRY, wallet=Wallet(earnings=70), available=70)) + "\n"


def test_a_menu_says_in_plain_words_what_an_entry_is_about_for_whom_and_how_much() -> None:
    reader = reader_for("en-US", GuildCurrency("Petals", "<:petal:78>"))
    gift = WalletLine(12, "gift", 0, -30, Receipt(1, 12, "gift", 0, MIA, NOOR, GIFT))
    grant = WalletLine(9, "grant", 0, 100, Receipt(1, 9, "grant", 0, 99, MIA, {"coins": 100}))

    options = [lookup_render.flag_option(line, {MIA: "Mia", NOOR: "Noor_1"}, reader) for line in (gift, grant)]

    assert [(each.label, each.description, each.value) for each in options] == [
        ("#12 · Warm *Heart* × 3 from 🎭 Mia to Noor_1", "Petals: −30", 12),
        ("#9 · Granted by 99", "Petals: 100", 9),
    ]
