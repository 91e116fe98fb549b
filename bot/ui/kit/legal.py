"""The operator's own pages about privacy and terms, which texts lead to if there are any."""

from typing import NamedTuple

from bot.ui.kit.components import Button
from bot.ui.text.reader import Reader


class LegalPages(NamedTuple):
    """The addresses of the pages; an empty one is left out."""

    privacy_url: str = ""
    terms_url: str = ""

    def buttons(self, reader: Reader) -> list[Button]:
        """Return the buttons that open the pages."""
        pages = ((reader._("Privacy notice"), self.privacy_url), (reader._("Terms"), self.terms_url))
        return [Button(label, url=url) for label, url in pages if url]
