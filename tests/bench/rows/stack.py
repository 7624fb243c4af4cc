"""`up`, `reload` and `front`: the local stack as whoever works with it meets it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from emulation.commands.ports import find_stack_ports
from emulation.settings import ROOT
from tests.bench.frame import HERE, Line, Plan
from tests.bench.loading import LoadProcess, http_request
from tests.bench.processes import fetch, plain_environment, start, wait_for_answer
from tests.emulation.aws_endpoint import run_moto_server


@dataclass(frozen=True)
class Addresses:
    """A stack of its own: its variables, and where it answers."""

    variables: dict[str, str]
    front_door: str
    api: str


def choose_addresses(folder: Path) -> Addresses:
    """Free ports, and a folder for the data."""
    ports = find_stack_ports()
    return Addresses(
        plain_environment(**ports, LOCAL_DIR=str(folder), STACK="processes"),
        f"http://localhost:{ports['FRONT_DOOR_PORT']}",
        f"http://localhost:{ports['API_PORT']}",
    )


def command(name: str, at: Addresses) -> None:
    """Run a command of the stack to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "emulation", name],
        cwd=ROOT,
        env=at.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout


def sign_in(at: Addresses, guitars: int = 0) -> dict[str, Any]:
    """A user, through the local tools."""
    user: dict[str, Any] = fetch("POST", f"{at.front_door}/_local/users", {"guitars": guitars})
    return user


def _seconds_until_signed_in() -> float:
    with tempfile.TemporaryDirectory(prefix="bench-up-") as folder:
        at = choose_addresses(Path(folder))
        started = time.perf_counter()
        command("up", at)
        try:
            token = {"Authorization": f"Bearer {sign_in(at)['accessToken']}"}
            fetch("GET", f"{at.front_door}/api/user/profile", headers=token)
            return time.perf_counter() - started
        finally:
            command("down", at)


def _seconds_until_moto_answers() -> float:
    started = time.perf_counter()
    with run_moto_server():
        return time.perf_counter() - started


def up(_stack: ExitStack, _plan: Plan) -> Iterator[Line]:
    """From the command to a profile that is read with a token, everything empty, against a bare moto_server."""
    peers = {"moto_server": _seconds_until_moto_answers}
    yield Line("first signed-in answer", _seconds_until_signed_in, peers, {"moto_server": 2.5})


def reload(stack: ExitStack, _plan: Plan) -> Iterator[Line]:
    """A message of the server is changed under `just dev`; until the first answer that has it."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-dev-")))
    copy = _copy_checkout(folder / "checkout")
    at = choose_addresses(folder / "local")
    log = stack.enter_context((folder / "dev.log").open("wb"))
    start(stack, [sys.executable, "-m", "emulation", "dev"], at.variables, copy, stdout=log, stderr=log)
    wait_for_answer(f"{at.front_door}/_local/health")
    yield Line("server module", partial(_seconds_until_reloaded, copy, at), goals={HERE: 1.0})


def _copy_checkout(target: Path) -> Path:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if name.startswith(("server/", "emulation/", "deploy/")) and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


def _seconds_until_reloaded(copy: Path, at: Addresses) -> float:
    errors, mark = copy / "server" / "errors.py", f"Reloaded {os.urandom(4).hex()}"
    while _message(at) is None:
        time.sleep(0.05)
    text = errors.read_text()
    known = _message(at)
    assert known is not None
    assert known in text
    started = time.perf_counter()
    errors.write_text(text.replace(known, mark))
    while _message(at) != mark:
        assert time.perf_counter() - started < 30, "not reloaded"
        time.sleep(0.02)
    return time.perf_counter() - started


def _message(at: Addresses) -> str | None:
    """What the API says to a request without a token; None while it does not answer."""
    try:
        with urllib.request.urlopen(f"{at.front_door}/api/guitars", timeout=5):  # noqa: S310
            raise AssertionError("a request without a token was answered")
    except urllib.error.HTTPError as refusal:
        with refusal:
            # While the API starts anew, the front door answers with a page.
            answer = json.loads(refusal.read()) if refusal.code == 401 else {}
        message: str | None = answer.get("error", {}).get("message")
        return message
    except (urllib.error.URLError, ConnectionError):
        return None


def front(stack: ExitStack, plan: Plan) -> Iterator[Line]:
    """One client, the same request at the front door and at the API."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-front-")))
    at = choose_addresses(folder)
    command("up", at)
    stack.callback(command, "down", at)
    user = sign_in(at, guitars=12)
    good = {"Authorization": f"Bearer {user['accessToken']}"}
    guitar = f"/guitars/{user['guitars'][0]['guitarId']}"
    load = LoadProcess(stack)
    # The front door gives a request without a token this one, so that the refusal is the same.
    for title, path, headers in (
        ("one guitar", guitar, good),
        ("page of 12", "/guitars", good),
        ("refused", guitar, {"Authorization": "none"}),
    ):

        def measure(url: str, path: str, headers: dict[str, str] = headers, seconds: float = plan.seconds) -> float:
            request = http_request("GET", url, path, headers)
            return load.measure(url, [request], 1, seconds, may_refuse=1.0).median_milliseconds

        here = partial(measure, at.front_door, f"/api{path}")
        api = partial(measure, at.api, path)
        here(seconds=plan.seconds / 4)
        api(seconds=plan.seconds / 4)
        yield Line(title, here, {"the API": api}, {"the API": 1.5})
