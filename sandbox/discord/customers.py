"""What people can do with the items that an application sells on Discord."""

from sandbox.discord.filling import Refused
from sandbox.discord.model import Entitlement, Message
from sandbox.discord.model.commerce import EntitlementType
from sandbox.discord.pressing import find_premium_buttons
from sandbox.discord.someone import Someone
from sandbox.discord.state.shop import AlreadyOwnedError


class Customer(Someone):
    """A person who buys. Pressing a premium button opens the client's own dialog, and the bot hears nothing of it."""

    def purchase(self, message: Message, sku_id: int | None = None) -> Entitlement:
        """Press a premium button, the only one unless `sku_id` names its item, and pay in the dialog that opens."""
        self.sees(message)
        buttons = find_premium_buttons(message)
        button = next((it for it in buttons if sku_id is None or it["sku_id"] == str(sku_id)), None)
        if button is None:
            raise Refused("there is no such premium button")
        if button.get("disabled"):
            raise Refused("the premium button is disabled")
        kind = EntitlementType.TEST_MODE_PURCHASE if self.world.is_test_shop else EntitlementType.PURCHASE
        try:
            return self.world.buy(self.user, self.world.skus[int(button["sku_id"])], kind=kind)
        except AlreadyOwnedError as error:
            raise Refused(f"{self.user.name} already has {error}, and it is not used up") from error
