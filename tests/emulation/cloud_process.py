"""The local AWS as a process of its own, on a free port, with a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from emulation.settings import ROOT
from tests.aws_clients import open_client

START_SECONDS = 30.0


class CloudProcess:
    """`url` is its address once it is ready; `log` is what it wrote to stderr; `root` is where its code is."""

    root = ROOT

    def __init__(self, local_dir: Path, **environ: str) -> None:
        local_dir.mkdir(parents=True, exist_ok=True)
        self._log_path = local_dir / "cloud.log"
        with self._log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "emulation.cloud"],
                cwd=self.root,
                env={**os.environ, "AWS_PORT": "0", "LOCAL_DIR": str(local_dir), **environ},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.url = ""

    def wait_until_ready(self) -> "CloudProcess":
        assert self.process.stdout is not None
        timer = threading.Timer(START_SECONDS, self.process.kill)
        timer.start()
        line = self.process.stdout.readline()
        timer.cancel()
        assert line, f"the cloud did not start:\n{self.log}"
        self.url = line.split()[-1]
        return self

    @property
    def log(self) -> str:
        return self._log_path.read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def client(self, service: str) -> Any:
        return open_client(self.url, service)

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Status and body of one request, the body read as JSON where it is JSON."""
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers or {})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return answer.status, _read(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, _read(refusal.read())


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode()
