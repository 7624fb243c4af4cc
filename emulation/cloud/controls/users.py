"""The users of the pool: what there is, and what a developer does to one by Cognito's own operations."""

from typing import TYPE_CHECKING

from emulation.cloud.cognito.listing import list_users
from emulation.cloud.controls import Routes
from emulation.cloud.controls.body import not_found, read_text
from emulation.cloud.errors import AwsError
from emulation.cloud.exchange import Answer, Request, json_answer
from emulation.settings import REGION

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud

# The last part of the path -> the operation.
OPERATIONS = {
    "confirm": "AdminConfirmSignUp",
    "delete": "AdminDeleteUser",
    "sign-out": "AdminUserGlobalSignOut",
}


class UsersControl:
    """`/_cloud/users`; each action takes the body `{"id": SUB}`."""

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.routes: Routes = {
            ("GET", "/_cloud/users"): self.list_users,
            ("POST", "/_cloud/users/tokens"): self.sign_in,
            **{("POST", f"/_cloud/users/{name}"): self.operate for name in OPERATIONS},
        }

    async def list_users(self, _request: Request) -> Answer:
        """All users, the newest first."""
        users = list_users(self._cloud.services.cognito.pools())
        return json_answer(200, {"users": list(reversed(users))})

    async def operate(self, request: Request) -> Answer:
        """Carry out the operation that the path names; Cognito's refusals are answered as they are."""
        user_id = read_text(request, "id")
        operation = OPERATIONS[request.path.rpartition("/")[2]]
        users = list_users(self._cloud.services.cognito.pools())
        user = next((one for one in users if one["id"] == user_id), None)
        if user is None:
            return not_found("There is no such user.")
        body = {"UserPoolId": user["userPoolId"], "Username": user["username"]}
        try:
            await self._cloud.services.cognito.call(operation, body, REGION)
        except AwsError as error:
            return json_answer(error.status, {"code": error.code, "message": error.message})
        self._cloud.keeper.touch("cognito-idp")
        return Answer(204)

    async def sign_in(self, request: Request) -> Answer:
        """Tokens of a confirmed user without a password: `{"accessToken": …, "expiresIn": seconds}`."""
        try:
            tokens = await self._cloud.services.cognito.sign_in_as(read_text(request, "id"))
        except AwsError as error:
            return json_answer(error.status, {"code": error.code, "message": error.message})
        self._cloud.keeper.touch("cognito-idp")
        return json_answer(200, {"accessToken": tokens["AccessToken"], "expiresIn": tokens["ExpiresIn"]})
