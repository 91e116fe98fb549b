"""The same sequences, where members also buy coins for one gift, and cancel orders that they then pay all the same."""

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from bot.domain.errors import Refusal
from bot.domain.ledger.gift import SendGift
from tests.faults.bazaar import CREATOR, Bazaar, members
from tests.faults.purchases import credited
from tests.payments.wires import GUILD


class GiftBuyers(Bazaar):
    """A guild that sells at every provider, where gifts go out with the coins that were bought for them."""

    @rule(data=st.data(), member=members, quantity=st.integers(1, 7))
    def buy_for_a_gift(self, data: st.DataObject, member: int, quantity: int) -> None:
        with suppress(Refusal):
            command = SendGift(GUILD, self.key(), member, CREATOR, 4, quantity, channel_id=1)
            top_up = self.wait(self.services.top_ups.find(command))
            if top_up is not None:
                providers = {method.provider for method in top_up.offer.methods}
                names = [name for name, wire in self.wires.items() if wire.provider.name in providers]
                package = top_up.offer.package.package_id
                sale = self.open_order(data.draw(st.sampled_from(names)), member, package, top_up.gift)
                if not sale.external_id and data.draw(st.booleans()) and not self.owns_sku(sale):
                    sale.external_id = self.wait(self.wires[sale.name].pay(sale.order))
                    self.happened(data)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        sale = self.drawn(data, is_paid=False)
        if sale is not None:
            with suppress(Refusal):
                self.wait(self.services.orders.cancel(GUILD, sale.order.order_id, sale.order.member_id))

    @invariant()
    def a_gift_goes_out_with_its_coins_or_its_buyer_reads_why_not(self) -> None:
        """Unless some of the money went back: it may have done so before the coins came."""
        if not self.is_settled:
            return
        sales = self.wait(self.books.read(credited))
        for sale in self.sales:
            gift = self.wait(self.services.planned_gifts.of_order(GUILD, sale.order.order_id))
            paid_order, _ = sales.get(sale.external_id, (None, 0))
            if gift is None or gift.lapse is not None or paid_order is None or paid_order.order_id != gift.order_id:
                continue
            payment = self.read(sale)
            if payment.refunded_minor or payment.disputes or sale.order.order_id in self.withdrawn:
                continue
            receipt = self.wait(self.services.gifts.find(GUILD, gift.key, sale.order.member_id))
            assert receipt is not None, (sale, gift)
            assert receipt.other_id == CREATOR
