"""Imported once, by the process that `dev` forks its parts from, for the libraries that the parts import."""

import gc
from contextlib import suppress
from importlib import import_module

# Not the cloud: it has moto, which changes the SDK of whoever imports it.
_USERS = (
    "emulation.edge.app",
    "emulation.api.app",
    "deploy.functions.auth",
    "deploy.functions.images",
    # The SDK imports these when a client of S3 is opened.
    "boto3.s3.inject",
    "aioboto3.s3.inject",
)

for _module in _USERS:
    # Code that cannot be imported is complained of by its part. Ctrl-C is for `dev`, which ends this process.
    with suppress(Exception, KeyboardInterrupt):
        import_module(_module)
# All of it stays: a fork that looked for garbage in it would get a copy of it.
gc.freeze()
