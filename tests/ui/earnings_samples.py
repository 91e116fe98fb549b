"""Everything that creators see of their earnings, and what staff choose about them."""

from collections.abc import Iterator

from bot.domain.earnings import Earnings
from bot.domain.guild_providers import PaymentMethod
from bot.domain.holds import HOLD_DAYS, NEVER, PROMO, TEST, UNKNOWN, Hold, HoldChange, HoldRules
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.creator import earnings
from cogs.settings import payments

TODAY = 20_000


def creator_earnings(diamonds: int, creator_id: int, r: Reader) -> Iterator[Reply]:
    """Yield the card for somebody without earnings, for the most that it can say, and while gifts are counted."""
    nothing = Earnings(0, TODAY, (), {}, 0, 0, 0, 0, 50)
    sources = (*HOLD_DAYS, UNKNOWN)
    holds = [Hold(source, TODAY + day, diamonds) for day in range(1, 9) for source in sources]
    by_source = dict.fromkeys((*sources, PROMO, TEST), diamonds)
    total = diamonds * (len(holds) + 2)
    everything = Earnings(
        total, TODAY, [*holds, Hold(TEST, NEVER, diamonds)], by_source, diamonds, 0, diamonds, diamonds, 0
    )
    some = Earnings(diamonds * 3, TODAY, holds[:2], {}, 0, 0, 0, 0, 0, 40)
    for overview in (nothing, everything, some):
        yield reply(earnings.card(overview, None, r))
        yield reply(earnings.card(overview, creator_id, r))


def payment_settings(r: Reader) -> Iterator[Reply]:
    """Yield the page about payments: with every method, for those who may change it and who may not, and with none."""
    methods = [
        PaymentMethod("sandbox", is_test=True, needs_account=False, is_on=True),
        PaymentMethod("stripe", is_test=False, needs_account=False, is_on=False),
        PaymentMethod("kofi", is_test=False, needs_account=True, is_on=True),
        PaymentMethod("manual", is_test=False, needs_account=False, is_on=True),
    ]
    for is_changeable in (True, False):
        yield payments.page_of(methods, HoldRules([HoldChange("kofi", 0, 1)]), r, is_changeable=is_changeable)
    yield payments.page_of([], HoldRules(), r, is_changeable=True)
