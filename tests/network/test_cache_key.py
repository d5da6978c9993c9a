from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordSetError
from memory_keyring import MemoryKeyring

from ichviewer.network.cache_key import NAME, CacheKey, KeyState
from ichviewer.network.secrets import Secrets
from ichviewer.progress import Cancelled, CancelToken

ENTRY = ("ichviewer", NAME)


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / ".key-lock"


def key_of(keyring, patience_s: float = 5.0) -> CacheKey:
    """As a program that was just started has it."""
    return CacheKey(Secrets(keyring), patience_s=patience_s)


def test_a_key_is_made_once_and_found_by_the_next_program(lock):
    keyring = MemoryKeyring()
    first = key_of(keyring).ask(lock)
    assert first.state is KeyState.ENCRYPTED
    assert len(bytes.fromhex(keyring.kept[ENTRY])) == 32
    again = key_of(keyring).ask(lock)
    assert again.cipher.key_id == first.cipher.key_id
    other = key_of(MemoryKeyring()).ask(lock)
    assert other.cipher.key_id != first.cipher.key_id


def test_what_was_given_once_is_not_asked_for_again(lock):
    keyring = MemoryKeyring()
    key = key_of(keyring)
    first = key.ask(lock)
    n = keyring.n_asked
    keyring.error = KeyringLocked()
    assert key.ask(lock) is first and keyring.n_asked == n


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_a_system_without_a_keyring_has_no_key(backend, lock):
    key = key_of(backend())
    assert key.state is KeyState.NO_KEYRING
    assert (key.ask(lock).state, key.ask(lock).cipher) == (KeyState.NO_KEYRING, None)


def test_a_locked_keyring_gives_no_key_and_none_is_made_in_its_place(lock):
    keyring = MemoryKeyring()
    first = key_of(keyring).ask(lock)
    keyring.error = KeyringLocked()
    key = key_of(keyring)
    assert key.ask(lock).state is KeyState.REFUSED
    assert key.state is KeyState.REFUSED
    keyring.error = None
    # The person has unlocked it.
    assert key.ask(lock).cipher.key_id == first.cipher.key_id


def test_a_keyring_that_stores_nothing_gives_no_key(lock):
    keyring = MemoryKeyring()
    keyring.error_of_writing = PasswordSetError()
    assert key_of(keyring).ask(lock).state is KeyState.REFUSED

    class Forgetful(MemoryKeyring):
        def set_password(self, service, username, password):
            self.kept[service, username] = "another"

    Forgetful.__module__ = MemoryKeyring.__module__
    assert key_of(Forgetful()).ask(lock).state is KeyState.REFUSED


def test_a_keyring_that_does_not_answer_is_waited_for_once_and_not_for_ever(lock):
    keyring = MemoryKeyring()
    keyring.answers.clear()
    key = key_of(keyring, patience_s=0.2)
    began = time.monotonic()
    assert key.ask(lock).state is KeyState.LATE
    assert 0.2 <= time.monotonic() - began < 5
    assert key.state is KeyState.LATE
    began = time.monotonic()
    assert key.ask(lock).state is KeyState.LATE
    assert time.monotonic() - began < 0.2, "nobody waits twice for one answer"
    keyring.answers.set()
    until = time.monotonic() + 5
    while key.state is KeyState.LATE and time.monotonic() < until:
        time.sleep(0.01)
    assert key.state is KeyState.ENCRYPTED
    assert key.ask(lock).cipher is not None


def test_a_person_who_cancels_does_not_wait_for_the_keyring(lock):
    keyring = MemoryKeyring()
    keyring.answers.clear()
    cancel = CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    with pytest.raises(Cancelled):
        key_of(keyring, patience_s=30).ask(lock, cancel)
    keyring.answers.set()


def test_programs_that_begin_at_one_time_make_one_key(lock):
    keyring = MemoryKeyring()
    barrier = threading.Barrier(8)
    found: list[str] = []

    def begin() -> None:
        key = key_of(keyring)
        barrier.wait()
        found.append(key.ask(lock).cipher.key_id)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1


@pytest.mark.parametrize("text", ["no key", "00" * 31, "\x00"])
def test_an_entry_that_is_no_key_gives_way_to_one(text, lock):
    keyring = MemoryKeyring()
    keyring.kept[ENTRY] = text
    made = key_of(keyring).ask(lock)
    assert made.cipher is not None
    assert len(bytes.fromhex(keyring.kept[ENTRY])) == 32


def test_a_folder_without_locks_gives_no_key(tmp_path):
    assert key_of(MemoryKeyring()).ask(tmp_path / "gone" / "lock").state is KeyState.REFUSED


def test_whether_there_is_a_keyring_is_told_without_asking_it():
    keyring = MemoryKeyring()
    assert key_of(keyring).state is KeyState.ENCRYPTED
    assert keyring.n_asked == 0


def test_the_key_is_in_no_log(lock, caplog):
    caplog.set_level("DEBUG")
    keyring = MemoryKeyring()
    found = key_of(keyring).ask(lock)
    keyring.error = RuntimeError(keyring.kept[ENTRY])
    key_of(keyring).ask(lock)
    assert keyring.kept[ENTRY] not in caplog.text + repr(found)
