"""The largest accepted pictures, and what each needs in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageOps

from tests.heic import grid_heic
from tests.photographs import encode, photograph

ROOT = Path(__file__).parents[1]
PROGRAM = """
import json, re, resource, sys
from pathlib import Path
from server.pictures import process_picture
process_picture(Path(sys.argv[1]).read_bytes(), sys.argv[2])
used = resource.getrusage(resource.RUSAGE_SELF)
# Not ru_maxrss: on Linux that begins with the memory of the process that started this one.
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps({"cpu_seconds": round(used.ru_utime + used.ru_stime, 2), "peak_megabytes": peak // 1024}))
"""


def flat(size: tuple[int, int]) -> Image.Image:
    """A photograph in few colours, as a PNG of 10 MB can hold it."""
    return ImageOps.posterize(photograph(size, grain=0), 3)


def see_through(image: Image.Image) -> Image.Image:
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


def jpeg(size: tuple[int, int], **options: object) -> bytes:
    return encode(photograph(size), "JPEG", **options)


LARGEST: dict[str, Callable[[], bytes]] = {
    "jpeg-50-megapixels": lambda: jpeg((8688, 5792), quality=75),
    "jpeg-50-megapixels-progressive": lambda: jpeg((8688, 5792), quality=50, subsampling=0, progressive=True),
    "heic-12-megapixels": lambda: grid_heic((4032, 3024), rotation=3),
    "heic-24-megapixels": lambda: grid_heic((5712, 4284), rotation=3),
    "png-25-megapixels": lambda: encode(flat((5760, 4320)), "PNG", compress_level=3),
    "png-25-megapixels-with-alpha": lambda: encode(see_through(flat((5760, 4320))), "PNG", compress_level=3),
    "png-12-megapixels-sideways": lambda: encode(flat((4096, 3072)), "PNG", compress_level=3, exif=sideways_exif()),
    "webp-12-megapixels": lambda: encode(photograph((4096, 3072)), "WEBP", quality=90, method=0),
    "webp-12-megapixels-sideways": lambda: encode(
        photograph((4096, 3072)), "WEBP", quality=90, method=0, exif=sideways_exif()
    ),
}


def sideways_exif() -> bytes:
    block = Image.Exif()
    block[0x0112] = 6
    return block.tobytes()


def measure(name: str, folder: Path) -> dict[str, float]:
    """CPU seconds and peak megabytes of processing the picture in a fresh process, imports included."""
    path = folder / name
    path.write_bytes(LARGEST[name]())
    content_type = f"image/{name.partition('-')[0]}"
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), content_type], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    used: dict[str, float] = json.loads(finished.stdout)
    return used
