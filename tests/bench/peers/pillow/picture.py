"""An upright original and a thumbnail, as Pillow's tutorial has them: `picture.py FILE`, a line per job on stdin."""

import io
import sys
import time
from pathlib import Path

from PIL import Image, ImageOps


def process(content: bytes) -> tuple[bytes, bytes]:
    with Image.open(io.BytesIO(content)) as image:
        upright = ImageOps.exif_transpose(image)
        original = io.BytesIO()
        upright.save(original, "JPEG", quality=90, exif=b"")
        upright.thumbnail((400, 400))
        thumbnail = io.BytesIO()
        upright.save(thumbnail, "WEBP", exif=b"")
        return original.getvalue(), thumbnail.getvalue()


content = Path(sys.argv[1]).read_bytes()
for _ in sys.stdin:
    started = time.process_time()
    process(content)
    sys.stdout.write(f"{time.process_time() - started}\n")
    sys.stdout.flush()
