"""`just bench pictures`: CPU time and peak memory of the largest accepted pictures, against the function's limits.

CPU time grows on a core that is shared; the least of the rounds is the picture's own.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.largest_pictures import LARGEST, measure

# At most 2 s in the function's 10 s at 0.29 CPU, and 400 MB of its 512.
MAX_CPU_SECONDS = 2.0
MAX_PEAK_MEGABYTES = 400


def main() -> int:
    """Measure and print line by line; 1 when a picture needs more than the function has."""
    parser = argparse.ArgumentParser(prog="just bench pictures", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="measurements per picture (3)")
    arguments = parser.parse_args()
    sys.stdout.write("| picture | CPU s | at most | peak MB | at most |\n|---|---|---|---|---|\n")
    fits = True
    with tempfile.TemporaryDirectory() as folder:
        for name in LARGEST:
            rounds = [measure(name, Path(folder)) for _ in range(arguments.rounds)]
            seconds = min(one["cpu_seconds"] for one in rounds)
            megabytes = max(one["peak_megabytes"] for one in rounds)
            sys.stdout.write(f"| {name} | {seconds} | {MAX_CPU_SECONDS} | {megabytes} | {MAX_PEAK_MEGABYTES} |\n")
            sys.stdout.flush()
            fits = fits and seconds <= MAX_CPU_SECONDS and megabytes <= MAX_PEAK_MEGABYTES
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
