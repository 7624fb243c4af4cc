"""`POST /_local/users`: a user for a test in one call."""

from aiohttp import ClientSession, web


class Users:
    """Makes users through the front door itself, as a person would; `own_url` is where it answers here."""

    def __init__(self, session: ClientSession, own_url: str) -> None:
        self._session = session
        self._own_url = own_url

    async def answer(self, body: bytes) -> web.Response:
        """201 with the user, 400 for a body that makes no sense, 409 when the API refuses it, 503 when that is away."""
        # What draws the demo collection takes long to load: the front door does not wait for it to open.
        from pydantic import ValidationError

        from emulation.seed.front_door import FrontDoor, SeedAbsentError, SeedError
        from emulation.seed.user import NewUser, make_user

        try:
            wanted = NewUser.model_validate_json(body or b"{}")
        except ValidationError as error:
            [problem, *_] = error.errors(include_url=False)
            field = ".".join(map(str, problem["loc"])) or "body"
            return web.json_response({"message": f"{field}: {problem['msg']}"}, status=400)
        try:
            made = await make_user(FrontDoor(self._session, self._own_url), self._own_url, wanted)
        except SeedAbsentError as error:
            return web.json_response({"message": str(error)}, status=503)
        except SeedError as error:
            return web.json_response({"message": str(error)}, status=409)
        return web.json_response(made, status=201)
