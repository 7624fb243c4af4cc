"""The page behind a mailed link, `/confirmUser` of the user pool's domain."""

from collections.abc import Mapping
from html import escape

from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.refusals import code_expired
from emulation.cloud.cognito.sign_up import confirm
from emulation.cloud.errors import AwsError

PARAMETERS = ("client_id", "user_name", "confirmation_code")
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
body {{ font: 1.125rem/1.5 system-ui, sans-serif; margin: 4rem auto; max-width: 36rem; padding: 0 1rem; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
</main>
</body>
</html>
"""


async def confirm_user_page(context: Context, query: Mapping[str, str]) -> tuple[int, str]:
    """Confirm the user that the link names; the status and the page that says whether it worked."""
    missing = next((name for name in PARAMETERS if not query.get(name)), None)
    if missing:
        return _failure(400, f"Required String parameter '{missing}' is not present")
    client_id, username, code = (query[name] for name in PARAMETERS)
    try:
        client = context.app_client(client_id)
        user = client.pool.find_user(username)
        if user is None or not user.enabled:
            raise code_expired()
        await confirm(context, client, user, code)
    except AwsError as error:
        return _failure(error.status, error.message)
    return 200, PAGE.format(title="Confirmed", text="Your registration has been confirmed!")


def _failure(status: int, reason: str) -> tuple[int, str]:
    return status, PAGE.format(title="An error was encountered with the requested page.", text=escape(reason))
