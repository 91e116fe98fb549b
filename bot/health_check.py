"""`python -m bot.health_check`: ends with 0 if the bot of this container is alive. The image has no other client."""

import os
import sys
import urllib.request

PATIENCE_S = 4.0


def is_alive(port: str) -> bool:
    """Return whether the bot at `port` of this machine says that it is alive. Any other answer is not from the bot."""
    # Without a proxy that the environment may name: it is meant for Discord, and would answer in the bot's place.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/livez", timeout=PATIENCE_S) as answer:
            return answer.status == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not is_alive(os.environ.get("WEB_PORT", "8080")))
