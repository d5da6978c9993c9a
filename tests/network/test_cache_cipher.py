from __future__ import annotations

import hashlib
import hmac
import io
import pickle
import tracemalloc
from collections.abc import Iterator
from functools import lru_cache

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.errors import ReadError
from ichviewer.network.cache_cipher import CHUNK_BYTES, CacheCipher, sealed_size

KEY = bytes(range(32))
HEAD, TAG = 8 + 32, 16


def sealed(plain: bytes, identity: str = "study/object", key: bytes = KEY) -> bytes:
    return b"".join(CacheCipher(key).seal(io.BytesIO(plain), identity))


def unsealed(data: bytes, identity: str = "study/object", key: bytes = KEY) -> bytes:
    return b"".join(CacheCipher(key).unseal(io.BytesIO(data), identity))


@lru_cache
def three_chunks() -> bytes:
    return sealed(bytes(2 * CHUNK_BYTES + 5))


def chunks(data: bytes) -> list[bytes]:
    rest, size = data[HEAD:], CHUNK_BYTES + TAG
    return [rest[start : start + size] for start in range(0, len(rest), size)]


@pytest.mark.parametrize("n", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_was_sealed_comes_back_and_is_as_long_as_was_said(n):
    plain = hashlib.shake_128(b"plain").digest(n)
    data = sealed(plain)
    assert unsealed(data) == plain
    assert len(data) == sealed_size(n)
    assert n < 100 or plain[:100] not in data
    assert data != sealed(plain), "each file has a salt of its own"


def test_the_form_is_the_one_that_is_written_down():
    plain = b"x" * (CHUNK_BYTES + 2)
    data = sealed(plain, "a/b")
    assert data[:8] == b"ICHSEAL1"
    # HKDF of RFC 5869: extract with the salt, then one block of 32 bytes.
    extracted = hmac.digest(data[8:HEAD], KEY, "sha256")
    key = hmac.digest(extracted, b"ichviewer cache of studies\x01", "sha256")
    first, last = b"\0" * 12, b"\0" * 10 + b"\x01\x01"
    found = [
        AESGCM(key).decrypt(nonce, chunk, b"ICHSEAL1" + nonce + b"a/b")
        for nonce, chunk in zip((first, last), chunks(data), strict=True)
    ]
    assert b"".join(found) == plain


@given(st.data())
def test_no_bit_can_be_flipped(data):
    whole = sealed(b"0123456789" * 20)
    bit = data.draw(st.integers(0, 8 * len(whole) - 1))
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ReadError):
        unsealed(bytes(changed))


@given(
    st.one_of(st.integers(0, len(sealed(b"")) + 300), st.integers(0, sealed_size(2 * CHUNK_BYTES + 5) - 1))
)
def test_nothing_can_be_cut_off(n):
    with pytest.raises(ReadError):
        unsealed(three_chunks()[:n])


@pytest.mark.parametrize(
    "order", [(0, 1), (0,), (1, 2), (0, 2), (1, 0, 2), (0, 1, 1, 2), (0, 2, 1), (2,), ()]
)
def test_chunks_that_miss_or_stand_in_another_order_are_refused(order):
    whole = three_chunks()
    parts = chunks(whole)
    with pytest.raises(ReadError):
        unsealed(whole[:HEAD] + b"".join(parts[index] for index in order))


@pytest.mark.parametrize("more", [b"\0", b"\0" * 16, bytes(CHUNK_BYTES + TAG)])
def test_nothing_can_be_added(more):
    with pytest.raises(ReadError):
        unsealed(three_chunks() + more)


def test_chunks_of_another_file_of_the_same_key_are_refused():
    one, other = sealed(bytes(CHUNK_BYTES + 1)), sealed(bytes(CHUNK_BYTES + 1))
    with pytest.raises(ReadError):
        unsealed(one[:HEAD] + chunks(other)[0] + chunks(one)[1])


def test_another_identity_and_another_key_are_refused():
    data = sealed(b"x", "study/object")
    for identity, key in (("study/other", KEY), ("other/object", KEY), ("study/object", KEY[::-1])):
        with pytest.raises(ReadError):
            unsealed(data, identity, key)


def test_a_cipher_shows_its_key_to_nobody():
    cipher = CacheCipher(KEY)
    assert KEY.hex() not in f"{cipher!r} {cipher}" and len(cipher.key_id) == 16
    assert cipher.key_id != CacheCipher(KEY[::-1]).key_id
    with pytest.raises(TypeError):
        pickle.dumps(cipher)
    with pytest.raises(ValueError, match="32 bytes"):
        CacheCipher(KEY[:16])


def test_memory_is_bounded_whatever_the_length_of_the_file():
    class Zeros(io.RawIOBase):
        left = 100 * CHUNK_BYTES

        def read(self, size: int = -1) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    class Pieces(io.RawIOBase):
        def __init__(self, pieces: Iterator[bytes]) -> None:
            self.pieces, self.rest = pieces, b""

        def read(self, size: int = -1) -> bytes:
            while len(self.rest) < size and (piece := next(self.pieces, b"")):
                self.rest += piece
            out, self.rest = self.rest[:size], self.rest[size:]
            return out

    tracemalloc.start()
    try:
        cipher = CacheCipher(KEY)
        n = sum(len(piece) for piece in cipher.unseal(Pieces(cipher.seal(Zeros(), "x")), "x"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert n == 100 * CHUNK_BYTES
    assert peak < 12 * CHUNK_BYTES
