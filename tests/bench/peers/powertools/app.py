"""Powertools' resolver of an HTTP API with validation, and boto3, as its documentation has it."""

import os
from decimal import Decimal
from typing import Annotated, Any
from uuid import uuid4

import boto3
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import NotFoundError, UnauthorizedError
from aws_lambda_powertools.event_handler.openapi.params import Body
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from pydantic import BaseModel

from server.models.guitar import Guitar, GuitarCreate

TABLE, USERS = os.environ["DYNAMODB_TABLE_GUITARS"], os.environ["DYNAMODB_TABLE_USERS"]
NOW = "2026-01-01T00:00:00.000Z"
serializer, deserializer = TypeSerializer(), TypeDeserializer()
dynamodb = boto3.client("dynamodb")
# The function signs the addresses of receipts with it.
s3 = boto3.client("s3")
app = APIGatewayHttpResolver(enable_validation=True)


class Envelope(BaseModel):
    success: bool
    data: Guitar


def caller() -> str:
    user_id: str | None = app.current_event.request_context.authorizer.get_lambda.get("userId")
    if not user_id:
        raise UnauthorizedError("no caller")
    return user_id


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def numbers(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {name: numbers(inner) for name, inner in value.items()}
    return [numbers(inner) for inner in value] if isinstance(value, list) else value


@app.get("/guitars/<id>")
def get_guitar(id: str) -> Envelope:
    answer = dynamodb.get_item(
        TableName=TABLE, Key={"userId": {"S": caller()}, "guitarId": {"S": id}}, ConsistentRead=True
    )
    if "Item" not in answer:
        raise NotFoundError
    item = {name: plain(deserializer.deserialize(value)) for name, value in answer["Item"].items()}
    return Envelope(success=True, data=Guitar.model_validate(item))


@app.post("/guitars")
def create_guitar(body: Annotated[dict[str, Any], Body()]) -> Response[Envelope]:
    user_id = caller()
    guitar = GuitarCreate.model_validate(numbers(body))
    item = guitar.model_dump(by_alias=True, exclude_none=True) | {"userId": user_id, "guitarId": str(uuid4())}
    notes = [{**note, "id": str(uuid4()), "createdAt": NOW} for note in item.get("notes", [])]
    item |= {"version": 1, "createdAt": NOW, "updatedAt": NOW, "notes": notes, "images": []}
    stored = {name: serializer.serialize(value) for name, value in item.items()}
    put = {"TableName": TABLE, "Item": stored, "ConditionExpression": "attribute_not_exists(guitarId)"}
    owner = {"TableName": USERS, "Key": {"userId": {"S": user_id}}, "ConditionExpression": "attribute_exists(userId)"}
    tally = {
        "TableName": TABLE,
        "Key": {"userId": {"S": user_id}, "guitarId": {"S": f"tally#{guitar.brand}"}},
        "UpdateExpression": "ADD guitars :change",
        "ExpressionAttributeValues": {":change": {"N": "1"}},
    }
    dynamodb.transact_write_items(TransactItems=[{"Put": put}, {"ConditionCheck": owner}, {"Update": tally}])
    return Response(201, content_types.APPLICATION_JSON, Envelope(success=True, data=Guitar.model_validate(item)))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
