"""What can become of work that did not simply succeed or fail, on either database."""


class Unreachable(Exception):  # noqa: N818 - a state of affairs
    """No connection can be made. Nothing was sent, so nothing was done."""


class OutcomeUnknown(Exception):  # noqa: N818 - a state of affairs
    """The connection was lost at the commit, and the server did not return in time to be asked for the outcome.

    Also raised when the disk of a file failed at the commit: see `bot.storage.connect.sqlite.is_in_doubt`.
    """
