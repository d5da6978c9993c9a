from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import time

import pytest
from keyring.backends import SecretService, chainer, fail, null
from keyring.errors import KeyringLocked
from memory_keyring import MemoryKeyring

from ichviewer.network.secrets import Secret, Secrets, is_system_keyring
from ichviewer.progress import Cancelled, CancelToken


def test_a_secret_goes_into_the_keyring_and_comes_back():
    keyring = MemoryKeyring()
    kept = Secrets(keyring).keep("doctor at https://pacs", Secret("pass"))
    assert kept.in_keyring
    assert keyring.kept == {("ichviewer", "doctor at https://pacs"): "pass"}
    # Another start of the program.
    assert Secrets(keyring).find("doctor at https://pacs") == Secret("pass")
    assert Secrets(keyring).find("doctor at https://other") is None


def test_forgetting_deletes_it_from_the_keyring_and_again_does_nothing():
    keyring = MemoryKeyring()
    secrets = Secrets(keyring)
    secrets.keep("a", Secret("pass"))
    assert not secrets.forget("a").in_keyring
    assert keyring.kept == {}
    assert secrets.find("a") is None
    assert not secrets.forget("a").in_keyring


@pytest.mark.parametrize("backend", [fail.Keyring(), null.Keyring()])
def test_without_a_keyring_it_is_kept_for_this_run_only_and_that_is_said(backend):
    secrets = Secrets(backend)
    kept = secrets.keep("a", Secret("pass"))
    assert not kept.in_keyring
    assert "until the program ends" in kept.text
    assert secrets.find("a") == Secret("pass")
    assert Secrets(backend).find("a") is None
    secrets.forget("a")
    assert secrets.find("a") is None


def test_a_locked_keyring_keeps_nothing_and_the_reason_is_said_without_the_secret(caplog):
    keyring = MemoryKeyring()
    keyring.error = KeyringLocked("cannot store s3cret")
    secrets = Secrets(keyring)
    kept = secrets.keep("a", Secret("s3cret"))
    assert not kept.in_keyring
    assert "KeyringLocked" in kept.text
    assert "s3cret" not in kept.text + caplog.text
    assert secrets.find("a") == Secret("s3cret")
    assert secrets.find("b") is None
    assert secrets.forget("a").in_keyring, "a keyring that does not answer may still have it"


def test_a_newer_secret_that_the_keyring_refuses_wins_over_the_old_one_in_it():
    keyring = MemoryKeyring()
    secrets = Secrets(keyring)
    secrets.keep("a", Secret("old"))
    keyring.error = RuntimeError("bus gone")
    secrets.keep("a", Secret("new"))
    keyring.error = None
    assert secrets.find("a") == Secret("new")


def test_keyrings_that_write_files_are_not_taken_for_the_systems():
    class PlaintextKeyring(MemoryKeyring):
        pass

    PlaintextKeyring.__module__ = "keyrings.alt.file"
    assert not is_system_keyring(PlaintextKeyring())
    assert not is_system_keyring(fail.Keyring())
    assert is_system_keyring(MemoryKeyring())
    assert SecretService.Keyring.__module__ == "keyring.backends.SecretService"


def test_a_chain_of_keyrings_of_which_one_died_is_none_and_no_bug(caplog):
    class Died(chainer.ChainerBackend):
        @property
        def backends(self):
            raise RuntimeError("the daemon is not running any more")

    Died.__module__ = chainer.ChainerBackend.__module__
    secrets = Secrets(Died())
    assert not secrets.in_keyring
    assert secrets.find("a") is None
    assert not secrets.keep("a", Secret("pass")).in_keyring
    assert "daemon" not in caplog.text


def test_a_keyring_that_does_not_answer_holds_nobody_for_ever_and_nobody_who_cancels():
    keyring = MemoryKeyring()
    secrets = Secrets(keyring, patience_s=0.2)
    secrets.keep("a", Secret("old"))
    keyring.answers.clear()
    assert secrets.find("a") is None
    kept = secrets.keep("b", Secret("new"))
    assert not kept.in_keyring and "does not answer" in kept.text
    assert secrets.find("b") == Secret("new"), "the keyring is not asked for it"
    assert secrets.forget("a").in_keyring, "it may still have it"
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        Secrets(keyring).find("a", cancel)
    keyring.answers.set()
    until = time.monotonic() + 5
    while secrets.find("a") is None and time.monotonic() < until:
        time.sleep(0.01)
    assert secrets.find("a") == Secret("old"), "nothing is begun for those who have gone"
    assert ("ichviewer", "b") not in keyring.kept


def test_a_secret_that_is_known_is_found_while_somebody_waits_for_the_keyring():
    keyring = MemoryKeyring()
    keyring.error = KeyringLocked()
    secrets = Secrets(keyring)
    secrets.keep("a", Secret("pass"))
    keyring.answers.clear()
    asking = threading.Thread(target=secrets.ask_keyring, args=("key",))
    asking.start()
    try:
        assert secrets.find("a") == Secret("pass")
    finally:
        keyring.answers.set()
        asking.join()


def test_a_secret_says_nothing_of_itself():
    secret = Secret("s3cret")
    assert "s3cret" not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == "s3cret"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        hash(secret)


@pytest.mark.parametrize("text", ["", "a\r\nX-Other: b", "\x00"])
def test_what_could_break_a_header_is_no_secret(text):
    with pytest.raises(ValueError, match="printable") as raised:
        Secret(text)
    assert not text or text not in str(raised.value)


def test_importing_the_room_loads_no_library_that_only_its_use_needs():
    modules = [
        "cached_study",
        "dicomweb",
        "open_source",
        "outbox",
        "outbox_sender",
        "secrets",
        "study_cache",
    ]
    code = "\n".join(f"import ichviewer.network.{name}" for name in modules)
    code += "\nimport sys; print(*sorted({n.partition('.')[0] for n in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # requests and urllib3 are loaded by pydicom already.
    assert not set(done.stdout.split()) & {
        "cryptography",
        "dicomweb_client",
        "keyring",
        "pynetdicom",
        "PySide6",
    }
