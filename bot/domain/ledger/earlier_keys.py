"""Keys of presses as an earlier version wrote them: with the id of the member behind those of today.

The hash of a row covers its key, so a key stays when its member's data is deleted. Those of today therefore name
nobody. A panel that was pressed before an upgrade may be pressed again after it, if its answer was lost in between, and
then what is booked already has to be found.
"""

_PRESSES = ("intent:", "team:", "perk:", "chest:open:")
"""How keys begin that had an id behind them."""


def earlier_key(key: str, member_id: int) -> str | None:
    """Return the key that an earlier version gave to the press of a member, None if it had the same one."""
    return f"{key}:{member_id}" if key.startswith(_PRESSES) else None
