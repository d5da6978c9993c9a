"""The key that ties new identifiers to old ones: with it the same come out again, without it nobody can tell."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid

KEY_BYTES = 32
_MOST_DAYS = 3650
_FEWEST_DAYS = 365


class Key:
    """A secret of 32 bytes; printed, logged or pickled it says nothing.

    New values are HMAC-SHA256 (RFC 2104) over what is replaced, each kind of value under a name of its own.

    Parameters
    ----------
    secret : bytes

    Raises
    ------
    ValueError
        If it is not 32 bytes, or all of them are the same.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES or len(set(secret)) < 2:
            raise ValueError(f"a key is {KEY_BYTES} random bytes. Received: {len(secret)} bytes")
        self._secret = secret

    def __repr__(self) -> str:
        return "Key(...)"

    def __reduce__(self) -> str:
        raise TypeError("a key goes to no other process and into no file")

    def uid(self, uid: str) -> str:
        """The UID in place of another, under 2.25 (PS3.5 B.2): a version 8 UUID (RFC 9562 section 5.8)."""
        digest = bytearray(self._digest("uid", uid)[:16])
        digest[6] = (digest[6] & 0x0F) | 0x80
        digest[8] = (digest[8] & 0x3F) | 0x80
        return f"2.25.{uuid.UUID(bytes=bytes(digest)).int}"

    def pseudonym(self, patient: str) -> str:
        """The ID in place of a patient's: ``P`` and 16 letters and digits (80 bits)."""
        return "P" + base64.b32encode(self._digest("patient", patient)[:10]).decode("ascii")

    def days(self, patient: str) -> int:
        """How many days all dates of a patient go back: 365 to 3650."""
        number = int.from_bytes(self._digest("days", patient)[:8], "big")
        return _FEWEST_DAYS + number % (_MOST_DAYS - _FEWEST_DAYS + 1)

    def name(self, kind: str, text: str) -> str:
        """16 hexadecimal digits in place of a name of some kind, such as that of a file."""
        return self._digest(f"name {kind}", text)[:8].hex()

    def _digest(self, kind: str, text: str) -> bytes:
        data = text.encode("utf-8", errors="surrogatepass")
        return hmac.new(self._secret, f"{kind}\0".encode() + data, hashlib.sha256).digest()
