"""What can become of work on either database, beside success and failure: see `bot.domain.receipts`, too."""


class Unreachable(Exception):  # noqa: N818 - a state of affairs
    """No connection can be made. Nothing was sent, so nothing was done."""
