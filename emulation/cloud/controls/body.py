"""The JSON bodies of the control plane, and the answers that its topics have in common."""

import json

from emulation.cloud.exchange import Answer, Request, json_answer


def read_text(request: Request, name: str) -> str:
    """A text of the body; empty when it is not there, or no text."""
    try:
        value = json.loads(request.body)[name]
    except (ValueError, KeyError, TypeError):
        return ""
    return value if isinstance(value, str) else ""


def not_found(message: str) -> Answer:
    """404 with a message."""
    return json_answer(404, {"message": message})


def bad_request(message: str) -> Answer:
    """400 with a message."""
    return json_answer(400, {"message": message})


def starting(failure: str = "") -> Answer:
    """503 while the stack is not there, and why it cannot be."""
    return json_answer(503, {"status": "starting", "reason": failure or "The stack is being created."})
