"""`picture`: a photograph against other libraries; `limits`: the largest accepted ones against the function's."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.bench.environments import PEERS, open_node_modules, open_venv
from tests.bench.frame import HERE, Line, Plan
from tests.bench.processes import Worker, plain_environment
from tests.largest_pictures import LARGEST, measure
from tests.photographs import phone_jpeg, photograph

# At most 2 s in the function's 10 s at 0.29 CPU, and 400 MB of its 512.
MAX_CPU_SECONDS = 2.0
MAX_PEAK_MEGABYTES = 400


def picture(stack: ExitStack, _plan: Plan) -> Iterator[Line]:
    """A JPEG of 12 megapixels, taken sideways: CPU seconds until original and thumbnail are there."""
    file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "photograph.jpg"
    file.write_bytes(phone_jpeg(photograph((4032, 3024)), orientation=6, quality=90))
    node = open_node_modules("sharp")
    environ = plain_environment()
    workers = {
        HERE: Worker(stack, [sys.executable, "-m", "tests.bench.programs.picture", file], environ),
        "sharp": Worker(stack, ["node", node / "picture.mjs", file], environ),
        "Pillow": Worker(stack, [open_venv("pillow"), PEERS / "pillow" / "picture.py", file], environ),
    }

    def per_cpu_second(who: str) -> float:
        return 1 / float(workers[who].ask(0))

    for who in workers:
        per_cpu_second(who)
    peers = {who: partial(per_cpu_second, who) for who in workers if who != HERE}
    yield Line("JPEG, 12 megapixels, sideways", partial(per_cpu_second, HERE), peers, {"sharp": 1.0, "Pillow": 1.2})


def limits(stack: ExitStack, _plan: Plan) -> Iterator[Line]:
    """CPU seconds of the largest accepted pictures in a fresh process, which also may not need too much memory."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))

    def cpu_seconds(name: str) -> float:
        used = measure(name, folder)
        assert used["peak_megabytes"] <= MAX_PEAK_MEGABYTES, f"{name} needs {used['peak_megabytes']} MB"
        return used["cpu_seconds"]

    for name in LARGEST:
        yield Line(name, partial(cpu_seconds, name), goals={HERE: MAX_CPU_SECONDS}, is_exact=True)
