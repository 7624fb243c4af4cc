"""The services as moto models them, called directly in the event loop's thread: that is what orders all changes."""

import dataclasses
import inspect
import json
import sys
import traceback
from functools import cache
from typing import Any

from moto.cognitoidp.models import cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core import responses
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.base_backend import BackendDict
from moto.core.common_models import BaseModel
from moto.core.utils import camelcase_to_underscores, method_names_from_class
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.models import dynamodbstreams_backends
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler
from moto.moto_server.werkzeug_app import create_backend_app
from moto.s3.models import s3_backends
from multidict import CIMultiDict

from emulation.cloud import wsgi
from emulation.cloud.descriptions import share_descriptions
from emulation.cloud.exchange import JSON_TYPE, Answer, Request
from emulation.cloud.operations import Operation

# What can be asked of moto's model of each service that tells its actions by name.
ACTIONS = {
    "cognito-idp": CognitoIdpResponse,
    "dynamodb": DynamoHandler,
    "dynamodbstreams": DynamoDBStreamsHandler,
}
# The services that hold data, with moto's backends of each, by account and region.
BACKENDS: dict[str, Any] = {
    "cognito-idp": cognitoidp_backends,
    "dynamodb": dynamodb_backends,
    "dynamodbstreams": dynamodbstreams_backends,
    "s3": s3_backends,
}

# A table's export or import is a thread in moto's model, and no thread can be saved.
THREADS = frozenset({"DescribeExport", "DescribeImport", "ExportTableToPointInTime", "ImportTable", "ListExports"})
# What moto answers beside AWS's own headers: its web framework's, and its errors' status once more.
MOTOS_HEADERS = frozenset({"server", "status"})
# S3 has an id of its own, which the SDKs read after this one.
MOTOS_HEADERS_OF_S3 = frozenset({"x-amzn-requestid"})
PASSED_HEADERS = ("Host", "Authorization", "X-Amz-Target", "X-Amz-Date", "User-Agent")


def _create_untracked(cls: type, *_args: Any, **_kwargs: Any) -> Any:
    return object.__new__(cls)


def _allow(_self: Any, *_args: Any, **_kwargs: Any) -> None:
    """Who may do it has been decided when moto is asked."""


def mend_core() -> None:
    """Stop moto from keeping every object that ever was, and from doing the same work again and again."""
    mends = (
        # It appends each instance to a list for moto's dashboard: a leak in a process that runs for weeks.
        (BaseModel, "__new__", _create_untracked),
        (responses, "method_names_from_class", cache(method_names_from_class)),
        # They import moto's IAM, and then find that it has nothing to say.
        (ActionAuthenticatorMixin, "_authenticate_and_authorize_normal_action", _allow),
        (ActionAuthenticatorMixin, "_authenticate_and_authorize_s3_action", _allow),
    )
    for owner, name, function in mends:
        setattr(owner, name, function)
    share_descriptions()


@cache
def _methods(service: str) -> frozenset[str]:
    return frozenset(name for name, _ in inspect.getmembers(ACTIONS[service], predicate=inspect.isfunction))


class MotoServices:
    """The WSGI applications of moto's services without its server, their defects put right.

    moto's own dispatcher would find the service too, but lists a directory for every request.
    """

    def __init__(self) -> None:
        mend_core()
        self._application = cache(create_backend_app)

    def knows(self, operation: Operation) -> bool:
        """Whether moto has the action; what it lacks it would answer with an HTML page that SDKs retry."""
        if operation.service not in ACTIONS or operation.action in THREADS:
            return False
        return camelcase_to_underscores(operation.action) in _methods(operation.service)

    def answer(self, operation: Operation, request: Request) -> Answer:
        """Moto's answer. A failure of moto is logged and answered as the service's own InternalFailure."""
        try:
            return _as_of_aws(operation, wsgi.call(self._application(operation.service), request, sys.stderr))
        except NotImplementedError as missing:
            return not_emulated(operation, str(missing))
        except Exception:
            traceback.print_exc()
            return operation.error(500, "InternalFailure", f"The local cloud failed at {request.method} {request.path}")

    def reset(self) -> None:
        """Forget all data of all services."""
        BackendDict.reset()


def _as_of_aws(operation: Operation, answer: Answer) -> Answer:
    """The answer without the headers that are moto's alone."""
    foreign = MOTOS_HEADERS | (MOTOS_HEADERS_OF_S3 if operation.service == "s3" else frozenset())
    if answer.status == 204:
        foreign |= {"content-type"}
    return dataclasses.replace(
        answer, headers=[(name, value) for name, value in answer.headers if name.lower() not in foreign]
    )


def not_emulated(operation: Operation, detail: str = "") -> Answer:
    """At once and with a status that SDKs do not retry."""
    name = f"{operation.service}:{operation.action or 'this operation'}"
    return operation.error(501, "NotImplemented", f"The local cloud does not emulate {name}. {detail}".strip())


def unambiguous(request: Request, body: dict[str, Any]) -> Request:
    """A request of a service that speaks JSON, with what counts and nothing else.

    moto looks for a parameter in the query and in the body read as a form before it looks into the JSON, so that an
    ampersand in a text could name another resource than the one that was authorized.
    """
    headers = CIMultiDict({name: request.headers[name] for name in PASSED_HEADERS if name in request.headers})
    headers["Content-Type"] = JSON_TYPE
    return Request("POST", "/", headers, json.dumps(body).replace("&", "\\u0026").encode())
