"""Overlays: the pages that show a creator's gifts on stream, and the connections that feed them."""
