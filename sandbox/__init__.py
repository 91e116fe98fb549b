"""Everything that stands in for the outside world: Discord, a checkout, and a page to try the bot on.

Nothing here is imported by the product, and nothing here imports it: they meet over HTTP, as in production.
"""
