"""The sandbox's web page: a small Discord of our own, and the bridge between it and the world."""
