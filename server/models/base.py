"""What all models share: strictness, wire names, exact numbers, and the limits of the store behind them."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

# DynamoDB numbers: 38 significant digits, magnitude 1E-130 to 9.99...E+125.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
MAX_DIGITS = 38
MIN_EXPONENT = -130
MAX_EXPONENT = 125
# DynamoDB nests attributes to 32 levels; two are ours (the attribute, and a list around an entry).
MAX_DEPTH = 30


class Model(BaseModel):
    """A value with fixed fields: camelCase on the wire, no conversions, unknown fields refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
        validate_by_name=True,
        validate_by_alias=True,
    )


class QueryModel(Model):
    """Query parameters: text that is read as the field's type."""

    model_config = ConfigDict(strict=False)


def exact_number(value: Any) -> Decimal:
    """A JSON number as an exact Decimal that DynamoDB can hold; raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a number")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("must be a finite number")
    if not number:
        return Decimal(0)
    digits = "".join(map(str, number.as_tuple().digits))
    if len(digits.strip("0")) > MAX_DIGITS:
        raise ValueError(f"must have at most {MAX_DIGITS} significant digits")
    if not MIN_EXPONENT <= number.adjusted() <= MAX_EXPONENT:
        raise ValueError(f"must lie between 1E{MIN_EXPONENT} and 1E+{MAX_EXPONENT}")
    return number


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("must be valid Unicode text") from error


def _check_json(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(f"must not nest deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not key:
                raise ValueError("must not have an empty key")
            _check_text(key)
            _check_json(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_json(inner, depth + 1)
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        exact_number(value)


def _check_map(value: dict[str, Any]) -> dict[str, Any]:
    _check_json(value, 1)
    return value


def _not_negative(number: Decimal) -> Decimal:
    if number < 0:
        raise ValueError("must not be negative")
    return number


Number = Annotated[Decimal, BeforeValidator(exact_number)]
NonNegative = Annotated[Number, AfterValidator(_not_negative)]
ShortText = Annotated[str, StringConstraints(max_length=256)]
LongText = Annotated[str, StringConstraints(max_length=10_000)]
JsonMap = Annotated[dict[str, Any], AfterValidator(_check_map)]
