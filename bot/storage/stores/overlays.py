"""The store of overlays: their links, their controls, and what their sources have shown. Creators are holders."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Connection, delete, literal, select, update

from bot.domain.overlays import (
    JUDGING,
    KEPT_MS,
    LET_THROUGH_MS,
    MOST_SLOTS,
    SETTING,
    OverlayAction,
    OverlayBeat,
    OverlayControl,
    OverlayLink,
    OverlayPass,
    OverlayQueue,
    OverlayScope,
)
from bot.storage.ledger import holders
from bot.storage.sql import row_notes
from bot.storage.sql.overlay_tables import overlay_controls, overlay_cursors, overlay_tokens, overlays
from bot.storage.sql.rows import insert_new, upsert
from bot.storage.sql.statements import insert_or
from bot.storage.sql.tables import heads

_JUDGING = [action.value for action in JUDGING]

_NOBODY = literal(0, BigInteger)


def link(c: Connection, guild_id: int, creator: int, scope: OverlayScope) -> OverlayLink | None:
    """Return the link that opens an overlay now, None if there is none."""
    t = overlay_tokens.c
    query = select(t.made_ms, t.seen_ms).where(*_of(overlay_tokens, guild_id, creator), t.scope == scope.value)
    row = c.execute(query.where(t.revoked_ms.is_(None))).one_or_none()
    return OverlayLink(*row) if row else None


def pass_of(c: Connection, digest: str) -> OverlayPass | None:
    """Return whose overlay a secret with this digest opens, None if it opens none, or none any more."""
    t = overlay_tokens.c
    query = select(t.guild_id, t.creator, t.scope).where(t.digest == digest, t.revoked_ms.is_(None))
    row = c.execute(query).one_or_none()
    if row is None:
        return None
    guild_id, creator, scope = row
    creator_id = holders.member_ids(c, guild_id, [creator]).get(creator, 0)
    return OverlayPass(guild_id, creator, creator_id, OverlayScope(scope)) if creator_id else None


def save_link(c: Connection, guild_id: int, creator: int, scope: OverlayScope, digest: str, now_ms: int) -> None:
    """Keep a new link. The one before it opens nothing any more."""
    key = {"guild_id": guild_id, "creator": creator, "scope": scope.value}
    upsert(c, overlay_tokens, {**key, "digest": digest, "made_ms": now_ms, "seen_ms": None, "revoked_ms": None})
    _advance(c, guild_id, creator)


def note_seen(c: Connection, digests: Collection[str], now_ms: int) -> None:
    """Note that pages use the links with these digests."""
    t = overlay_tokens.c
    c.execute(update(overlay_tokens).where(t.digest.in_([*digests]), t.revoked_ms.is_(None)).values(seen_ms=now_ms))


def revoke(c: Connection, guild_id: int, creator: int | None, now_ms: int) -> bool:
    """Withdraw all links of a creator, or of a guild if that is None. Return whether there were any."""
    t = overlay_tokens.c
    valid = (t.guild_id == guild_id, t.revoked_ms.is_(None), *([] if creator is None else [t.creator == creator]))
    creators = {*c.execute(select(t.creator).where(*valid)).scalars()}
    c.execute(update(overlay_tokens).where(*valid).values(revoked_ms=now_ms))
    for each in creators:
        _advance(c, guild_id, each)
    return bool(creators)


def queue(c: Connection, guild_id: int, creator: int) -> OverlayQueue:
    """Return how an overlay stands."""
    t = overlays.c
    row = c.execute(select(t.nr, t.paused, t.muted).where(*_of(overlays, guild_id, creator))).one_or_none()
    return OverlayQueue(row.nr, bool(row.paused), bool(row.muted)) if row else OverlayQueue()


def add_control(
    c: Connection, guild_id: int, creator: int, action: OverlayAction, seq: int | None, now_ms: int
) -> OverlayControl:
    """Keep what is done with an overlay, and forget what no page has to hear of any more."""
    changes = {}
    if action in SETTING:
        field, is_on = SETTING[action]
        changes = {field: int(is_on)}
    control = OverlayControl(_advance(c, guild_id, creator, **changes), action, seq, now_ms)
    t = overlay_controls.c
    is_old = (t.at_ms < now_ms - KEPT_MS) & t.action.not_in(_JUDGING) | (t.at_ms < now_ms - LET_THROUGH_MS)
    c.execute(delete(overlay_controls).where(*_of(overlay_controls, guild_id, creator), is_old))
    values = {"guild_id": guild_id, "creator": creator, **control._asdict(), "action": action.value}
    insert_new(c, overlay_controls, values)
    return control


def controls_after(c: Connection, guild_id: int, creator: int, nr: int) -> list[OverlayControl]:
    """Return what was done with an overlay after its control `nr`, in order."""
    return _controls(c, guild_id, creator, overlay_controls.c.nr > nr)


def verdicts(c: Connection, guild_id: int, creator: int) -> dict[int, bool]:
    """Return the gifts whose messages were judged lately, and whether they were let through. The last word holds."""
    judged = _controls(c, guild_id, creator, overlay_controls.c.action.in_(_JUDGING))
    return {control.seq: control.action is OverlayAction.APPROVE for control in judged if control.seq is not None}


def digests(c: Connection, guild_id: int, creator: int) -> set[str]:
    """Return the digests of the secrets that open an overlay now."""
    t = overlay_tokens.c
    query = select(t.digest).where(*_of(overlay_tokens, guild_id, creator), t.revoked_ms.is_(None))
    return {*c.execute(query).scalars()}


def beats(c: Connection, guild_ids: Collection[int]) -> dict[int, OverlayBeat]:
    """Return how far the journals of guilds have grown and which news their overlays have, in one query."""
    ids = [*guild_ids]
    ends = select(heads.c.guild_id, _NOBODY, heads.c.seq).where(heads.c.guild_id.in_(ids))
    news = select(overlays.c.guild_id, overlays.c.creator, overlays.c.nr).where(overlays.c.guild_id.in_(ids))
    beats_by_guild = {guild_id: OverlayBeat() for guild_id in ids}
    for guild_id, creator, number in c.execute(ends.union_all(news)):
        beat = beats_by_guild[guild_id]
        if creator:
            beat.news[creator] = number
        else:
            beat.head_seq = number
            row_notes.note_read(c, [(guild_id, number)])
    return beats_by_guild


def cursor(c: Connection, guild_id: int, creator: int, slot: str) -> int | None:
    """Return up to which row of the journal a source has shown gifts, None if it was never there."""
    t = overlay_cursors.c
    query = select(t.seq).where(*_of(overlay_cursors, guild_id, creator), t.slot == slot)
    return c.execute(query).scalar_one_or_none()


def save_cursor(c: Connection, guild_id: int, creator: int, slot: str, seq: int, now_ms: int) -> None:
    """Keep up to which row a source has shown gifts. The sources that were not there for longest are forgotten."""
    t = overlay_cursors.c
    key = {"guild_id": guild_id, "creator": creator, "slot": slot}
    upsert(c, overlay_cursors, {**key, "seq": seq, "at_ms": now_ms})
    same = _of(overlay_cursors, guild_id, creator)
    newest = select(t.slot).where(*same).order_by(t.at_ms.desc(), t.slot).limit(MOST_SLOTS)
    c.execute(delete(overlay_cursors).where(*same, t.slot.not_in(c.execute(newest).scalars().all())))


def _controls(c: Connection, guild_id: int, creator: int, condition: Any) -> list[OverlayControl]:  # noqa: ANN401
    t = overlay_controls.c
    query = select(t.nr, t.action, t.seq, t.at_ms).where(*_of(overlay_controls, guild_id, creator), condition)
    rows = c.execute(query.order_by(t.nr))
    return [OverlayControl(nr, OverlayAction(action), seq, at_ms) for nr, action, seq, at_ms in rows]


def _advance(c: Connection, guild_id: int, creator: int, **changes: int) -> int:
    """Count something that the pages of an overlay have to hear of, and set what has changed. Return its number."""
    values = {"guild_id": guild_id, "creator": creator, "nr": 1, "paused": 0, "muted": 0} | changes
    insert = insert_or(c.dialect.name, overlays).values(values)
    statement = insert.on_conflict_do_update(
        index_elements=["guild_id", "creator"], set_={"nr": overlays.c.nr + 1} | changes
    )
    return int(c.execute(statement.returning(overlays.c.nr)).scalar_one())


def _of(table: Any, guild_id: int, creator: int) -> tuple[Any, Any]:  # noqa: ANN401 - any of the tables of overlays
    return table.c.guild_id == guild_id, table.c.creator == creator
