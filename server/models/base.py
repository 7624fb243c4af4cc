"""What all models share: strictness, wire names, exact numbers, and the limits of the store behind them."""

from collections.abc import Iterable
from decimal import Context, Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from server.ids import ID_PATTERN

# DynamoDB numbers: 38 significant digits, magnitude 1E-130 to 9.99...E+125.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
MAX_DIGITS = 38
SAFE_INTEGER = 10**15
MIN_EXPONENT = -130
MAX_EXPONENT = 125
# DynamoDB nests attributes to 32 levels; two are ours (the attribute, and a list around an entry).
MAX_DEPTH = 30
MAX_ITEM_BYTES = 409_600
# Every value takes at least two bytes of an item.
MAX_VALUES = MAX_ITEM_BYTES // 2
# Whatever has at most so many digits is not rounded by it.
_EXACT = Context(prec=MAX_DIGITS)


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
    """A JSON number as the Decimal that DynamoDB gives back for it, to the last digit; raises ValueError.

    DynamoDB keeps no zeroes at the end, no exponent and no sign of zero. None goes on from here either: an answer to
    a write is what is read later, and no exponent of a zero is written out as millions of zeroes.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a number")
    number = Decimal(value)
    if isinstance(value, int) and -SAFE_INTEGER < value < SAFE_INTEGER:
        return number
    if not number.is_finite():
        raise ValueError("must be a finite number")
    if not number:
        return Decimal(0)
    digits = number.as_tuple().digits
    if len(digits) > MAX_DIGITS and len("".join(map(str, digits)).strip("0")) > MAX_DIGITS:
        raise ValueError(f"must have at most {MAX_DIGITS} significant digits")
    if not MIN_EXPONENT <= number.adjusted() <= MAX_EXPONENT:
        raise ValueError(f"must lie between 1E{MIN_EXPONENT} and 1E+{MAX_EXPONENT}")
    short = number.normalize(_EXACT)
    return Decimal(int(short)) if short == short.to_integral_value() else short


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("must be valid Unicode text") from error


def _check_json(value: Any) -> None:
    """Walk through a JSON value and refuse what DynamoDB would, but for its fractions, before it is converted."""
    waiting = [(value, 1)]
    seen = 0
    while waiting:
        inner, depth = waiting.pop()
        if isinstance(inner, dict | list):
            seen += len(inner)
            if depth > MAX_DEPTH or seen > MAX_VALUES:
                raise ValueError(f"must not nest deeper than {MAX_DEPTH} levels, or hold more values than an item can")
            waiting += [(one, depth + 1) for one in _values(inner)]
        elif isinstance(inner, str):
            _check_text(inner)
        elif isinstance(inner, int) and not isinstance(inner, bool):
            exact_number(inner)


def _values(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    if isinstance(container, list):
        return container
    for key in container:
        if not key:
            raise ValueError("must not have an empty key")
        _check_text(key)
    return container.values()


def _with_exact_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_exact_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_exact_numbers(inner) for inner in value]
    return exact_number(value) if isinstance(value, Decimal) else value


def _check_map(value: dict[str, Any]) -> dict[str, Any]:
    _check_json(value)
    exact: dict[str, Any] = _with_exact_numbers(value)
    return exact


def _refuse_null(value: Any) -> Any:
    if value is None:
        raise ValueError("cannot be removed")
    return value


def _only_digits(value: Any) -> Any:
    if isinstance(value, str) and not (value.isascii() and value.isdecimal()):
        raise ValueError("must be a whole number")
    return value


def _not_negative(number: Decimal) -> Decimal:
    if number < 0:
        raise ValueError("must not be negative")
    return number


Digits = BeforeValidator(_only_digits)
# Of a field that may be absent from a change, which leaves it as it is, but may not be null, which would remove it.
NotNull = AfterValidator(_refuse_null)
Number = Annotated[Decimal, BeforeValidator(exact_number)]
NonNegative = Annotated[Number, AfterValidator(_not_negative), Field(json_schema_extra={"minimum": 0})]
ShortText = Annotated[str, StringConstraints(max_length=256)]
LongText = Annotated[str, StringConstraints(max_length=10_000)]
# Forms that texts must have, and what is said of one that has not.
NOT_BLANK = r"\S"
NO_SPACE_AROUND = r"^\S(.*\S)?$"
SIX_DIGITS = r"^[0-9]{6}$"
FORMS_IN_WORDS = {
    NOT_BLANK: "must not be blank",
    NO_SPACE_AROUND: "must be one line that neither begins nor ends with a space",
    SIX_DIGITS: "must be six digits",
}
# A name as Cognito holds it, and a code as it mails it or an authenticator shows it.
Name = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=NOT_BLANK)]
Code = Annotated[str, StringConstraints(pattern=SIX_DIGITS)]
JsonMap = Annotated[dict[str, Any], AfterValidator(_check_map)]
# What the server writes itself and need not check: the form is for the API's document.
Id = Annotated[str, Field(json_schema_extra={"format": "uuid", "pattern": f"^{ID_PATTERN}$"})]
UserId = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Url = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Timestamp = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
