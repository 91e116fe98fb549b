"""The commands that the books accept. Each has a key: the same key twice charges once and gives the same answer.

Commands are tuples, like receipts. Thousands per second are made and sent to the writer process; a frozen dataclass
takes four times as long to make and five times as long to send.
"""

from typing import NamedTuple


class SendGift(NamedTuple):
    """Send `count` pieces of an item to a creator.

    `note` is cleaned text. `ceiling` is the total price in coins that the sender saw, None if no price was shown. With
    `asks_first`, a large gift is refused until it is confirmed. `message_id` ties the gift to a message, 0 for none.
    """

    guild_id: int
    key: str
    sender_id: int
    creator_id: int
    item_id: int
    count: int  # pyright: ignore[reportIncompatibleMethodOverride] - nobody calls tuple.count on a command
    channel_id: int
    note: str = ""
    anonymous: bool = False
    creator_is_bot: bool = False
    creator_is_here: bool = True
    ceiling: int | None = None
    message_id: int = 0
    asks_first: bool = False

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.sender_id, self.creator_id)


class CreditOrder(NamedTuple):
    """Put the coins of a paid order into its buyer's wallet. The amounts come from the order itself."""

    guild_id: int
    key: str
    order_id: int
    member_id: int
    external_id: str

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.member_id,)


class Grant(NamedTuple):
    """Give a member promo coins, for a reason that the books keep."""

    guild_id: int
    key: str
    actor_id: int
    member_id: int
    amount: int
    reason: str

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.actor_id, self.member_id)


Command = SendGift | CreditOrder | Grant
