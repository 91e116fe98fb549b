"""The store of the pictures that guilds upload for their items."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from bot.domain.catalogue import ItemPicture
from bot.storage.sql.rows import insert_new
from bot.storage.sql.tables import gift_items, item_pictures


def pictures(c: Connection, ids: Collection[ItemPicture]) -> dict[ItemPicture, bytes]:
    """Return those of the pictures `ids` that exist, as PNG."""
    table = item_pictures.c
    pngs: dict[ItemPicture, bytes] = {}
    for picture in ids:
        query = select(table.png).where(table.guild_id == picture.guild_id, table.digest == picture.digest)
        png = c.execute(query).scalar_one_or_none()
        if png is not None:
            pngs[picture] = bytes(png)
    return pngs


def save(c: Connection, picture: ItemPicture, png: bytes) -> None:
    """Save a picture, unless it is there."""
    insert_new(c, item_pictures, {"guild_id": picture.guild_id, "digest": picture.digest, "png": png})


def drop_unused(c: Connection, guild_id: int) -> None:
    """Delete the pictures of a guild that none of its items uses any more."""
    used = select(gift_items.c.picture).where(gift_items.c.guild_id == guild_id, gift_items.c.picture.is_not(None))
    table = item_pictures.c
    c.execute(delete(item_pictures).where(table.guild_id == guild_id, table.digest.not_in(used)))
