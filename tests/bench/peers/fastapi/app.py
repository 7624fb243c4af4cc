"""FastAPI with the models of this project and aioboto3, as the documentation of both has it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Annotated, Any
from uuid import uuid4

import aioboto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel

from server.models.guitar import Guitar, GuitarCreate

TABLE, USERS = os.environ["DYNAMODB_TABLE_GUITARS"], os.environ["DYNAMODB_TABLE_USERS"]
USER_ID = "0194a1f0-0000-7000-8000-000000000001"
NOW = "2026-01-01T00:00:00.000Z"
serializer, deserializer = TypeSerializer(), TypeDeserializer()


class Envelope(BaseModel):
    success: bool
    data: Guitar


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with aioboto3.Session().client("dynamodb") as client:
        app.state.dynamodb = client
        yield


app = FastAPI(lifespan=lifespan)


def caller(authorization: Annotated[str | None, Header()] = None) -> str:
    if not authorization:
        raise HTTPException(401)
    return USER_ID


def plain(value: Any) -> Any:
    """DynamoDB's numbers are Decimals; the models are strict about whole numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def numbers(value: Any) -> Any:
    """JSON's fractions are floats, which DynamoDB's serializer refuses."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {name: numbers(inner) for name, inner in value.items()}
    return [numbers(inner) for inner in value] if isinstance(value, list) else value


def read_body(body: dict[str, Any]) -> GuitarCreate:
    return GuitarCreate.model_validate(numbers(body))


@app.get("/guitars/{id}", response_model_exclude_none=True)
async def get_guitar(id: str, request: Request, user_id: Annotated[str, Depends(caller)]) -> Envelope:
    answer = await request.app.state.dynamodb.get_item(
        TableName=TABLE, Key={"userId": {"S": user_id}, "guitarId": {"S": id}}, ConsistentRead=True
    )
    if "Item" not in answer:
        raise HTTPException(404)
    item = {name: plain(deserializer.deserialize(value)) for name, value in answer["Item"].items()}
    return Envelope(success=True, data=Guitar.model_validate(item))


@app.post("/guitars", status_code=201, response_model_exclude_none=True)
async def create_guitar(
    body: Annotated[GuitarCreate, Depends(read_body)], request: Request, user_id: Annotated[str, Depends(caller)]
) -> Envelope:
    item = body.model_dump(by_alias=True, exclude_none=True) | {"userId": user_id, "guitarId": str(uuid4())}
    notes = [{**note, "id": str(uuid4()), "createdAt": NOW} for note in item.get("notes", [])]
    item |= {"version": 1, "createdAt": NOW, "updatedAt": NOW, "notes": notes, "images": []}
    stored = {name: serializer.serialize(value) for name, value in item.items()}
    put = {"TableName": TABLE, "Item": stored, "ConditionExpression": "attribute_not_exists(guitarId)"}
    owner = {"TableName": USERS, "Key": {"userId": {"S": user_id}}, "ConditionExpression": "attribute_exists(userId)"}
    tally = {
        "TableName": TABLE,
        "Key": {"userId": {"S": user_id}, "guitarId": {"S": f"tally#{body.brand}"}},
        "UpdateExpression": "ADD guitars :change",
        "ExpressionAttributeValues": {":change": {"N": "1"}},
    }
    await request.app.state.dynamodb.transact_write_items(
        TransactItems=[{"Put": put}, {"ConditionCheck": owner}, {"Update": tally}]
    )
    return Envelope(success=True, data=Guitar.model_validate(item))
