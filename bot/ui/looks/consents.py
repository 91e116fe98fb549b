"""What buyers agree to before they pay. A changed text takes the next number, and the old one stays as proof."""

from bot.ui.text.reader import N_

CONSENT_VERSION = 1
"""Stored with each order."""

CONSENTS = {
    1: (
        N_("Add my coins as soon as my payment arrives."),
        N_("I understand that coins I have spent are not refunded."),
    )
}
"""The texts by number. Orders with number 0 are older than the texts' numbers."""
