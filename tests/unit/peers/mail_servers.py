"""Small mail servers on real sockets, for tests; nothing here is under test."""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass
class Mailbox:
    """What a server holds.

    Attributes:
        mails: by uid, as they came.
        seen: uids that are flagged.
        logins: who logged in.
        open_words: what came to the SMTP server before the way was protected.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    logins: list[str] = field(default_factory=list)
    open_words: list[str] = field(default_factory=list)

    def add(self, content: bytes) -> int:
        self.mails[len(self.mails) + 1] = content
        return len(self.mails)

    def subjects(self) -> list[str]:
        parsed = (message_from_bytes(each, policy=policy.default) for each in self.mails.values())
        return [str(each["subject"]) for each in parsed]


class _Smtp(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say("220 here")
        if self._spoken(self.server.box, is_open=True):
            assert self.server.tls is not None
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            self.rfile = self.request.makefile("rb")
            self.wfile = self.request.makefile("wb", buffering=0)
            self._spoken(self.server.box, is_open=False)

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the server closes what it accepted, and knows of no other

    def _spoken(self, box: Mailbox, *, is_open: bool) -> bool:
        """Answer until the end; whether the client goes on under TLS."""
        data: list[bytes] | None = None
        for raw in self.rfile:
            if data is not None:
                if raw == b".\r\n":
                    box.add(b"".join(data))
                    data = None
                    self._say("250 taken")
                else:
                    data.append(raw[1:] if raw.startswith(b"..") else raw)
                continue
            word = raw[:4].upper()
            if is_open:
                box.open_words.append(word.decode())
            if word == b"EHLO":
                offers = self.server.tls is not None and is_open
                self._say(f"250-here\r\n250 {'STARTTLS' if offers else 'AUTH PLAIN'}")
            elif word == b"STAR" and self.server.tls is not None:
                self._say("220 go on")
                return True
            elif word == b"STAR":
                self._say("502 not here")
            elif word == b"AUTH":
                box.logins.append(raw.decode().split()[2])
                self._say("235 welcome")
            elif word == b"DATA":
                data = []
                self._say("354 go on")
            elif word == b"QUIT":
                self._say("221 bye")
                return False
            else:
                self._say("250 here")
        return False

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Imap(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("* OK here")
        for raw in self.rfile:
            tag, _, rest = raw.decode().strip().partition(" ")
            self._answer(rest)
            self._say(f"{tag} OK done")
            if rest.upper().startswith("LOGOUT"):
                return

    def _answer(self, command: str) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        upper = command.upper()
        if upper.startswith("CAPABILITY"):
            self._say("* CAPABILITY IMAP4rev1")
        elif upper.startswith("LOGIN"):
            box.logins.append(command.split()[1])
        elif upper.startswith("SELECT"):
            self._say(f"* {len(box.mails)} EXISTS")
        elif upper.startswith("UID SEARCH"):
            fresh = [str(uid) for uid in box.mails if uid not in box.seen]
            self._say(f"* SEARCH {' '.join(fresh)}".rstrip())
        elif upper.startswith("UID FETCH"):
            uid = int(command.split()[2])
            content = box.mails[uid]
            self._say(f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(content)}}}")
            self.wfile.write(content)
            self._say(")")
        elif found := re.match(r"UID STORE (\d+) \+FLAGS", command, re.IGNORECASE):
            box.seen.add(int(found[1]))

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Mailbox
    tls: ssl.SSLContext | None = None

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust the certificate goes away: nothing to print."""


class _TlsServer(_Server):
    def get_request(self) -> tuple[socket.socket, object]:
        """A connection under TLS from the first byte; the hand is shaken by its own thread."""
        assert self.tls is not None
        plain, address = super().get_request()
        return self.tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address


@contextmanager
def _serving(
    handler: type[socketserver.BaseRequestHandler],
    box: Mailbox,
    tls: ssl.SSLContext | None = None,
    kind: type[_Server] = _Server,
) -> Iterator[int]:
    with kind(("127.0.0.1", 0), handler) as server:
        server.box, server.tls = box, tls
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def smtp_server(box: Mailbox, starttls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that takes mail into a mailbox; its port."""
    with _serving(_Smtp, box, starttls) as port:
        yield port


@contextmanager
def imap_server(box: Mailbox, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that gives out a mailbox, under TLS where it has a certificate; its port."""
    with _serving(_Imap, box, tls, _Server if tls is None else _TlsServer) as port:
        yield port


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for a name, and that of who trusts it."""
    private = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, SHA256())
    )
    key = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(key + certificate.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))
