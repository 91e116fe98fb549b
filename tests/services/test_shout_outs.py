"""Shout-outs: a queue for creators and for staff, in which each press is one step, and coins go back once."""

import asyncio
from typing import Any

import pytest

from bot.domain.errors import InvalidText, NotFound
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.restrictions import NoteRefused
from bot.domain.notices import PerkNotice, TicketNotice
from bot.domain.perk_deadlines import perk_delivery_of
from bot.domain.perk_errors import TicketMoved
from bot.domain.perks import TICKET_MS, PerkKind, UnlockState
from bot.services import Services
from tests.services.paying import GUILD, MIA
from tests.storage.town import ROB, Clock, grant

KAI = 12
OPEN, DOING, DONE, REVERSED = UnlockState.OPEN, UnlockState.DOING, UnlockState.DONE, UnlockState.REVERSED


@pytest.fixture
async def town(services: Services) -> Services:
    """Kai, a creator, gives shout-outs for 100 coins. Mia has 1,000."""
    await services.creators.approve(GUILD, KAI, ROB, is_bot=False)
    await services.wallets.grant(grant("start", member_id=MIA, amount=1_000))
    values: dict[str, Any] = {"name": "Shout-out", "kind": PerkKind.SHOUTOUT, "price": 100, "creator_id": KAI}
    await services.perks.catalogue.add(GUILD, perk_id=40, by=ROB, **values)
    return services


async def buy(services: Services, number: int, note: str = "For Leo", **changes: Any) -> None:
    command = BuyPerk(GUILD, f"perk:{number}", MIA, 40, number, 100, KAI, note=note)
    await services.perks.shop.buy(command._replace(**changes))


async def waiting(services: Services, member_id: int = KAI, *, is_manager: bool = False) -> list[tuple[int, str]]:
    queue = await services.perks.tickets.queue(GUILD, member_id, is_manager=is_manager, most=5)
    return [(ticket.unlock.unlock_id, ticket.unlock.state.value) for ticket in queue.tickets]


async def move(services: Services, number: int, before: UnlockState, state: UnlockState, by: int = KAI) -> None:
    await services.perks.tickets.move(GUILD, by, number, before, state, is_manager=by == ROB)


async def told(services: Services, member_id: int) -> list[Any]:
    async with services.notices.telling(GUILD, member_id) as notices:
        return [notice for notice in notices if isinstance(notice, PerkNotice | TicketNotice)]


async def test_a_creator_hears_of_a_shout_out_and_its_member_when_it_is_done(town: Services) -> None:
    await buy(town, 1)
    await buy(town, 2, "  For\u202e Noor ")
    assert [notice.is_done for notice in await told(town, KAI)] == [False, False]
    await move(town, 2, OPEN, DOING)
    assert await waiting(town) == [(2, "doing"), (1, "open")]

    await move(town, 2, DOING, DONE)

    assert await waiting(town) == [(1, "open")]
    assert await told(town, MIA) == [TicketNotice("Shout-out", "📣", KAI, is_done=True)]
    with pytest.raises(TicketMoved):
        await move(town, 2, DOING, REVERSED)
    with pytest.raises(NotFound):
        await move(town, 1, OPEN, DONE, by=MIA)
    # Staff see to the guild's own, not to those of creators.
    assert await waiting(town, ROB, is_manager=True) == []


@pytest.mark.parametrize("creator_id", [KAI, 0])
@pytest.mark.parametrize("is_sold", [True, False])
async def test_a_wish_that_nobody_can_see_costs_nothing(town: Services, creator_id: int, is_sold: bool) -> None:
    way: dict[str, Any] = {"price": 100} if is_sold else {"level": 1}
    await town.perks.catalogue.edit(GUILD, "40", by=ROB, creator_id=creator_id, **way)
    command = BuyPerk(GUILD, "perk:1", MIA, 40, 1, 100, creator_id, note=" \u200b\u2060\u2800\ufe0f")

    with pytest.raises(InvalidText):
        await (town.perks.shop.buy(command) if is_sold else town.perks.shop.claim(command))

    assert (await town.wallets.overview(GUILD, MIA)).wallet.total == 1_000
    assert (await town.perks.shop.own(GUILD, MIA)).pairs == []


