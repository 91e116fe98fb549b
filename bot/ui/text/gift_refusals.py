"""Why a gift, or what a catalogue says of one, was refused."""

from bot.domain import errors as no
from bot.domain import staff_errors as staff
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
