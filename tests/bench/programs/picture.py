"""This project's processing of a picture: `python -m tests.bench.programs.picture FILE`, a line per job on stdin."""

import sys
import time
from pathlib import Path

from server.pictures import process_picture

content = Path(sys.argv[1]).read_bytes()
for _ in sys.stdin:
    started = time.process_time()
    process_picture(content, "image/jpeg")
    sys.stdout.write(f"{time.process_time() - started}\n")
    sys.stdout.flush()
