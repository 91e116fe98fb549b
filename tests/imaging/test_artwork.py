"""Every gift has a picture of its own, and always the same one."""

import io

import pytest
from PIL import Image

from bot.domain.catalogue import Tier, default_items
from bot.imaging import artwork
from bot.imaging.artwork import gift
from bot.imaging.encoding import LARGEST_BYTES
from bot.imaging.values import GiftLook, look_of

LOOKS = [look_of(item) for item in default_items(1)]
CUSTOM = [
    GiftLook("Pizza", "🍕", Tier.MEDIUM),
    GiftLook("Zora", "<:zora:123456789012345678>", Tier.SMALL),
    GiftLook("花火", "<:hanabi:123456789012345678>", Tier.GRAND),
    GiftLook("", "<:x:123456789012345678>", Tier.LEGENDARY),
    GiftLook("\U000e0100", "", Tier.LARGE),
]


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("look", [*LOOKS, *CUSTOM], ids=lambda look: look.name)
def test_a_gift_has_a_picture_on_a_transparent_ground(look):
    image = opened(gift(look, 96))

    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (96, 96))
    assert image.getchannel("A").getpixel((0, 0)) == 0
    assert image.getchannel("A").getextrema() == (0, 255)


def test_no_two_items_look_alike():
    assert len({gift(look, 48) for look in LOOKS}) == len(LOOKS)


def test_the_catalogues_own_items_need_no_medal():
    assert {look.emoji.replace("\ufe0f", "") for look in LOOKS} == set(artwork._DRAWINGS)


@pytest.mark.parametrize("look", [LOOKS[0], CUSTOM[0]], ids=["drawing", "medal"])
def test_the_same_look_gives_the_same_bytes(look):
    first = gift(look, 64)
    artwork._smaller.cache_clear()
    artwork.master.cache_clear()

    assert gift(look, 64) == first


def test_a_new_name_keeps_the_drawing_and_a_new_tier_frames_it_anew():
    rosette = next(look for look in LOOKS if look.name == "Rosette")

    assert gift(GiftLook("Ribbon", rosette.emoji, rosette.tier), 64) == gift(rosette, 64)
    assert gift(GiftLook(rosette.name, rosette.emoji, Tier.LEGENDARY), 64) != gift(rosette, 64)


def test_what_staff_add_differs_by_emoji_name_and_tier():
    looks = [GiftLook("Pizza", "🍕", tier) for tier in Tier] + [
        GiftLook("Dragon", "🐉", Tier.SMALL),
        GiftLook("Zoe", "", Tier.SMALL),
    ]

    assert len({gift(look, 64) for look in looks}) == len(looks)


@pytest.mark.parametrize("size", [15, 513])
def test_a_size_out_of_range_is_refused(size):
    with pytest.raises(ValueError, match="pixels"):
        gift(LOOKS[0], size)


def test_the_richest_picture_at_the_largest_size_stays_small():
    assert all(len(gift(look, 512)) <= LARGEST_BYTES for look in LOOKS if look.tier is Tier.LEGENDARY)
