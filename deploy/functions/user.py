"""Lambda: the caller's account."""

from deploy.functions.start import fast_start

with fast_start():
    from deploy.functions.api import serve_routes
    from deploy.functions.entry import Entry
    from server.settings import REQUIRED

    handler = Entry(serve_routes("user"), REQUIRED, ["cognito-idp", "dynamodb"])
