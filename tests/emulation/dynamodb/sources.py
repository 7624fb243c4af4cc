"""Where the behaviour of DynamoDB is documented; what AWS leaves open, where it was measured."""


def api(action: str) -> str:
    """The reference of an action."""
    return f"https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_{action}.html"


def guide(page: str) -> str:
    """A page of the developer guide."""
    return f"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/{page}.html"


CAPACITY = guide("read-write-operations")
CONDITIONS = guide("Expressions.OperatorsAndFunctions")
ERRORS = api("CommonErrors")
INDEXES = guide("GSI")
LIMITS = guide("Constraints")
MEASURED = "https://github.com/paritysuite/dynamodb-conformance"
NAMES = guide("Expressions.ExpressionAttributeNames")
QUERY = api("Query")
STREAMS = guide("Streams")
TRANSACTIONS = api("TransactWriteItems")
TTL = guide("TTL")
TYPES = guide("HowItWorks.NamingRulesDataTypes")
UPDATES = guide("Expressions.UpdateExpressions")
