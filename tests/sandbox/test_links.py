"""Which texts become links in a message: URLs, and invites without a scheme."""

import pytest

from sandbox.discord.links import links_in


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://a.example/b now", ["https://a.example/b"]),
        ("[free](https://a.example)", ["https://a.example)"]),
        ("<https://a.example>", ["https://a.example"]),
        ("join discord.gg/abc", ["discord.gg/abc"]),
        ("WWW.DISCORD.GG/abc", ["WWW.DISCORD.GG/abc"]),
        ("discordapp.com/invite/abc", ["discordapp.com/invite/abc"]),
        (r"https\://discord\.gg/abc", []),
        ("discord.\u2060gg/abc", []),
        ("discord.gg", []),
        ("a.example/b", []),
    ],
)
def test_addresses_with_a_scheme_and_invites_are_links(text: str, links: list[str]):
    assert links_in(text) == links
