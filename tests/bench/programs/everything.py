"""One function that imports everything: what a start costs where nobody looks after it."""

import server.authorizer
import server.pictures
import server.triggers  # noqa: F401
from deploy.functions.api import serve_routes
from deploy.functions.entry import Entry
from server.routes import bind_routes

bind_routes()
handler = Entry(serve_routes("guitars"))
