"""Perks without coins: for a gift of a tier, a level or a fan club, and texts and files that are read again."""

from typing import Any

import pytest

from bot.domain.catalogue import Tier
from bot.domain.deadlines import standing_of
from bot.domain.errors import NotFound
from bot.domain.freezes import CaseRef, CaseType, Freeze, MemberFrozen
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.restrictions import GiftBlocked
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.perk_errors import NeedsClub, NeedsLevel, NeedsTier, OwnPerk, PerkSoldOut
from bot.domain.perks import Perk, PerkKind, Unlock, UnlockState, clean_text, file_name
from bot.services import Services
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import clubs, freezes, member_roles, perks
from tests.services.paying import GUILD, MIA
from tests.storage.town import CHANNEL, PAPER_CRANE, ROB, WARM_HEART, Clock, grant

KAI, LEA, NOAH = 12, 13, 14
ROLE = 77
MEDIUM = 7
"""An item of 149 coins: the first that is not small."""


_WITHOUT_EFFECT: tuple[dict[str, Any], ...] = ({}, {"anonymous": True})


@pytest.fixture
async def town(services: Services) -> Services:
    """Kai is a creator, and Mia has 10,000 promo coins."""
    await services.creators.approve(GUILD, KAI, ROB, is_bot=False)
    await services.wallets.grant(grant("start", member_id=MIA, amount=10_000))
    return services


async def add(services: Services, **values: Any) -> Perk:
    options: dict[str, Any] = {"name": "Backstage", "kind": PerkKind.ROLE, "role_id": ROLE, "creator_id": KAI}
    return await services.perks.catalogue.add(GUILD, perk_id=40, by=ROB, **(options | values))


async def claim(services: Services, number: int = 1, **changes: Any) -> Unlock:
    command = BuyPerk(GUILD, "", MIA, 40, number, 0, KAI)._replace(**changes)
    return (await services.perks.shop.claim(command))[0]


async def give(services: Services, number: int, item_id: int, **changes: Any) -> int:
    gift = SendGift(GUILD, f"gift:{number}", MIA, KAI, item_id, 1, CHANNEL)._replace(**changes)
    return (await services.gifts.send(gift)).seq


async def states(services: Services) -> list[UnlockState]:
    return [entry.state for entry, _ in (await services.perks.shop.own(GUILD, MIA)).pairs]


async def roles(database: Database, clock: Clock) -> set[int]:
    tasks = await database.read(member_roles.due, GUILD, clock(), 10)
    return {role for task in tasks for role in task.target}


async def test_a_gift_of_the_tier_unlocks_once_and_takes_it_along_when_it_goes_back(
    town: Services, database: Database, clock: Clock
) -> None:
    await give(town, 1, MEDIUM)
    clock.now_ms += 1_000
    await add(town, tier=Tier.MEDIUM, days=7)
    for number, changes in enumerate(_WITHOUT_EFFECT, 2):
        await give(town, number, MEDIUM if changes else PAPER_CRANE, **changes)
    with pytest.raises(NeedsTier):
        await claim(town)
    seq = await give(town, 9, MEDIUM)
    assert (await claim(town)).row == seq
    assert await claim(town) == await claim(town)
    with pytest.raises(NeedsTier):
        await claim(town, 2)
    assert await roles(database, clock) == {ROLE}

    await town.reversals.reverse(GUILD, key="undo", actor_id=ROB, seq=seq, part=None, reason="by mistake")

    assert await states(town) == []
    assert await roles(database, clock) == set()


async def test_a_gift_for_a_team_unlocks_once_however_many_creators_got_a_part(town: Services, clock: Clock) -> None:
    await town.creators.approve(GUILD, LEA, ROB, is_bot=False)
    await add(town, tier=Tier.MEDIUM, days=7, creator_id=0)
    clock.now_ms += 1_000
    team_gift = SendTeamGift(GUILD, "team", MIA, (KAI, LEA), MEDIUM, CHANNEL)
    receipt = await town.gifts.send_team(team_gift)

    assert (await claim(town, creator_id=0)).row == receipt.seq
    with pytest.raises(NeedsTier):
        await claim(town, 2, creator_id=0)


