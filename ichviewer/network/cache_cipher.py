"""Encryption of files of the cache: AES-256-GCM in chunks, each bound to its file and its place in it.

A file is ``ICHSEAL1``, 32 random bytes (the salt) and chunks of at most 1 MiB, each followed by its tag of 16 bytes.
The key of a file is derived from the cache's key and the salt (HKDF with SHA-256, RFC 5869), so that numbering the
chunks gives each a nonce of its own (NIST SP 800-38D, section 8.2.1). Nonce and associated data hold the number of
the chunk and whether it is the last; the associated data hold, besides, the identity that the caller gives: a file
under another's name, a file that was cut or made longer, and chunks in another order are refused as bit flips are.

Nothing here knows where keys come from, or where files lie.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from ichviewer.errors import ReadError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
CHUNK_BYTES = 1024**2

_MAGIC = b"ICHSEAL1"
_SALT_BYTES = 32
_TAG_BYTES = 16
_NONCE_BYTES = 12


class CacheCipher:
    """Encrypts and decrypts with one key. May be used from any thread; shows its key to nobody.

    Parameters
    ----------
    key : bytes
        32 random ones.
    """

    __slots__ = ("_key", "key_id")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes. Received: {len(key)}")
        self._key = key
        self.key_id = hashlib.blake2b(b"id of a key of the cache", key=key, digest_size=8).hexdigest()
        """Says which key it is, and nothing about it; 16 hexadecimal digits."""

    def __repr__(self) -> str:
        return f"CacheCipher({self.key_id})"

    def __reduce__(self) -> Any:
        raise TypeError("a key goes to no other process and into no file")

    def seal(self, plain: BinaryIO, identity: str) -> Iterator[bytes]:
        """What is to be written of a file that is read to its end, piece by piece.

        Parameters
        ----------
        plain : file
        identity : str
            Of the file: only with the same is it decrypted.
        """
        salt = secrets.token_bytes(_SALT_BYTES)
        aead = self._aead(salt)
        yield _MAGIC + salt
        for index, (chunk, last) in enumerate(_chunks(plain, CHUNK_BYTES)):
            yield aead.encrypt(_nonce(index, last), chunk, _bound(identity, index, last))

    def unseal(self, sealed: BinaryIO, identity: str) -> Iterator[bytes]:
        """What was sealed, chunk by chunk. Each was checked, but only the end says that all of it came.

        Raises
        ------
        ReadError
            If it is not what was sealed with this key under this identity.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - takes a while

        head = sealed.read(len(_MAGIC) + _SALT_BYTES)
        if len(head) != len(_MAGIC) + _SALT_BYTES or not head.startswith(_MAGIC):
            raise ReadError("this is no encrypted file of the cache")
        aead = self._aead(head[len(_MAGIC) :])
        for index, (chunk, last) in enumerate(_chunks(sealed, CHUNK_BYTES + _TAG_BYTES)):
            try:
                yield aead.decrypt(_nonce(index, last), chunk, _bound(identity, index, last))
            except InvalidTag:
                raise ReadError("an encrypted file is not what was stored", "", f"chunk {index}") from None

    def _aead(self, salt: bytes) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

        return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, b"ichviewer cache of studies").derive(self._key))


def sealed_size(n_bytes: int) -> int:
    """How long a file of so many bytes is when it is encrypted."""
    n_chunks = max(1, -(-n_bytes // CHUNK_BYTES))
    return len(_MAGIC) + _SALT_BYTES + n_bytes + n_chunks * _TAG_BYTES


def _chunks(file: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Chunks of a file, one at least, each with whether it is the last."""
    chunk, following = file.read(size), b""
    while chunk and (following := file.read(size)):
        yield chunk, False
        chunk = following
    yield chunk, True


def _nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(_NONCE_BYTES - 1, "big") + bytes([last])


def _bound(identity: str, index: int, last: bool) -> bytes:
    return _MAGIC + _nonce(index, last) + identity.encode()
