"""Grants of staff to themselves: somebody else on the staff confirms them, within a day."""

from dataclasses import dataclass
from typing import Final

REQUEST_MS: Final = 24 * 3600 * 1000
"""For how long somebody else may confirm a grant."""


@dataclass(frozen=True, slots=True)
class GrantRequest:
    """`made_by` wants `coins` for themselves, for a `reason`, and somebody else may confirm that until `until_ms`."""

    guild_id: int
    request_id: int
    made_by: int
    coins: int
    reason: str
    until_ms: int

    @property
    def key(self) -> str:
        """The key of the grant that it becomes."""
        return key_of(self.request_id)


def key_of(request_id: int) -> str:
    """Return the key of the grant that a request becomes."""
    return f"grant-request:{request_id}"
