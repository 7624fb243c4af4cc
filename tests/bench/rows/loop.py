"""`loop`: what eight uploads that are processed at once do to everybody else's requests."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION
from tests.bench.frame import HERE, Line, Plan
from tests.bench.processes import Worker, plain_environment
from tests.emulation.aws_endpoint import LocalAws, run_local_aws
from tests.photographs import encode, phone_jpeg, photograph

UPLOADS = 8


def services_environment(aws: LocalAws) -> dict[str, str]:
    """What the services need to work on a local AWS, signed as the developer."""
    return plain_environment(**aws.environment) | {
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": DEVELOPER_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": DEVELOPER_SECRET_KEY,
        "S3_PUBLIC_ENDPOINT": aws.url,
    }


def loop(stack: ExitStack, _plan: Plan) -> Iterator[Line]:
    """The longest stall of the event loop in milliseconds, and the longest that is its own work and nobody else's."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    (folder / "0.jpg").write_bytes(phone_jpeg(photograph((4032, 3024)), orientation=6, quality=95))
    (folder / "1.png").write_bytes(encode(photograph((1600, 1200)), "PNG"))
    aws = stack.enter_context(run_local_aws(folder / "aws"))
    worker = Worker(stack, [sys.executable, "-m", "tests.bench.programs.uploads", folder], services_environment(aws))
    worker.ask(UPLOADS)
    for title, what in (("the loop is late", "late"), ("its thread works", "busy")):

        def longest(what: str = what) -> float:
            return float(worker.ask(UPLOADS)[what])

        yield Line(f"longest time that {title}", longest, goals={HERE: 20.0})