async def test_who_pools_for_a_gift_unlocks_with_what_they_gave_and_not_with_the_whole(
    town: Services, clock: Clock
) -> None:
    await town.wallets.grant(grant("of noah", member_id=NOAH, amount=200))
    await add(town, tier=Tier.MEDIUM, days=7)
    clock.now_ms += 1_000
    for key, member_id, coins in (("much", MIA, 120), ("little", NOAH, 29)):
        await town.gifts.pools.chip(ChipCoins(GUILD, key, member_id, 60, coins, KAI, MEDIUM, CHANNEL, hours=1))
    await town.gifts.pools.settle(GUILD, 60, {MIA, NOAH, KAI})

    assert (await claim(town)).state is UnlockState.OPEN
    with pytest.raises(NeedsTier):
        await claim(town, 2, member_id=NOAH)


async def test_a_level_unlocks_for_as_long_as_it_is_reached(town: Services, database: Database, clock: Clock) -> None:
    await add(town, level=2)
    with pytest.raises(NeedsLevel) as refusal:
        await claim(town)
    assert (refusal.value.level, refusal.value.current) == (2, 0)
    seq = await give(town, 1, MEDIUM)

    await claim(town)

    assert await roles(database, clock) == {ROLE}
    await town.reversals.reverse(GUILD, key="undo", actor_id=ROB, seq=seq, part=None, reason="by mistake")
    await database.writer.catch_up(GUILD)
    assert await roles(database, clock) == set()


async def test_a_fan_club_unlocks_and_a_pause_takes_the_role(town: Services, database: Database, clock: Clock) -> None:
    await add(town, club=True, stock=1)
    with pytest.raises(NeedsClub):
        await claim(town)
    await give(town, 1, WARM_HEART)
    await town.standing.settle(standing_of(GUILD))
    await claim(town)
    assert await roles(database, clock) == {ROLE}
    with pytest.raises(PerkSoldOut):
        await claim(town, 2, member_id=ROB)

    await database.writer.perform(_pause, clock())

    assert await roles(database, clock) == set()


def _pause(c: Connection, now_ms: int) -> None:
    people = holders.holder_ids(c, [(GUILD, MIA), (GUILD, KAI)])
    clubs.pause(c, GUILD, people[GUILD, MIA], people[GUILD, KAI], now_ms)


async def test_who_is_frozen_or_blocked_and_the_creator_get_nothing(
    town: Services, database: Database, clock: Clock
) -> None:
    await add(town, tier=Tier.SMALL)
    await give(town, 1, PAPER_CRANE)
    with pytest.raises(OwnPerk):
        await claim(town, member_id=KAI)
    with pytest.raises(NotFound):
        await claim(town, perk_id=41)
    await town.creators.reception.block(GUILD, KAI, MIA)
    with pytest.raises(GiftBlocked):
        await claim(town)
    await town.creators.reception.unblock(GUILD, KAI, MIA)

    def freeze(c: Connection) -> None:
        holder = holders.ensure(c, GUILD, MIA)
        freezes.add(c, GUILD, holder, Freeze(CaseRef(CaseType.FLAG, 1), "odd", clock(), 0))

    await database.writer.perform(freeze)
    with pytest.raises(MemberFrozen):
        await claim(town)


async def test_a_file_is_theirs_alone_and_read_again(town: Services, database: Database) -> None:
    await add(town, kind=PerkKind.FILE, price=100, file="song.mp3", content=b"la", creator_id=0)
    await town.perks.shop.buy(BuyPerk(GUILD, "perk:1", MIA, 40, 1, 100))

    assert (await town.perks.shop.content(GUILD, MIA, 1))[2] == b"la"
    with pytest.raises(NotFound):
        await town.perks.shop.content(GUILD, ROB, 1)
    assert await database.read(lambda c: perks.file_of(c, GUILD, 41)) == b""


def test_texts_keep_their_lines_and_files_a_name_that_can_be_sent() -> None:
    assert clean_text("One\\nTwo\u202e  three\n") == "One\nTwo three"
    assert file_name("Mein Lied (1).mp3") == "Mein_Lied_1_.mp3"
    assert file_name("..") == "file"
