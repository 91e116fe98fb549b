"""The seal of a checkpoint: it opens with its key, and nothing about it can be changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checkpoints import BrokenSeal, Checkpoint, opened, sealed

KEY = "a-key-of-the-tests-that-is-long-enough"

heads = st.tuples(st.integers(1, (1 << 63) - 1), st.integers(1, 1 << 50), st.binary(min_size=32, max_size=32))
checkpoints = st.builds(Checkpoint, st.integers(0, 1 << 50), st.lists(heads).map(tuple))


@given(checkpoints)
def test_what_was_sealed_is_what_opens(checkpoint: Checkpoint):
    assert opened(sealed(checkpoint, KEY), KEY) == checkpoint


@given(checkpoints, st.data())
def test_no_byte_can_be_changed_added_or_left_out(checkpoint: Checkpoint, data: st.DataObject):
    content = bytearray(sealed(checkpoint, KEY))
    place = data.draw(st.integers(0, len(content) - 2))
    how = data.draw(st.sampled_from(("change", "add", "leave out")))
    if how == "change":
        content[place] ^= data.draw(st.integers(1, 255))
    elif how == "add":
        content.insert(place, data.draw(st.integers(0, 255)))
    else:
        del content[place]

    with pytest.raises(BrokenSeal):
        opened(bytes(content), KEY)


@given(checkpoints, st.text(max_size=60).filter(lambda key: key != KEY))
def test_no_other_key_opens_it(checkpoint: Checkpoint, key: str):
    with pytest.raises(BrokenSeal):
        opened(sealed(checkpoint, KEY), key)


@pytest.mark.parametrize("content", [b"", b"\n", b"nonsense", b"[]\n0\n", b"\xff\n\xff\n"])
def test_nonsense_has_no_seal(content: bytes):
    with pytest.raises(BrokenSeal):
        opened(content, KEY)
