"""Uploaded pictures: checked, freed of metadata, upright, and with a thumbnail. Why so: docs/decisions/pictures.md."""

from server.pictures.limits import ACCEPTED_TYPES, PICTURE_LIMITS, PictureError, PictureLimits
from server.pictures.pdf import check_pdf
from server.pictures.process import ProcessedPicture, process_picture
from server.pictures.workers import PictureWorkers

__all__ = [
    "ACCEPTED_TYPES",
    "PICTURE_LIMITS",
    "PictureError",
    "PictureLimits",
    "PictureWorkers",
    "ProcessedPicture",
    "check_pdf",
    "process_picture",
]
