"""The sandbox's web page: a small Discord client, and the bridge between it and the world."""
