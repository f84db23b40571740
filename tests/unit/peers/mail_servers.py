"""Small mail servers on real sockets, for tests; nothing here is under test."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy


@dataclass
class Mailbox:
    """What a server holds.

    Attributes:
        mails: by uid, as they came.
        seen: uids that are flagged.
        logins: who logged in.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    logins: list[str] = field(default_factory=list)

    def add(self, content: bytes) -> int:
        self.mails[len(self.mails) + 1] = content
        return len(self.mails)

    def subjects(self) -> list[str]:
        parsed = (message_from_bytes(each, policy=policy.default) for each in self.mails.values())
        return [str(each["subject"]) for each in parsed]


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        self._say("220 here")
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
            if word == b"DATA":
                data = []
                self._say("354 go on")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 here")

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


@contextmanager
def _serving(handler: type[socketserver.BaseRequestHandler], box: Mailbox) -> Iterator[int]:
    with _Server(("127.0.0.1", 0), handler) as server:
        server.box = box
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def smtp_server(box: Mailbox) -> Iterator[int]:
    """A server that takes mail into a mailbox; its port."""
    with _serving(_Smtp, box) as port:
        yield port


@contextmanager
def imap_server(box: Mailbox) -> Iterator[int]:
    """A server that gives out a mailbox; its port."""
    with _serving(_Imap, box) as port:
        yield port
