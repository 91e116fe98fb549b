"""The message of a chip-in: its progress, who has chipped in, and the buttons that add a part."""

from bot.domain.catalogue import tier_of
from bot.domain.chip_ins import ChipIn, ChipInCard, ChipInState, quick_amounts
from bot.domain.packages import Package
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.kit.cross_links import chip_in_buttons
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.budgets import bar
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.text import mentions
from bot.ui.text.estimates import worth
from bot.ui.text.reader import Reader

NAMES = 8
"""The most members who are named with their part."""


def chip_in_card(
    card: ChipInCard, package: Package | None, reader: Reader, pictures: tuple[Picture, ...] = ()
) -> Reply:
    """Return the message as it is now, with buttons as long as members can chip in. `package` gives an idea of what
    coins are worth."""
    chip_in = card.chip_in
    match chip_in.state:
        case ChipInState.OPEN:
            buttons = chip_in_buttons(chip_in.chip_in_id, quick_amounts(chip_in), reader)
            return reply(_running(card, package, reader, pictures), buttons)
        case ChipInState.FULL:
            return reply(_running(card, package, reader, pictures))
        case ChipInState.SENT:
            return reply(_sent(card, reader, pictures))
        case _:
            return reply(_called_off(chip_in, reader))


def progress(chip_in: ChipIn, reader: Reader) -> str:
    """Return the progress of a chip-in, as a bar and in coins."""
    percent = chip_in.collected * 100 // chip_in.price
    sums = reader._("{coins} of {price}", coins=reader.coin(chip_in.collected), price=reader.coin(chip_in.price))
    return f"{bar(percent)} **{reader.percent(percent)}**\n{sums}"


def _gift(chip_in: ChipIn, reader: Reader) -> str:
    return mentions.gift(chip_in.name, chip_in.emoji, reader)


def _running(card: ChipInCard, package: Package | None, reader: Reader, pictures: tuple[Picture, ...]) -> Card:
    chip_in = card.chip_in
    text = reader._(
        "Let's send {gift} to {creator} together!",
        gift=f"**{_gift(chip_in, reader)}**",
        creator=mentions.member(chip_in.creator_id, reader),
    )
    if chip_in.state is ChipInState.FULL:
        end = reader._("That's all of it. The gift goes out now.")
    else:
        end = reader._(
            "It ends {when}. If it isn't full by then, everyone gets their coins back.",
            when=reader.when(chip_in.ends_ms),
        )
    small = "\n".join(f"-# {line}" for line in (end, _worths(chip_in, package, reader)) if line)
    parts = (Part(f"{text}\n{progress(chip_in, reader)}"), *_people(card, reader), Part(small))
    return Card(_colour(chip_in), parts, title="🫂 " + reader._("Chip in"), pictures=pictures)


def _worths(chip_in: ChipIn, package: Package | None, reader: Reader) -> str:
    """Return roughly what the amounts on the buttons are worth. On the buttons, it would be too wide for a phone."""
    if package is None or chip_in.state is not ChipInState.OPEN:
        return ""
    return " · ".join(f"{reader.coin(amount)} {worth(amount, package, reader)}" for amount in quick_amounts(chip_in))


def _sent(card: ChipInCard, reader: Reader, pictures: tuple[Picture, ...]) -> Card:
    chip_in = card.chip_in
    text = reader._(
        "{gift} is on its way to {creator}. Thank you, everyone!",
        gift=f"**{_gift(chip_in, reader)}**",
        creator=mentions.member(chip_in.creator_id, reader),
    )
    return Card(
        _colour(chip_in),
        (Part(text), *_people(card, reader)),
        title="🫂 " + reader._("Sent together"),
        footer=reader._("Receipt #{number}", number=chip_in.gift_seq),
        pictures=pictures,
    )


def _called_off(chip_in: ChipIn, reader: Reader) -> Card:
    text = mentions.why_called_off(chip_in, reader)
    is_over = chip_in.state is ChipInState.RETURNED
    back = reader._("Everyone has their coins back.") if is_over else reader._("Everyone gets their coins back now.")
    return Card(theme.GREY, (Part(f"{text} {back}"),), title="🫂 " + reader._("Chip-in over"))


def _people(card: ChipInCard, reader: Reader) -> tuple[Part, ...]:
    """Return who has chipped in how much, the most first."""
    lines = [
        mentions.member(member_id, reader) + ("" if member_id in card.discreet else f" · {reader.coin(coins)}")
        for member_id, coins in card.people[:NAMES]
    ]
    if (more := len(card.people) - NAMES) > 0:
        lines.append(reader.n_("… and {n} other", "… and {n} others", more))
    is_sent = card.chip_in.state is ChipInState.SENT
    heading = reader._("Who chipped in") if is_sent else reader._("Who chips in")
    return (Part("\n".join(lines), heading),) if lines else ()


def _colour(chip_in: ChipIn) -> int:
    return TIER_STYLES[tier_of(chip_in.price, None)].colour
