"""The mailbox: what Cognito would have mailed, kept where a person and a test can read it."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from emulation.cloud.book import Book

KEPT_MAILS = 1000
_LINK = re.compile(r"https?://[^\s\"'<>]+")
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass(frozen=True)
class Mail:
    """One message; `sent_at` is UTC ISO 8601 with Z."""

    to: str
    subject: str
    text: str
    html: str
    sent_at: str

    def to_json(self) -> dict[str, Any]:
        """As `/_local/mail` shows it, with the links and the six-digit codes of the text picked out."""
        shown = asdict(self)
        shown["sentAt"] = shown.pop("sent_at")
        shown["links"] = _LINK.findall(self.text)
        shown["codes"] = _CODE.findall(_LINK.sub("", self.text))
        return shown


class Mailbox:
    """The latest messages, oldest first."""

    def __init__(self) -> None:
        self.mails: Book[Mail] = Book()

    def deliver(self, mail: Mail) -> None:
        """Put a message into the box; of more than KEPT_MAILS the oldest go."""
        self.mails.add(mail, KEPT_MAILS)

    def list_mails(self, to: str | None = None) -> list[Mail]:
        """The messages, oldest first; with `to` only those for that address, whatever its case."""
        return [mail for _, mail in self.mails.glance() if to is None or mail.to.casefold() == to.casefold()]

    def clear(self, to: str | None = None) -> None:
        """Delete the messages; with `to` only those for that address."""
        for number, mail in list(self.mails.glance()):
            if to is None or mail.to.casefold() == to.casefold():
                del self.mails[number]
