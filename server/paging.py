"""The token that leads to the next page: opaque to clients, the last guitar's id to us."""

import base64
import binascii
import uuid

from server.errors import InvalidInputError
from server.ids import is_id


def token_of(guitar_id: str) -> str:
    """The token for the page after that guitar."""
    return base64.urlsafe_b64encode(uuid.UUID(guitar_id).bytes).decode().rstrip("=")


def guitar_id_of(token: str) -> str:
    """The id in a token; raises InvalidInputError for a made-up one."""
    try:
        guitar_id = str(uuid.UUID(bytes=base64.b64decode(token + "==", altchars=b"-_", validate=True)))
    except (ValueError, binascii.Error):
        guitar_id = ""
    if not is_id(guitar_id):
        raise InvalidInputError.of("nextToken", "is not a token of this API")
    return guitar_id
