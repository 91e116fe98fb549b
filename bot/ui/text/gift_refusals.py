"""Why a gift, or what a catalogue says of one, was refused."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import chip_ins
from bot.domain import errors as no
from bot.domain import staff_errors as staff
from bot.domain.errors import Refusal
from bot.domain.ledger.team_gift import TeamTooSmall, TooCheapToSplit
from bot.domain.text import shown
from bot.ui.text.reader import Reader


def unavailable(e: no.ItemUnavailable, r: Reader) -> str:
    name = shown(e.name)
    match e.why:
        case "archived":
            text = r._("{name} is no longer in the catalogue.", name=name)
        case "early":
            text = r._("{name} can't be sent yet.", name=name)
        case "over":
            text = r._("{name} can't be sent any more.", name=name)
        case "sold_out":
            text = r._("{name} is sold out, or there aren't that many left.", name=name)
        case _:
            text = r._("{name} can only be sent while the creator is live.", name=name)
    return f"{text} " + r._("`/gifts` shows what you can send.")


def not_for_messages(e: no.NotForMessages, r: Reader) -> str:
    gift, lowest, highest = shown(e.name), e.lowest, e.highest
    if highest is None:
        return r._(
            "{gift} can't go on a message. Pick a gift for {lowest} or more.", gift=gift, lowest=r.coin(e.lowest or 1)
        )
    if lowest is None:
        return r._(
            "{gift} can't go on a message. Pick a gift for {highest} or less.", gift=gift, highest=r.coin(highest)
        )
    return r._(
        "{gift} can't go on a message. Pick a gift for {lowest} to {highest}.",
        gift=gift,
        lowest=r.coin(lowest),
        highest=r.coin(highest),
    )


def invalid_picture(e: staff.InvalidPicture, r: Reader) -> str:
    match e.why:
        case "type":
            return r._("I can only use pictures. Upload a PNG, JPEG, WebP or GIF file.")
        case "bytes":
            return r._("That file is too large. Upload a picture of up to 8 MB.")
        case "pixels":
            return r._("That picture is too large. Upload one of up to 4,096 × 4,096 pixels.")
        case "animated":
            return r._("That picture is animated. Upload a still one.")
        case "broken":
            return r._("That file is damaged. Save the picture again, or upload another one.")
        case _:
            return r._("I couldn't load that picture. Please try again in a moment.")


def _not_poolable(e: chip_ins.NotPoolable, r: Reader) -> str:
    if e.is_for_fans:
        return r._("Only fans can send {gift}, so nobody can chip in for it. Pick another gift.", gift=shown(e.name))
    lowest = r.coins(e.lowest)
    return r._(
        "{gift} is too small to chip in for. Pick a gift for {lowest} or more.", gift=shown(e.name), lowest=lowest
    )


TEAMS: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    chip_ins.ChipInOver: lambda e, r: r._("This chip-in is over. Start a new one with `/chip-in`."),
    chip_ins.ChipInRuns: lambda e, r: r._(
        "There's already a chip-in for <@{creator}> in this channel. Join that one with its buttons.",
        creator=e.creator_id,
    ),
    chip_ins.ChipTooSmall: lambda e, r: r._("Chip in at least {least}.", least=r.coins(e.least)),
    chip_ins.NotPoolable: _not_poolable,
    chip_ins.UnpoolableTestCoins: lambda e, r: r._(
        "Test coins can't be chipped in here, because this server sells coins for money."
    ),
    chip_ins.ChipsShowNames: lambda e, r: r._(
        "Everyone sees who chips in, and you've chosen to give anonymously. `/privacy settings` changes that."
    ),
    chip_ins.NothingChippedIn: lambda e, r: r._("You haven't chipped in here, so there's nothing to take back."),
    chip_ins.PoolShort: lambda e, r: r._("Some who chipped in can't send a gift now, so they get their coins back."),
    TeamTooSmall: lambda e, r: r._("A team gift needs at least two creators. For one, use `/gift`."),
    TooCheapToSplit: lambda e, r: r.n_(
        "{name} can't be split: {n} creator is to get a part, and it costs {coins}. Pick a larger gift.",
        "{name} can't be split: {n} creators are to get a part, and it costs {coins}. Pick a larger gift.",
        e.people,
        name=shown(e.name),
        coins=r.coins(e.price),
    ),
}
