"""Buying coins for one gift: where the gift was refused, a button opens the form for the smallest package that covers
it."""

from bot.domain.errors import NotFound
from bot.domain.ledger.gift import SendGift
from bot.ui.kit.callbacks import opens
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control, Form
from bot.ui.kit.cross_links import TOP_UP, GiftToPayIds
from bot.ui.kit.places import check_place as check_channel
from cogs.buy.consents import ConsentForm, budget_after
from cogs.buy.places import check_place


class TopUp(Control[GiftToPayIds], action=TOP_UP, ids=GiftToPayIds):
    """Opens the form. The package is looked up again, because much may have changed since the gift was refused."""

    @opens
    async def press(self, caller: Caller) -> Form:
        await check_place(caller)
        await check_channel(caller, self.ids.channel)
        top_up = await caller.services.top_ups.find(await self._command(caller))
        if top_up is None:
            raise NotFound("package")
        budget = await budget_after(caller, top_up.offer)
        return ConsentForm(top_up.offer, caller.call_id, caller.reader, top_up.gift, budget=budget)

    async def _command(self, caller: Caller) -> SendGift:
        ids = self.ids
        return SendGift(
            guild_id=caller.guild_id,
            key=caller.key,
            sender_id=caller.member_id,
            creator_id=ids.creator,
            # A form has to open at once. Discord is asked again when the gift goes out.
            creator_is_here=await caller.membership.was_member(caller.guild_id, ids.creator),
            item_id=ids.item,
            quantity=ids.quantity,
            channel_id=ids.channel,
            note=caller.note,
            anonymous=bool(ids.anonymous),
            ceiling=ids.ceiling,
            message_id=ids.message,
        )
