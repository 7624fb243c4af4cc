"""The words of the document that no docstring has."""

DESCRIPTION = """\
The backend of a guitar-collection app. Everything belongs to its owner: another user's id is answered like one that
never existed.

**Envelope.** A success is `{"success": true, "data": …}`, an error
`{"success": false, "error": {"code", "message", "statusCode"}}`, with `details: [{"field", "message"}]` where input
was wrong. API Gateway's own refusals have a body of their own: `{"message": …}`.

**Signing in.** Register, open the mailed link, and send the `accessToken` of POST /auth/login as a bearer token. It
holds for an hour; on `AUTH_TOKEN_EXPIRED` ask POST /auth/refresh for new tokens, and keep the new refresh token too.

**Values.** Times are UTC. Numbers are exact: what was sent is what is answered. Fields that were never set are absent
from answers. In a PUT, an absent field stays as it is and a null removes it (RFC 7396).

**Lost updates.** A guitar comes with an `ETag`; sent back as `If-Match`, a change of what somebody else has changed
meanwhile is refused with 412.
"""

# The function that serves a route -> its tag: name, description.
TAGS = {
    "auth": ("Accounts", "Registration, verification by mail, sign-in with an optional second factor, password reset."),
    "user": ("Profile", "The caller's own account."),
    "guitars": ("Guitars", "The caller's collection."),
    "images": ("Images", "Pictures and receipts: ask where to upload, upload straight to S3, have it processed."),
}

# What a parameter means.
PARAMETERS = {
    "id": "The guitar's id.",
    "brand": "Only guitars of this brand, as it is written.",
    "type": "Only guitars of this type, as it is written.",
    "yearFrom": "Only guitars of this year and later ones.",
    "yearTo": "Only guitars of this year and earlier ones.",
    "limit": "The most guitars that a page may hold.",
    "nextToken": "Where to go on: the `nextToken` of the page before.",
    "If-Match": "The `ETag` of the guitar as it was read: a guitar that has changed since is left alone (412).",
}

# What the statuses say in general; the codes of a route say it exactly.
STATUSES = {
    400: "The input was refused",
    401: "The token is missing, expired or not accepted",
    403: "Not allowed yet",
    404: "There is no such thing, or it is somebody else's",
    409: "It exists already",
    412: "Changed since it was read",
    413: "The body is larger than 10 MB",
    429: "Too many requests or attempts",
    500: "The server failed",
    503: "A service is not available for the moment",
}