@pytest.mark.parametrize("creator_id", [KAI, 0])
async def test_a_word_of_the_list_is_refused_in_every_shout_out(town: Services, creator_id: int) -> None:
    await town.perks.catalogue.edit(GUILD, "40", by=ROB, creator_id=creator_id)
    await town.creators.reception.choose_guild_words(GUILD, ["duck"], by=ROB)
    await town.creators.reception.choose_words(GUILD, KAI, ["goose"])

    for number, note, is_of_guild in ((1, "For my d u c k", True), (2, "For my g00se", False)):
        if is_of_guild or creator_id:
            with pytest.raises(NoteRefused) as refusal:
                await buy(town, number, note, creator_id=creator_id)
            assert refusal.value.creator_id == (0 if is_of_guild else KAI)
        else:
            await buy(town, number, note, creator_id=creator_id)

    assert (await town.wallets.overview(GUILD, MIA)).wallet.total == (1_000 if creator_id else 900)


async def test_nothing_waits_for_who_is_a_creator_no_more(town: Services) -> None:
    await buy(town, 1)
    await town.creators.remove(GUILD, KAI)

    assert await waiting(town) == []
    for state in (DOING, DONE, REVERSED):
        with pytest.raises(NotFound):
            await move(town, 1, OPEN, state)
    await town.creators.approve(GUILD, KAI, ROB, is_bot=False)
    assert await waiting(town) == [(1, "open")]


async def test_giving_back_returns_the_coins_once_however_often_it_is_pressed(town: Services) -> None:
    await buy(town, 1)
    presses = (move(town, 1, OPEN, REVERSED) for _ in range(5))
    outcomes = await asyncio.gather(*presses, return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} <= {type(None), TicketMoved}
    assert (await town.wallets.overview(GUILD, MIA)).wallet.total == 1_000
    (notice,) = await told(town, MIA)
    assert notice.receipt.facts["cause"] == "creator"


async def test_staff_give_those_of_the_guild_and_their_act_is_kept(town: Services) -> None:
    await town.perks.catalogue.edit(GUILD, "40", by=ROB, creator_id=0)
    await buy(town, 1, creator_id=0)
    assert await waiting(town) == []
    assert await waiting(town, ROB, is_manager=True) == [(1, "open")]

    await move(town, 1, OPEN, REVERSED, by=ROB)

    acts = await town.desk.logs.page(GUILD, 0)
    assert [act.recorded.act.kind.value for act in acts.acts][:1] == ["reversal"]


async def test_what_nobody_does_in_thirty_days_goes_back(town: Services, clock: Clock) -> None:
    await buy(town, 1)
    await move(town, 1, OPEN, DOING)
    deadline = perk_delivery_of(GUILD, 1, clock() + TICKET_MS)
    assert await town.perks.shop.give_up(deadline) == clock() + TICKET_MS
    clock.now_ms += TICKET_MS

    await town.perks.shop.give_up(deadline)

    assert (await town.wallets.overview(GUILD, MIA)).wallet.total == 1_000


async def test_staff_take_back_what_is_done_once_and_the_stock_has_room_again(town: Services) -> None:
    await town.perks.catalogue.edit(GUILD, "40", by=ROB, stock=5)
    await buy(town, 1)
    await move(town, 1, OPEN, DONE)
    seq = 2

    receipt = await town.perks.tickets.take_back(GUILD, seq, ROB)

    assert receipt.facts["cause"] == "staff"
    assert (await town.wallets.overview(GUILD, MIA)).wallet.total == 1_000
    assert [perk.stock for perk in await town.perks.catalogue.perks(GUILD)] == [5]
    assert (await town.perks.tickets.take_back(GUILD, seq, ROB)).replayed
    with pytest.raises(NotFound):
        await town.perks.tickets.take_back(GUILD, 1, ROB)
