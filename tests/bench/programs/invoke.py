"""Invokes the handler of an artifact as Lambda does, AWS answered without a socket: `python invoke.py MODULE`.

It runs in any artifact, so it imports nothing of this project. A job a line: `{"events": […], "seconds": 1}`; the
answer is how many events were answered in a second of CPU, and the first answers.
"""

import json
import sys
import time
from importlib import import_module
from typing import Any

import botocore.client

ITEM = json.loads(sys.argv[2])


class Context:
    """What handlers ask of Lambda's context."""

    function_name = "bench"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:bench"
    aws_request_id = "bench"


def _answer(operation: str) -> dict[str, object]:
    return {"Item": ITEM} if operation == "GetItem" else {}


def stub_clients() -> None:
    """Answer every call of either SDK at once."""

    def call(_self: object, operation: str, _parameters: object) -> dict[str, object]:
        return _answer(operation)

    async def call_async(_self: object, operation: str, _parameters: object) -> dict[str, object]:
        return _answer(operation)

    client: Any = botocore.client.BaseClient
    client._make_api_call = call
    try:
        aio = import_module("aiobotocore.client")
    except ImportError:
        return
    aio.AioBaseClient._make_api_call = call_async


def main() -> None:
    """Do the jobs, one after the other."""
    stub_clients()
    handler = import_module(sys.argv[1]).handler
    context = Context()
    for line in sys.stdin:
        job = json.loads(line)
        events = job["events"]
        answers = [handler(event, context) for event in events]
        # CPU time: nothing here waits, and another process on the machine does not count.
        count, started = 0, time.process_time()
        deadline = started + job["seconds"]
        while time.process_time() < deadline:
            for event in events:
                handler(event, context)
            count += len(events)
        per_second = count / (time.process_time() - started)
        sys.stdout.write(json.dumps({"per_second": per_second, "answers": answers}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
