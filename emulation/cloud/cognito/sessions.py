"""Sessions: what holds a challenge and its answer together."""

from moto.cognitoidp.models import CognitoIdpUser

from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.refusals import not_authorized
from emulation.cloud.cognito.state import Session


def open_session(context: Context, client: AppClient, user: CognitoIdpUser, challenge: str) -> str:
    """A new session; it can be answered for AuthSessionValidity minutes."""
    sessions = client.pool.state.sessions
    for name, session in list(sessions.glance()):
        if context.clock.age(session.opened_at) >= client.session_lifetime:
            del sessions[name]
    name = context.opaque_text(180)
    sessions[name] = Session(challenge, user.id, client.id, context.clock.now())
    return name


def find_session(context: Context, client: AppClient, name: str, challenge: str) -> Session:
    """The session of a challenge; raises NotAuthorizedException when it was used, has run out, or never was."""
    session = client.pool.state.sessions.get(name)
    if session is None or session.client_id != client.id or session.challenge != challenge:
        raise not_authorized("Invalid session for the user.")
    if session.used:
        raise not_authorized("Invalid session for the user, session can only be used once.")
    if context.clock.age(session.opened_at) >= client.session_lifetime:
        raise not_authorized("Invalid session for the user, session is expired.")
    return session
