"""Thanking: what a creator has not thanked for, and one public thank-you for one member or for all."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.errors import NobodyToThank
from bot.domain.ledger.gift import facts_of
from bot.domain.thanks import HIDDEN, ThankYou, Unthanked, thank_you
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.ledger import holders, journal, member_choices
from bot.storage.stores import guilds, thanks

PAGE = 5
"""Members that are shown at once, as many as a row has buttons."""


@dataclass(frozen=True, slots=True)
class ThanksQueue:
    """What waits for a creator's thanks: one page of `members`, the most generous first.

    What was given without a name is the last entry of the first page.
    """

    entries: tuple[Unthanked, ...]
    members: int
    page: int = 0
    has_thanked: bool = True
    """Whether the creator has ever thanked anybody. If not, and nothing waits, nobody has given yet."""


class Thanks:
    """The use-cases of thanking."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def queue(self, guild_id: int, creator_id: int, page: int = 0) -> ThanksQueue:
        """Return one page of what the creator has not thanked for, the last one if there are fewer."""
        return await self._database.read_folded(guild_id, _queue, guild_id, creator_id, page)

    async def thank(
        self, guild_id: int, creator_id: int, *, thanks_id: int, sender: int | None = None, hidden: bool = False
    ) -> ThankYou:
        """Thank one member (`sender`, a holder id), for what was given without a name (`hidden`), or all; the public
        thank-you follows. The same `thanks_id` thanks once. Raises NobodyToThank, and Busy or BooksClosed while the
        gifts cannot be counted.
        """
        # What waits is counted between gifts, and only what came since while they wait.
        await self._database.catch_up(guild_id)
        return await self._database.writer.perform(_thank, guild_id, creator_id, thanks_id, sender, hidden)

    async def unsent(self, guild_id: int, thanks_id: int) -> ThankYou | None:
        """Return a thank-you that is to be sent, None if it was."""
        return await self._database.read(thanks.unsent, guild_id, thanks_id)

    async def mark_sent(self, message: ThankYou) -> None:
        """Record that a thank-you was sent, or never can be."""
        await self._database.writer.perform(thanks.mark_sent, message.guild_id, message.thanks_id, self._clock())

    async def names(self, message: ThankYou) -> dict[int, int]:
        """Return the members behind the senders of a thank-you, 0 for those who were erased."""
        return await self._database.read(holders.member_ids, message.guild_id, {*message.senders} - {HIDDEN})

    async def shows_quantity(self, thank_you: ThankYou) -> bool:
        """Return whether others may read how many gifts it is for, which the only sender may have hidden."""
        if len(thank_you.senders) + thank_you.more > 1:
            return True
        guild_id, senders = thank_you.guild_id, thank_you.senders
        choices = await self._database.read(member_choices.choices_of_holders, guild_id, senders)
        return all(each.shows_quantity for each in choices.values())


def _queue(connection: Connection, guild_id: int, creator_id: int, page: int) -> ThanksQueue:
    members = thanks.waiting(connection, guild_id, creator_id)
    page = min(page, max(0, members - 1) // PAGE)
    entries = thanks.unthanked(connection, guild_id, creator_id, PAGE, offset=page * PAGE)
    anonymous = thanks.unthanked_anonymous(connection, guild_id, creator_id) if page == 0 else None
    entries = thanks.with_notes(connection, guild_id, creator_id, [*entries, *filter(None, [anonymous])])
    return ThanksQueue(tuple(entries), members, page, thanks.has_thanked(connection, guild_id, creator_id))


def _thank(
    connection: Connection, guild_id: int, creator_id: int, thanks_id: int, sender: int | None, hidden: bool
) -> ThankYou:
    guilds.lock(connection, guild_id)
    previous = thanks.thank_you(connection, guild_id, thanks_id)
    if previous is not None:
        return previous
    # A reversal is taken out of the thanks when it is booked, but out of the sums only when it is counted. Read between
    # the two, a gift that was taken back would be thanked for, and the next one of that size would not.
    folding.fold_rest(connection, guild_id)
    anonymous = thanks.unthanked_anonymous(connection, guild_id, creator_id)
    entries = [*thanks.unthanked(connection, guild_id, creator_id), *filter(None, [anonymous])]
    if hidden or sender is not None:
        entries = [entry for entry in entries if entry.sender == (None if hidden else sender)]
    if not entries:
        raise NobodyToThank
    channel_id = _channel(connection, guild_id, max(entry.last_seq for entry in entries))
    message = thank_you(guild_id, thanks_id, channel_id, creator_id, entries)
    thanks.thank(connection, guild_id, creator_id, entries)
    thanks.insert(connection, message)
    return message


def _channel(connection: Connection, guild_id: int, seq: int) -> int:
    """Return the channel in which a gift was announced."""
    gift, rules = journal.receipt(connection, guild_id, seq), guilds.rules(connection, guild_id)
    assert gift is not None, seq
    assert rules is not None, guild_id
    facts = facts_of(gift)
    return facts["live_channel"] or rules.gift_channel_id or facts["channel"]
