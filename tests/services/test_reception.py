"""What creators decide about their gifts, in the books: it holds in the next gift, and unmasks nobody."""

import pytest

from bot.domain.errors import NotACreator, NotFound
from bot.domain.ledger.restrictions import (
    AnonymousBlocked,
    BlockedByYou,
    CreatorPaused,
    GiftBlocked,
    NoteRefused,
)
from bot.domain.staff_errors import BlockSelf
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from tests.storage.town import ALICE, BOB, DAY, GUILD, MIA, NOAH, Clock, gift, grant, settle_in


async def opened(database: Database, clock: Clock) -> Services:
    """Return the services over the books of a guild with the creators Mia and Noah, in which Alice has coins."""
    await database.writer.perform(settle_in)
    await database.writer.submit(grant("coins"))
    await database.writer.submit(grant("bobs", member_id=BOB))
    await database.writer.submit(grant("noahs", member_id=NOAH))
    return build(database, [], clock)


async def test_a_pause_ends_by_itself_or_when_the_creator_says_so(database: Database, clock: Clock):
    services = await opened(database, clock)
    until_ms = await services.creators.reception.pause(GUILD, MIA, 2)

    with pytest.raises(CreatorPaused) as refusal:
        await services.gifts.send(gift("a"))
    receivers = await services.gifts.receivers(GUILD, ALICE)
    clock.now_ms += 2 * DAY
    await services.gifts.send(gift("b"))
    await services.creators.reception.pause(GUILD, MIA, 2)
    await services.creators.reception.resume(GUILD, MIA)
    await services.gifts.send(gift("c"))

    assert refusal.value.until_ms == until_ms
    assert receivers == [NOAH]
    assert (await services.creators.reception.choices(GUILD, MIA)).paused_until_ms is None


async def test_a_blocked_member_sends_nothing_until_they_are_unblocked(database: Database, clock: Clock):
    services = await opened(database, clock)
    await services.gifts.send(gift("before"))
    await services.creators.reception.block(GUILD, MIA, ALICE)

    for anonymous in (False, True):
        with pytest.raises(GiftBlocked):
            await services.gifts.send(gift(f"a{anonymous}", anonymous=anonymous))
    with pytest.raises(GiftBlocked):
        await services.gifts.offer(GUILD, ALICE, MIA)
    await services.gifts.send(gift("other", creator_id=NOAH))
    await services.gifts.send(gift("bob", sender_id=BOB))
    await services.creators.reception.unblock(GUILD, MIA, ALICE)
    await services.gifts.send(gift("after"))

    assert (await services.creators.reception.choices(GUILD, MIA)).members == []


async def test_who_blocks_a_creator_sends_them_nothing_either(database: Database, clock: Clock):
    services = await opened(database, clock)
    await services.creators.reception.block(GUILD, NOAH, MIA)

    with pytest.raises(BlockedByYou):
        await services.gifts.send(gift("a", sender_id=NOAH))
    await services.gifts.send(gift("b"))

    # A member who is blocked first and becomes a creator later is looked for, too.
    await services.creators.remove(GUILD, MIA)
    await services.creators.approve(GUILD, MIA, ALICE, is_bot=False)
    with pytest.raises(BlockedByYou):
        await services.gifts.send(gift("c", sender_id=NOAH))


async def test_an_anonymous_sender_is_blocked_without_being_named_or_linked(database: Database, clock: Clock):
    services = await opened(database, clock)
    alices = [await services.gifts.send(gift(f"a{number}", anonymous=True)) for number in range(2)]
    bobs = await services.gifts.send(gift("b", sender_id=BOB, anonymous=True))
    await services.creators.reception.block_anonymous(GUILD, MIA, alices[0].seq)

    with pytest.raises(AnonymousBlocked):
        await services.gifts.send(gift("c", anonymous=True))
    await services.gifts.send(gift("d"))
    await services.gifts.send(gift("e", sender_id=BOB, anonymous=True))

    choices = await services.creators.reception.choices(GUILD, MIA)
    gifts = await services.creators.reception.anonymous_gifts(GUILD, MIA)
    assert [each.seq for each in choices.anonymous] == [alices[0].seq]
    assert choices.members == []
    assert {each.actor_id for each in (*choices.anonymous, *gifts)} == {0}
    assert {alices[0].seq, alices[1].seq, bobs.seq} <= {each.seq for each in gifts}
    # Blocking the same sender again looks like blocking anybody else, and lifting one block leaves the other.
    await services.creators.reception.block_anonymous(GUILD, MIA, alices[1].seq)
    assert len((await services.creators.reception.choices(GUILD, MIA)).anonymous) == 2
    await services.creators.reception.unblock_anonymous(GUILD, MIA, alices[0].seq)
    with pytest.raises(AnonymousBlocked):
        await services.gifts.send(gift("f", anonymous=True))
    await services.creators.reception.unblock_anonymous(GUILD, MIA, alices[1].seq)
    await services.gifts.send(gift("g", anonymous=True))


async def test_an_anonymous_block_does_not_keep_the_creator_from_gifting_the_sender(database: Database, clock: Clock):
    services = await opened(database, clock)
    receipt = await services.gifts.send(gift("a", sender_id=NOAH, anonymous=True))
    await services.creators.reception.block_anonymous(GUILD, MIA, receipt.seq)
    await database.writer.submit(grant("mias", member_id=MIA))

    # A refusal would tell Mia that it was Noah.
    await services.gifts.send(gift("b", sender_id=MIA, creator_id=NOAH))


async def test_only_senders_of_ones_own_anonymous_gifts_can_be_blocked(database: Database, clock: Clock):
    services = await opened(database, clock)
    named = await services.gifts.send(gift("a"))
    noahs = await services.gifts.send(gift("b", creator_id=NOAH, anonymous=True))

    for seq in (named.seq, noahs.seq, 1, 999):
        with pytest.raises(NotFound):
            await services.creators.reception.block_anonymous(GUILD, MIA, seq)
    assert [each.seq for each in await services.creators.reception.anonymous_gifts(GUILD, MIA)] == []


async def test_words_of_the_creator_and_of_the_guild_are_refused_in_messages(database: Database, clock: Clock):
    services = await opened(database, clock)
    await services.creators.reception.choose_words(GUILD, MIA, ["Goose", "goose", ""])
    await services.creators.reception.choose_guild_words(GUILD, ["duck"], by=ALICE)

    for key, creator, note, named in (("a", MIA, "g00se", MIA), ("b", MIA, "a duck", 0), ("c", NOAH, "a duck", 0)):
        with pytest.raises(NoteRefused) as refusal:
            await services.gifts.send(gift(key, creator_id=creator, note=note))
        assert refusal.value.creator_id == named
    await services.gifts.send(gift("d", creator_id=NOAH, note="goose"))
    await services.creators.reception.choose_words(GUILD, MIA, [])
    await services.gifts.send(gift("e", note="goose"))

    assert (await services.creators.reception.choices(GUILD, MIA)).words == ()


async def test_nobody_blocks_themselves_and_only_creators_choose(database: Database, clock: Clock):
    services = await opened(database, clock)

    with pytest.raises(BlockSelf):
        await services.creators.reception.block(GUILD, MIA, MIA)
    for attempt in (
        services.creators.reception.block(GUILD, ALICE, BOB),
        services.creators.reception.pause(GUILD, ALICE, 1),
        services.creators.reception.choose_words(GUILD, ALICE, []),
        services.creators.reception.choices(GUILD, ALICE),
    ):
        with pytest.raises(NotACreator):
            await attempt
