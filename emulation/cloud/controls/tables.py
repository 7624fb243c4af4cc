"""The tables and their items, as a developer browses them. What is read here is in no log and in no meter."""

import json
from typing import TYPE_CHECKING, Any

from emulation.cloud.controls import Routes
from emulation.cloud.controls.body import bad_request
from emulation.cloud.dynamodb.refusals import DynamoDBError
from emulation.cloud.dynamodb.tables import KeySchema, backend_of, find_index, find_table, key_schema, list_indexes
from emulation.cloud.exchange import Answer, Request, json_answer
from emulation.settings import REGION

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud

PAGE_ITEMS = 50


class TablesControl:
    """`/_cloud/tables` and `/_cloud/items`."""

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.routes: Routes = {
            ("GET", "/_cloud/tables"): self.list_tables,
            ("GET", "/_cloud/items"): self.list_items,
        }

    async def list_tables(self, _request: Request) -> Answer:
        """Each table with its key, its indexes and the number of its items."""
        tables = [
            {
                "name": table.name,
                "itemCount": len(table),
                "key": _shown(key_schema(table)),
                "indexes": [{"name": one.name, "key": _shown(one.schema)} for one in list_indexes(table)],
            }
            for table in backend_of(REGION).tables.values()
        ]
        return json_answer(200, {"tables": tables})

    async def list_items(self, request: Request) -> Answer:
        """A page of a table's items in DynamoDB's JSON: `{"items": […], "next": key or null}`.

        Query: `table`; `index`; `hash` and `range`, the values of the key's attributes, of which a text may be the
        beginning of the range; `start`, the `next` of the page before as JSON.
        """
        query = request.query
        try:
            body = _read_question(query)
        except DynamoDBError as error:
            return bad_request(error.message)
        except ValueError:
            return bad_request("start is the next of another page.")
        action = "Query" if "hash" in query else "Scan"
        answer = self._cloud.services.dynamodb.answer(action, body, REGION)
        told = json.loads(answer.body) if answer is not None else {}
        if answer is None or answer.status >= 400:
            return bad_request(told.get("message", "The table cannot be read."))
        return json_answer(200, {"items": told["Items"], "next": told.get("LastEvaluatedKey")})


def _shown(schema: KeySchema) -> list[dict[str, str]]:
    return [{"name": name, "type": schema.kinds[name]} for name in (*schema.hash_names, *schema.range_names)]


def _read_question(query: dict[str, str]) -> dict[str, Any]:
    """The Query or Scan; raises DynamoDBError for an unknown table or index, ValueError for a wrong start."""
    table = find_table(REGION, query.get("table", ""))
    body: dict[str, Any] = {"TableName": table.name, "Limit": PAGE_ITEMS}
    schema = key_schema(table)
    if query.get("index"):
        body["IndexName"] = query["index"]
        schema = find_index(table, query["index"]).schema
    if query.get("start"):
        body["ExclusiveStartKey"] = json.loads(query["start"])
    if "hash" in query:
        [hash_name] = schema.hash_names
        names, values = {"#h": hash_name}, {":h": {schema.kinds[hash_name]: query["hash"]}}
        condition = "#h = :h"
        if query.get("range") and schema.range_names:
            [range_name] = schema.range_names
            kind = schema.kinds[range_name]
            names["#r"], values[":r"] = range_name, {kind: query["range"]}
            condition += " AND begins_with(#r, :r)" if kind == "S" else " AND #r = :r"
        body |= {
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    return body
