"""The services of the local AWS over one set of data: a request is authorized, and then answered by its service."""

import dataclasses
import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from emulation.cloud.cognito import Cognito
from emulation.cloud.cognito.context import RunTrigger
from emulation.cloud.data import Data
from emulation.cloud.dynamodb import DynamoDB
from emulation.cloud.dynamodb.parameters import check_parameters
from emulation.cloud.dynamodb.stream_requests import check_stream
from emulation.cloud.errors import AwsError
from emulation.cloud.exchange import JSON_TYPE, Answer, Request, json_answer, json_error
from emulation.cloud.identity import Authorization, Calls, Identities
from emulation.cloud.identity.caller_identity import answer_sts
from emulation.cloud.moto_services import MotoServices, not_emulated, unambiguous
from emulation.cloud.operations import Operation
from emulation.cloud.parameters import WrongTypeError, find_faults, word_faults
from emulation.cloud.s3 import S3
from emulation.settings import REGION, LocalSettings
from server.clock import SystemClock

JWKS_SUFFIX = "/.well-known/jwks.json"
OPENID_SUFFIX = "/.well-known/openid-configuration"
# The path at the front door under which the user pool's domain is found.
COGNITO_DOMAIN_PATH = "/_local/auth"
# The namespace of the errors that DynamoDB has in common with other services.
COMMON_ERRORS = "com.amazon.coral.service#"

# The version of JSON that a service speaks, where it is not that of most.
JSON_TYPES = dict.fromkeys(("dynamodb", "dynamodbstreams"), "application/x-amz-json-1.0")


class Services:
    """Cognito, DynamoDB, its streams and S3. When the data are replaced, so are these."""

    def __init__(
        self,
        settings: LocalSettings,
        data: Data,
        moto: MotoServices,
        identities: Identities,
        calls: Calls,
        run_trigger: RunTrigger,
        changed: Callable[[], None],
    ) -> None:
        """`changed` notes that data was changed by itself."""
        clock, domain_url = data.clock, f"{settings.front_door_url}{COGNITO_DOMAIN_PATH}"
        self._moto = moto
        self._identities = identities
        # A signature in a header is of the request that is under way: no event makes that older.
        self._request_clock = SystemClock()
        self._authorization = Authorization(identities, calls, self._request_clock)
        self.cognito = Cognito(data.cognito, data.mailbox, run_trigger, clock, secrets.token_bytes, domain_url)
        self.dynamodb = DynamoDB(
            data.dynamodb, clock, lambda: uuid4().hex, settings.index_lag_ms / 1000, time.monotonic
        )
        self.s3 = S3(moto.answer, identities, calls, clock, self._request_clock, changed, _new_request_id)

    async def answer(self, operation: Operation, request: Request) -> Answer:
        """The answer of the service that the request is for; what none emulates is a 501, at once."""
        if request.method == "GET" and request.path.endswith(JWKS_SUFFIX):
            return self._jwks(request.path.removesuffix(JWKS_SUFFIX).lstrip("/"))
        if request.method == "GET" and request.path.endswith(OPENID_SUFFIX):
            return self._moto.answer(Operation("cognito-idp", "", REGION), request)
        if operation.action:
            return _with_head(operation, await self._call(operation, request))
        if operation.service == "s3":
            return await self.s3.answer(request, operation)
        if operation.service == "sts":
            return answer_sts(request, self._identities, self._request_clock, _new_request_id())
        return not_emulated(operation)

    async def _call(self, operation: Operation, request: Request) -> Answer:
        """An operation of a service that speaks JSON."""
        is_ours = operation.service == "cognito-idp" and operation.action in self.cognito.ACTIONS
        if not is_ours and not self._moto.knows(operation):
            return not_emulated(operation)
        body = _read_body(request)
        if body is None:
            return json_error(400, f"{COMMON_ERRORS}SerializationException", "")
        try:
            self._authorization.check(operation, request, body)
        except AwsError as error:
            return _refused(operation, error)
        try:
            _check_shape(operation, body, is_ours=is_ours)
        except AwsError as error:
            return json_error(error.status, error.code, error.message)
        if operation.service == "cognito-idp":
            return await self._ask_cognito(operation, request, body)
        is_dynamodb = operation.service == "dynamodb"
        items = self.dynamodb.answer(operation.action, body, operation.region) if is_dynamodb else None
        return items or self._moto.answer(operation, unambiguous(request, body))

    async def _ask_cognito(self, operation: Operation, request: Request, body: dict[str, Any]) -> Answer:
        try:
            if operation.action in self.cognito.ACTIONS:
                return json_answer(200, await self.cognito.call(operation.action, body, operation.region), JSON_TYPE)
            self.cognito.check_left_to_moto(body, operation.region)
        except AwsError as error:
            return json_error(error.status, error.code, error.message)
        return self._moto.answer(operation, unambiguous(request, body))

    def _jwks(self, pool_id: str) -> Answer:
        try:
            return json_answer(200, self.cognito.jwks(pool_id))
        except AwsError as error:
            return json_answer(error.status, {"message": error.message})


def _new_request_id() -> str:
    return secrets.token_hex(8).upper()


def _with_head(operation: Operation, answer: Answer) -> Answer:
    """The answer of a service that speaks JSON, with the version of JSON that it speaks and an id of the request."""
    if not any(name.lower() == "x-amzn-requestid" for name, _ in answer.headers):
        answer.headers.append(("x-amzn-RequestId", str(uuid4())))
    spoken = JSON_TYPES.get(operation.service, JSON_TYPE)
    head = [(name, spoken if name.lower() == "content-type" else value) for name, value in answer.headers]
    return dataclasses.replace(answer, headers=head)


def _check_shape(operation: Operation, body: dict[str, Any], *, is_ours: bool) -> None:
    """Refuse what cannot be read as the operation's parameters; DynamoDB does so itself. Raises AwsError."""
    if operation.service == "cognito-idp":
        try:
            faults = find_faults(operation.service, operation.action, body)
        except WrongTypeError as error:
            raise AwsError("SerializationException", str(error)) from error
        # Cognito words its constraints itself; moto fails at what is missing.
        missing = [fault for fault in faults if fault.startswith("Value null at")]
        if missing and not is_ours:
            raise AwsError("InvalidParameterException", word_faults(missing))
    elif operation.service == "dynamodbstreams":
        check_parameters(operation.action, body, operation.service)
        check_stream(operation.action, body)


def _read_body(request: Request) -> dict[str, Any] | None:
    try:
        body = json.loads(request.body)
        if b"\\u" in request.body:
            # Half of a surrogate pair is no text.
            json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _refused(operation: Operation, error: AwsError) -> Answer:
    code = error.code if operation.service == "cognito-idp" else f"{COMMON_ERRORS}{error.code}"
    # The refusals of IAM, and they alone, spell the name of the message so.
    name = "Message" if error.code == "AccessDeniedException" else "message"
    return json_answer(error.status, {"__type": code, name: error.message}, JSON_TYPE)
