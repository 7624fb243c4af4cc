"""Receipts as PDF (ISO 32000): checked for being one, never opened."""

import re

from server.pictures.limits import PICTURE_LIMITS, PictureError, PictureLimits

_HEADER = re.compile(rb"%PDF-[12]\.\d")
_TRAILER_BYTES = 1024


def check_pdf(content: bytes, limits: PictureLimits = PICTURE_LIMITS) -> None:
    """Raises PictureError for what is not a whole PDF file, or is too large."""
    limits.check_bytes(content)
    if not _HEADER.match(content):
        raise PictureError("The file is not a PDF, though it was declared as application/pdf")
    trailer = content[-_TRAILER_BYTES:]
    if b"%%EOF" not in trailer or b"startxref" not in trailer:
        raise PictureError("The PDF is damaged or incomplete: its end is missing")
