"""Mangum around FastAPI with aioboto3, as Mangum's documentation has it; the caller comes from the authorizer."""

import asyncio
import os
from decimal import Decimal
from typing import Annotated, Any
from uuid import uuid4

import aioboto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from fastapi import Depends, FastAPI, HTTPException, Request
from mangum import Mangum
from pydantic import BaseModel

from server.models.guitar import Guitar, GuitarCreate

TABLE, USERS = os.environ["DYNAMODB_TABLE_GUITARS"], os.environ["DYNAMODB_TABLE_USERS"]
NOW = "2026-01-01T00:00:00.000Z"
serializer, deserializer = TypeSerializer(), TypeDeserializer()
app = FastAPI()


class Envelope(BaseModel):
    success: bool
    data: Guitar


# Mangum runs on the current loop; one client for the life of the process.
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
dynamodb = loop.run_until_complete(aioboto3.Session().client("dynamodb").__aenter__())
# The function signs the addresses of receipts with it.
s3 = loop.run_until_complete(aioboto3.Session().client("s3").__aenter__())


def caller(request: Request) -> str:
    context = request.scope["aws.event"]["requestContext"]
    user_id: str | None = context.get("authorizer", {}).get("lambda", {}).get("userId")
    if not user_id:
        raise HTTPException(401)
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


def read_body(body: dict[str, Any]) -> GuitarCreate:
    return GuitarCreate.model_validate(numbers(body))


@app.get("/guitars/{id}", response_model_exclude_none=True)
async def get_guitar(id: str, user_id: Annotated[str, Depends(caller)]) -> Envelope:
    answer = await dynamodb.get_item(
        TableName=TABLE, Key={"userId": {"S": user_id}, "guitarId": {"S": id}}, ConsistentRead=True
    )
    if "Item" not in answer:
        raise HTTPException(404)
    item = {name: plain(deserializer.deserialize(value)) for name, value in answer["Item"].items()}
    return Envelope(success=True, data=Guitar.model_validate(item))


@app.post("/guitars", status_code=201, response_model_exclude_none=True)
async def create_guitar(
    body: Annotated[GuitarCreate, Depends(read_body)], user_id: Annotated[str, Depends(caller)]
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
    await dynamodb.transact_write_items(TransactItems=[{"Put": put}, {"ConditionCheck": owner}, {"Update": tally}])
    return Envelope(success=True, data=Guitar.model_validate(item))


handler = Mangum(app, lifespan="off")
