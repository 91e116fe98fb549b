"""The thank-you that everybody sees: who is named in it, who is only counted, and that hidden givers stay hidden."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.thanks import HIDDEN, NAMED, ThankYou, Unthanked, thank_you
from tests.domain.builders import ALICE, CHANNEL, GUILD, HOLDERS, MIA

PRESS = 800


def unthanked(sender: int | None, *, coins: int = 10, pieces: int = 1) -> Unthanked:
    return Unthanked(sender, 1_000 + sender if sender else 0, coins, pieces, 500 - (sender or 0))


def thanks(*entries: Unthanked) -> ThankYou:
    return thank_you(GUILD, PRESS, CHANNEL, MIA, list(entries))


@st.composite
def gifts(draw: st.DrawFn) -> list[Unthanked]:
    """What up to sixty members gave, and perhaps what came without a name, in any place."""
    senders: list[int | None] = [*range(1, draw(st.integers(0, NAMED + 10)) + 1)]
    if draw(st.booleans()):
        senders.insert(draw(st.integers(0, len(senders))), None)
    return [unthanked(sender, coins=draw(st.integers(1, 999)), pieces=draw(st.integers(1, 99))) for sender in senders]


def test_a_thank_you_names_who_gave_and_says_how_much():
    message = thanks(unthanked(HOLDERS[ALICE], coins=30, pieces=3), unthanked(9, coins=500, pieces=1))

    assert message == ThankYou(
        guild_id=GUILD,
        thanks_id=PRESS,
        channel_id=CHANNEL,
        creator_id=MIA,
        senders=(HOLDERS[ALICE], 9),
        more=0,
        pieces=4,
        coins=530,
    )


def test_fifty_are_named_and_the_others_are_counted():
    fifty, more = ([unthanked(sender) for sender in range(1, many + 1)] for many in (NAMED, NAMED + 1))

    assert (thanks(*fifty).senders, thanks(*fifty).more) == (tuple(range(1, NAMED + 1)), 0)
    assert (thanks(*more).senders, thanks(*more).more) == (tuple(range(1, NAMED + 1)), 1)


def test_one_of_the_fifty_stands_for_all_who_gave_without_a_name():
    signed_gifts = [unthanked(sender) for sender in range(1, NAMED + 1)]
    hidden, named = unthanked(None), (*range(1, NAMED), HIDDEN)

    assert (thanks(hidden, *signed_gifts).senders, thanks(hidden, *signed_gifts).more) == (named, 1)
    assert (thanks(*signed_gifts[:-1], hidden).senders, thanks(*signed_gifts[:-1], hidden).more) == (named, 0)
    assert (thanks(hidden).senders, thanks(hidden).more) == ((HIDDEN,), 0)


def test_who_gave_both_ways_is_named_and_hidden():
    message = thanks(unthanked(None, coins=7), unthanked(1, coins=5))

    assert (message.senders, message.more, message.coins) == ((1, HIDDEN), 0, 12)


@given(gifts())
def test_everybody_is_named_or_counted_and_every_coin_is_thanked_for(entries):
    message = thanks(*entries)

    assert len(message.senders) + message.more == len(entries)
    assert len(message.senders) <= NAMED
    assert message.coins == sum(entry.coins for entry in entries)
    assert message.pieces == sum(entry.pieces for entry in entries)


@given(gifts())
def test_nobody_is_named_for_what_was_given_without_a_name(entries):
    senders = [entry.sender for entry in entries if entry.sender is not None]
    message = thanks(*entries)

    visible = [sender for sender in message.senders if sender != HIDDEN]
    # The newest gifts come first, and nobody is passed over.
    assert visible == senders[: len(visible)]
    assert message.senders.count(HIDDEN) == any(entry.sender is None for entry in entries)
