"""Where mail comes in: a mailbox over IMAP, or a folder of .eml files.

Nothing is deleted: a mail that was dealt with is flagged as seen, or moved to the folder `seen`.

Source: RFC 3501 (IMAP4rev1), RFC 8314 (TLS from the first byte).
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from keepclear.errors import InvalidInput, PeerSilent, PeerTrouble
from keepclear.ports.mail import Letter

LONGEST_S = 30.0
MOST_BYTES = 90_000_001
"""One byte more than a mail may have, so that a longer one is seen to be too long."""
MOST_AT_ONCE = 500
SEEN = "seen"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class MailboxServer:
    """The mailbox of the node.

    Attributes:
        host, port: where it is.
        user, password: of the account.
        folder: which mailbox of it.
        is_encrypted: TLS from the first byte; without it only on this machine.
    """

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    is_encrypted: bool = True

    def __post_init__(self) -> None:
        if not self.is_encrypted and self.host not in _LOOPBACK:
            raise InvalidInput(
                f"the password to {self.host} would go in the open",
                remedy="Use tls, or a mail server on this machine.",
            )


class ImapInbox:
    """A mailbox over IMAP; fits the `Inbox` port."""

    def __init__(
        self,
        server: MailboxServer,
        *,
        longest_s: float = LONGEST_S,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._longest_s = longest_s
        self._context = context or ssl.create_default_context()

    def letters(self) -> Iterator[Letter]:
        """Every mail that is not seen, the oldest first."""
        with self._opened() as box:
            _, found = box.uid("SEARCH", "UNSEEN")
            names = found[0].split() if found and isinstance(found[0], bytes) else []
            for name in names[:MOST_AT_ONCE]:
                number = name.decode("ascii")
                _, parts = box.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
                content = next((each[1] for each in parts if isinstance(each, tuple)), b"")
                yield Letter(number, content)

    def done(self, letter: Letter) -> None:
        """Flag a mail as seen."""
        with self._opened() as box:
            box.uid("STORE", letter.name, "+FLAGS.SILENT", "(\\Seen)")

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        told = self._server
        try:
            if told.is_encrypted:
                box: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    told.host, told.port, ssl_context=self._context, timeout=self._longest_s
                )
            else:
                box = imaplib.IMAP4(told.host, told.port, timeout=self._longest_s)
            try:
                box.login(told.user, told.password)
                box.select(f'"{told.folder}"')
                yield box
            finally:
                with suppress(imaplib.IMAP4.error, OSError):
                    box.logout()
        except (TimeoutError, ConnectionError) as error:
            raise PeerSilent(f"the mailbox does not answer: {error}") from None
        except (imaplib.IMAP4.error, OSError, UnicodeDecodeError) as error:
            raise PeerTrouble(f"the mailbox cannot be read: {error}"[:500]) from None


class FolderInbox:
    """A folder of .eml files, as mail programs export them; fits the `Inbox` port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def letters(self) -> Iterator[Letter]:
        """Every file, by its name."""
        try:
            if not self._folder.is_dir():
                raise PeerTrouble(f"there is no folder {self._folder}")
            paths = sorted(self._folder.glob("*.eml"))[:MOST_AT_ONCE]
            for path in paths:
                if path.is_file() and not path.is_symlink():
                    # Another reader of the folder may have dealt with it just now.
                    with suppress(FileNotFoundError), path.open("rb") as file:
                        yield Letter(path.name, file.read(MOST_BYTES))
        except OSError as error:
            raise PeerTrouble(f"the folder {self._folder} cannot be read: {error}") from None

    def done(self, letter: Letter) -> None:
        """Move a file to the folder `seen`, where another reader has not done so already."""
        target = self._folder / SEEN
        try:
            target.mkdir(exist_ok=True)
            with suppress(FileNotFoundError):
                (self._folder / letter.name).replace(target / letter.name)
        except OSError as error:
            raise PeerTrouble(f"{letter.name} cannot be moved to {target}: {error}") from None
