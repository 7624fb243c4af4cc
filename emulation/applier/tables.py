"""AWS::DynamoDB::Table.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
"""

from typing import Any

from emulation.applier.clients import Clients
from emulation.applier.kind import Honoured, Properties, PropertyTable, given

# The properties that CreateTable takes as they are.
CREATE_ARGUMENTS = (
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "TableName",
)
INDEX_PROPERTIES = ("IndexName", "KeySchema", "Projection")


PROPERTIES: PropertyTable = {
    "TableName": Honoured(fixed=True),
    "AttributeDefinitions": Honoured(fixed=True),
    "KeySchema": Honoured(fixed=True),
    "GlobalSecondaryIndexes": Honoured(fixed=True),
    "BillingMode": Honoured(default="PROVISIONED", fixed=True),
    "StreamSpecification": Honoured(fixed=True),
    "SSESpecification": Honoured(default={"SSEEnabled": False}, fixed=True),
    "DeletionProtectionEnabled": Honoured(default=False),
    "PointInTimeRecoverySpecification": Honoured(default={"PointInTimeRecoveryEnabled": False}),
}


class Tables:
    """Tables, named by their `TableName`."""

    properties = PROPERTIES

    def find(self, aws: Clients, wanted: Properties) -> str | None:
        """The table's name if it is there."""
        try:
            self.verify(aws, wanted["TableName"])
        except aws.dynamodb.exceptions.ResourceNotFoundException:
            return None
        return str(wanted["TableName"])

    def create(self, aws: Clients, wanted: Properties) -> str:
        """Create the table."""
        request = given(wanted, CREATE_ARGUMENTS)
        if wanted["StreamSpecification"]:
            request["StreamSpecification"] = {"StreamEnabled": True, **wanted["StreamSpecification"]}
        request["SSESpecification"] = {
            "Enabled" if name == "SSEEnabled" else name: value for name, value in wanted["SSESpecification"].items()
        }
        aws.dynamodb.create_table(**request)
        self._write_recovery(aws, wanted)
        return str(wanted["TableName"])

    def read(self, aws: Clients, key: str) -> dict[str, Any]:
        """The table's properties."""
        table = aws.dynamodb.describe_table(TableName=key)["Table"]
        return {
            "TableName": table["TableName"],
            "AttributeDefinitions": table["AttributeDefinitions"],
            "KeySchema": table["KeySchema"],
            "GlobalSecondaryIndexes": [
                {name: index[name] for name in INDEX_PROPERTIES} for index in table.get("GlobalSecondaryIndexes", [])
            ],
            "BillingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "StreamSpecification": _stream(table.get("StreamSpecification", {})),
            "SSESpecification": {"SSEEnabled": table.get("SSEDescription", {}).get("Status") == "ENABLED"},
            "DeletionProtectionEnabled": table["DeletionProtectionEnabled"],
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": self._is_recoverable(aws, key)},
        }

    def update(self, aws: Clients, key: str, wanted: Properties, changed: frozenset[str]) -> None:
        """Change what may change: protection and recovery."""
        if "DeletionProtectionEnabled" in changed:
            aws.dynamodb.update_table(TableName=key, DeletionProtectionEnabled=wanted["DeletionProtectionEnabled"])
        if "PointInTimeRecoverySpecification" in changed:
            self._write_recovery(aws, wanted)

    def attributes(self, aws: Clients, key: str) -> dict[str, str]:
        """Name, ARN, and the ARN of the stream if there is one."""
        table = aws.dynamodb.describe_table(TableName=key)["Table"]
        stream = {"StreamArn": table["LatestStreamArn"]} if "LatestStreamArn" in table else {}
        return {"Ref": key, "Arn": table["TableArn"], **stream}

    def verify(self, aws: Clients, key: str) -> None:
        """Raises when the table is gone."""
        aws.dynamodb.describe_table(TableName=key)

    def _write_recovery(self, aws: Clients, wanted: Properties) -> None:
        aws.dynamodb.update_continuous_backups(
            TableName=wanted["TableName"],
            PointInTimeRecoverySpecification=wanted["PointInTimeRecoverySpecification"],
        )

    def _is_recoverable(self, aws: Clients, name: str) -> bool:
        backups = aws.dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        return bool(backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED")


def _stream(specification: Properties) -> Properties:
    return {name: value for name, value in specification.items() if name != "StreamEnabled"}
