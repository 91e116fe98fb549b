"""Why a gift, or what a catalogue says of one, was refused."""

from bot.domain import errors as no
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
            text = r._("It's too late to send {name}.", name=name)
        case "sold_out":
            text = r._("There aren't enough of {name} left.", name=name)
        case _:
            text = r._("{name} can only be sent while the creator is live.", name=name)
    return f"{text} " + r._("`/gifts` shows what you can send.")


def not_for_messages(e: no.NotForMessages, r: Reader) -> str:
    gift, lowest, highest = shown(e.name), e.lowest, e.highest
    if highest is None:
        return r._(
            "{gift} can't go on a message. Pick a gift from {lowest} up.", gift=gift, lowest=r.coin(e.lowest or 1)
        )
    if lowest is None:
        return r._("{gift} can't go on a message. Pick a gift of up to {highest}.", gift=gift, highest=r.coin(highest))
    return r._(
        "{gift} can't go on a message. Pick a gift from {lowest} to {highest}.",
        gift=gift,
        lowest=r.coin(lowest),
        highest=r.coin(highest),
    )
