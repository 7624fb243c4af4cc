"""What a start would pay for and nobody needs, left out: a fifth of it."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

_WITHOUT = {
    # aiohttp reads all of the system's authorities when it is imported. The SDK brings its own, and nothing else asks.
    # https://docs.openssl.org/3.0/man3/SSL_CTX_load_verify_locations/ names the variables.
    "SSL_CERT_FILE": os.devnull,
    "SSL_CERT_DIR": os.devnull,
    # pydantic looks into every package for plugins, of which an artifact has none.
    # https://docs.pydantic.dev/latest/concepts/plugins/
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
}


@contextmanager
def fast_start() -> Iterator[None]:
    """Within it a process imports what stays for its life, and starts no other process, which would inherit this."""
    before = {name: os.environ.get(name) for name in _WITHOUT}
    os.environ.update(_WITHOUT)
    try:
        with uncollected():
            yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def uncollected() -> Iterator[None]:
    """What is made within it is never garbage, so it is not searched for garbage meanwhile, nor later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
