"""The keys of presses as an earlier version wrote them: today's keys, followed by the id of the member.

The hash of a row covers its key, so a key stays when its member's data is deleted. Therefore today's keys name nobody.
A panel that was pressed before an upgrade may be pressed again after it, if its answer was lost in between. Then the
books must find what was booked under the earlier key.
"""

_PRESSES = ("intent:", "team:", "perk:", "chest:open:")
"""The beginnings of keys that used to end in an id."""


def earlier_key(key: str, member_id: int) -> str | None:
    """Return the key that an earlier version gave to a member's press, None if it has not changed."""
    return f"{key}:{member_id}" if key.startswith(_PRESSES) else None
