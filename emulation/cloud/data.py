"""What the local AWS keeps beside moto's own models."""

from dataclasses import dataclass, field
from typing import Any

from emulation.clock import AgeingClock
from emulation.cloud.book import Book
from emulation.cloud.cognito import CognitoState
from emulation.cloud.dynamodb import Tokens
from emulation.cloud.mailbox import Mailbox


@dataclass
class StreamLedger:
    """How far each subscription has come: the next sequence number by stream and function, and what was given up."""

    next_numbers: dict[str, int] = field(default_factory=dict)
    dead_letters: Book[dict[str, Any]] = field(default_factory=Book)


@dataclass
class Data:
    """Saved and loaded as a whole, together with moto's models; a new one is empty."""

    clock: AgeingClock = field(default_factory=AgeingClock)
    mailbox: Mailbox = field(default_factory=Mailbox)
    cognito: CognitoState = field(default_factory=CognitoState)
    dynamodb: Tokens = field(default_factory=Tokens)
    streams: StreamLedger = field(default_factory=StreamLedger)
