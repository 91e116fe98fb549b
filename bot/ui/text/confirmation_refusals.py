"""Why staff cannot confirm a payment, or record that it went back."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain import confirmation_errors as confirming
from bot.domain.errors import Refusal
from bot.domain.text import shown
from bot.ui.text.reader import Reader

CONFIRMING: Final[Mapping[type[Refusal], Callable[[Any, Reader], str]]] = {
    confirming.AlreadyConfirmed: lambda e, r: r._(
        "You've already confirmed this payment. Another treasurer has to confirm it, too."
    ),
    confirming.PaymentDecided: lambda e, r: r._("The payment for {code} has already arrived.", code=e.code),
    confirming.PaymentAssigned: lambda e, r: r._("This payment already belongs to an order."),
    confirming.ReferenceDiffers: lambda e, r: r._(
        "Somebody else confirmed this under another number: {reference}. Compare both in your account first.",
        reference=shown(e.reference),
    ),
    confirming.ReferenceUsed: lambda e, r: r._(
        "That number already belongs to the payment for {code}. Look for this payment's own number.", code=e.code
    ),
    confirming.InvalidPaymentReference: lambda e, r: r._(
        "I can't use that as a payment number. Enter the number from your account, without an e-mail address."
    ),
    confirming.SecretTaken: lambda e, r: r._("Another server already uses this token. Create a new one at Ko-fi."),
    confirming.SecretMissing: lambda e, r: r._("Enter the verification token, so that I can recognize your payments."),
    confirming.InvalidPage: lambda e, r: r._("Enter the name of your Ko-fi page, like the end of ko-fi.com/yourname."),
    confirming.RefundChanged: lambda e, r: r._(
        "At most {left} of this payment is left to send back. Open the form again.",
        left=r.money(e.left_minor, e.currency),
    ),
}
