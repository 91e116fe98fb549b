"""Creators: the members whom a guild's managers allow to receive gifts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Creator:
    """One approved creator. `approved_ms` is in milliseconds since the epoch, UTC."""

    member_id: int
    approved_by: int
    approved_ms: int
