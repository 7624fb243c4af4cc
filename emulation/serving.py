"""What the parts' HTTP servers have in common: their limits, what they log, and how they start and stop."""

import asyncio
import logging
import signal
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from aiohttp.http_exceptions import HttpProcessingError

# CloudFront takes requests of up to 32 KB with their headers.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MAX_HEAD_BYTES = 32 * 1024
# For `web.Server` and `web.AppRunner`. A packed body stays packed: neither CloudFront nor API Gateway unpacks one.
SERVER_OPTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "access_log": None,
        "auto_decompress": False,
        "max_line_size": MAX_HEAD_BYTES,
        "max_field_size": MAX_HEAD_BYTES,
    }
)


def stop_event() -> asyncio.Event:
    """Set by SIGTERM or SIGINT. Call it in a running loop."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


def start_logging() -> None:
    """Log to the standard output, a line for a request that is not HTTP."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("aiohttp.server").addFilter(shorten)


def shorten(record: logging.LogRecord) -> bool:
    """Leave of a record about a malformed request its first line, as a warning; any other stays as it is."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError):
        reason = " ".join(error.message.split())
        record.msg, record.args = f"{record.getMessage()}: {reason[:200]}", None
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
    return True


def refuse(reason: str) -> int:
    """Say in a sentence why a part does not start; the exit code of its process."""
    sys.stderr.write(f"{reason}\n")
    return 1
