"""A row of the journal, as buttons that take it back name it."""

from typing import NamedTuple


class RowIds(NamedTuple):
    """Row `seq` of the journal, on the panel of `owner`."""

    owner: int
    seq: int
