"""Creators: the members that a guild's managers let receive gifts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Creator:
    """One approved creator, and who approved them when (milliseconds since the epoch, UTC)."""

    member_id: int
    approved_by: int
    approved_ms: int
