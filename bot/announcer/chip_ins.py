"""Shows chip-ins, and settles them here because only Discord knows who is still in the server when the gift goes
out."""

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.catalogue import tier_of
from bot.domain.chip_ins import ChipInCard, ChipInState
from bot.domain.deadlines import Deadline
from bot.imaging.values import GiftLook
from bot.services import Services
from bot.ui.kit.cards import Picture
from bot.ui.kit.channels import allowed_in, can_attach
from bot.ui.kit.posting import Draft, Later, Place, Posted
from bot.ui.kit.readers import guild_reader
from bot.ui.looks.chip_in_card import chip_in_card


class ChipInCards:
    """Handles the deadlines of chip-ins and of their messages."""

    def __init__(self, services: Services, client: Rosette, courier: Courier) -> None:
        self._services = services
        self._client = client
        self._courier = courier

    async def settle(self, deadline: Deadline) -> int | None:
        """Send the gift, or return the coins, if it is time; return when to look again."""
        guild_id, chip_in_id = deadline.guild_id, deadline.subject
        people = await self._services.gifts.pools.people(guild_id, chip_in_id)
        present = await self._client.membership.members_among(guild_id, [id_ for id_ in people if id_])
        return await self._services.gifts.pools.settle(guild_id, chip_in_id, present)

    async def show(self, deadline: Deadline) -> int | None:
        """Show the message as it is now; return when it is to be tried again."""
        chip_ins, guild_id, chip_in_id = self._services.gifts.pools, deadline.guild_id, deadline.subject
        card = await chip_ins.card(guild_id, chip_in_id)
        place, message_id = Place(guild_id, card.chip_in.channel_id), card.chip_in.message_id

        async def write() -> Draft:
            now = await chip_ins.card(guild_id, chip_in_id)
            package = await self._services.packages.first(guild_id)
            reader = guild_reader(self._client, guild_id)
            return Draft(chip_in_card(now, package, reader, await self._pictures(now)))

        if message_id is not None:
            outcome = await self._courier.edit(place, message_id, write, kind=TurnKind.LOUD, subject=chip_in_id)
        else:
            outcome = await self._courier.post_once(place, f"chip-in:{chip_in_id}", write, kind=TurnKind.LOUD)
            if isinstance(outcome, Posted):
                await chip_ins.posted(guild_id, chip_in_id, outcome.message_id)
        return outcome.at_ms if isinstance(outcome, Later) else None

    async def _pictures(self, card: ChipInCard) -> tuple[Picture, ...]:
        """Return the picture of the gift, nothing if it can't be attached or drawn, or is no longer needed."""
        chip_in = card.chip_in
        guild = self._client.get_guild(chip_in.guild_id)
        if chip_in.state in {ChipInState.RETURNING, ChipInState.RETURNED}:
            return ()
        if not can_attach(allowed_in(guild, chip_in.channel_id)):
            return ()
        uploads = await self._services.catalogue.pictures(chip_in.guild_id, {chip_in.item_id})
        look = GiftLook(chip_in.name, chip_in.emoji, tier_of(chip_in.price, None), uploads.get(chip_in.item_id))
        png = await self._services.pictures.gift(look)
        if png is None:
            return ()
        alt = guild_reader(self._client, chip_in.guild_id)._("A picture of {gift}", gift=chip_in.name)
        return (Picture("gift-1.png", png, alt, beside=True),)
