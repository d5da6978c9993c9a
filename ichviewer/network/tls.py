"""TLS contexts from the files that a source names (PS3.15 B.12: the profile of BCP 195)."""

from __future__ import annotations

import ssl

from ichviewer.errors import NetworkError
from ichviewer.network.peers import TlsFiles


def client_context(tls: TlsFiles) -> ssl.SSLContext:
    """What a connection to a peer is made with: TLS 1.2 or newer, the peer's certificate always checked.

    Raises
    ------
    NetworkError
        If a file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = tls.check_host
    context.verify_mode = ssl.CERT_REQUIRED
    _load(context, tls, ssl.Purpose.SERVER_AUTH)
    return context


def server_context(tls: TlsFiles) -> ssl.SSLContext:
    """What a receiver of ours listens with; with authorities, only peers with a certificate of theirs get in.

    Raises
    ------
    NetworkError
        If a file cannot be used, or there is no certificate of our own.
    """
    if tls.certificate is None:
        raise NetworkError("a receiver with TLS needs a certificate and a key of its own")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls.authorities is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        _load(context, tls, ssl.Purpose.CLIENT_AUTH)
    else:
        _load_own(context, tls)
    return context


def _load(context: ssl.SSLContext, tls: TlsFiles, purpose: ssl.Purpose) -> None:
    if tls.authorities is None:
        context.load_default_certs(purpose)
    else:
        try:
            context.load_verify_locations(tls.authorities)
        except (OSError, ValueError) as error:
            raise NetworkError(
                "the certificates of whom to trust cannot be read", str(tls.authorities), str(error)
            ) from error
    _load_own(context, tls)


def _load_own(context: ssl.SSLContext, tls: TlsFiles) -> None:
    if tls.certificate is None or tls.key is None:
        return
    try:
        # An encrypted key would ask for its password on the terminal.
        context.load_cert_chain(tls.certificate, tls.key, password="")
    except (OSError, ValueError) as error:
        raise NetworkError(
            "our own certificate and key cannot be used", f"{tls.certificate}, {tls.key}", str(error)
        ) from error
