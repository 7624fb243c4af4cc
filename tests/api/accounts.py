"""Accounts on a deployment, made with the deployer's rights and without a mail: Cognito sends 50 a day."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import boto3

# Where a deployment is, as `just test-url` tells it: the fields of a Target.
DEPLOYED = ("API_URL", "FRONT_DOOR_URL", "S3_PUBLIC_ENDPOINT", "S3_BUCKET_IMAGES")


class DeployedAccounts:
    """Creates accounts whose address is verified, and removes them all at the end."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        region = environ["AWS_REGION"]
        self._cognito = boto3.client("cognito-idp", region_name=region)
        self._dynamodb = boto3.client("dynamodb", region_name=region)
        self._pool = environ["COGNITO_USER_POOL_ID"]
        self._users_table = environ["DYNAMODB_TABLE_USERS"]
        self._created: list[str] = []

    async def create(self, email: str, password: str, name: str) -> str:
        """A new account's id."""
        return await asyncio.to_thread(self._create, email, password, name)

    def _create(self, email: str, password: str, name: str) -> str:
        attributes = {"email": email, "email_verified": "true", "name": name}
        created = self._cognito.admin_create_user(
            UserPoolId=self._pool,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
        )
        known: dict[str, Any] = {one["Name"]: one["Value"] for one in created["User"]["Attributes"]}
        self._created.append(known["sub"])
        self._cognito.admin_set_user_password(UserPoolId=self._pool, Username=email, Password=password, Permanent=True)
        return str(known["sub"])

    def remove(self) -> None:
        """Remove every account and profile; what belongs to them goes with the profile, by the cleanup function."""
        for user_id in self._created:
            with contextlib.suppress(self._cognito.exceptions.UserNotFoundException):
                self._cognito.admin_delete_user(UserPoolId=self._pool, Username=user_id)
            self._dynamodb.delete_item(TableName=self._users_table, Key={"userId": {"S": user_id}})
