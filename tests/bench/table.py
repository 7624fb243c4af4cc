"""The one table of rows."""

from tests.bench.frame import Row
from tests.bench.rows import api, cloud, functions, growth, loop, pictures, stack

ROWS = (
    Row(
        "api",
        "A guitar is read and written over HTTP by 16 connections; DynamoDB is a process that answers at once. The "
        "peer is the least that can be written with the same libraries: an aiohttp handler that makes the same call of "
        "aioboto3, its client as the SDK's documentation has it, and writes bytes that are ready. What is missing to 1 "
        "is all that this project does, authorizer cache, CORS, binding, models, envelope, less what its client leaves "
        "out ([decision](decisions/sdk.md)).",
        "requests/s",
        True,
        api.against_bare,
    ),
    Row(
        "api-peers",
        "The same requests; the peer is FastAPI under uvicorn with its fast parsers, the same models and call.",
        "requests/s",
        True,
        api.against_fastapi,
    ),
    Row(
        "lambda-warm",
        "Events of an HTTP API through the handler of the built guitars function, one after the other, the SDK's calls "
        "answered without a socket. The peers are Powertools' resolver with validation over boto3, and FastAPI under "
        "Mangum over aioboto3, with the same models and built in the same way.",
        "events/s CPU",
        True,
        functions.lambda_warm,
    ),
    Row(
        "cold",
        "CPU time of a fresh process until the built function is imported and its clients are open. The peer is one "
        "function of all packages as they come, without byte code, that imports every handler.",
        "ms CPU",
        False,
        functions.cold,
    ),
    Row(
        "cold-peers",
        "The same for the guitars function, against Powertools with boto3 and pydantic, and Mangum with FastAPI and "
        "aioboto3, pruned and compiled by the build of this project.",
        "ms CPU",
        False,
        functions.cold_peers,
    ),
    Row(
        "size",
        "Each function packed, with its byte code; the peer is the same packages and modules packed as they come.",
        "MiB",
        False,
        functions.size,
    ),
    Row(
        "cloud",
        "The local AWS, with signatures and IAM on and every rule checked, by 1 and by 50 clients; the peers are "
        "moto_server as it is installed, and MiniStack with signatures and IAM on.",
        "requests/s",
        True,
        cloud.cloud,
    ),
    Row(
        "up",
        "`just up` with nothing there, a user made, and the user's profile read through the front door; the peer is a "
        "bare moto_server until its first answer.",
        "s",
        False,
        stack.up,
    ),
    Row(
        "reload",
        "Under `just dev` a module of the server is saved; until the first answer of the new code.",
        "s",
        False,
        stack.reload,
    ),
    Row(
        "picture",
        "A JPEG of 12 megapixels becomes an original without metadata that is shown upright, and a thumbnail of 400 "
        "pixels. This project keeps the coded picture and the one tag that turns it; sharp, on one thread, and Pillow, "
        "as its tutorial has it, code the turned picture anew.",
        "pictures/s CPU",
        True,
        pictures.picture,
    ),
    Row(
        "limits",
        "The largest accepted pictures, each in a fresh process, imports included, which also stays below 400 MB.",
        "s CPU",
        False,
        pictures.limits,
    ),
    Row(
        "loop",
        "Eight uploads are completed at once, against the local AWS; meanwhile a task comes round every millisecond, "
        "and what it was late at worst is the stall.",
        "ms",
        False,
        loop.loop,
    ),
    Row(
        "growth",
        "A first page and the guitars of a rare brand, of collections of 10^3 and 10^4 guitars against one of 10^2.",
        "ms",
        False,
        growth.growth,
    ),
    Row(
        "growth-units",
        "The same in capacity units, and the brands of a collection against reading it.",
        "read units",
        False,
        growth.growth_units,
    ),
    Row(
        "front",
        "The median of one client's requests at the front door, against the same requests at the API alone.",
        "ms",
        False,
        stack.front,
    ),
)
