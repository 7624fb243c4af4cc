"""What goes into a model comes out of it, through JSON and through DynamoDB: nothing lost, no digit changed."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import server.models
from server.aws.attributes import from_item, to_item
from server.aws.guitar_items import dump_guitar, load_guitar
from server.binding import read_json
from server.exact_json import encode
from server.merging import merge_guitar, merge_patch
from server.models.base import Model, QueryModel
from server.models.guitar import Guitar, GuitarPage, GuitarUpdate, StoredGuitar

EXAMPLES = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
# DynamoDB's numbers: 38 significant digits, from 1E-130 to 9.99...E+125.
numbers = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(-(10**37), 10**37), st.integers(-90, 80)
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**37), 10**37) | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts.filter(bool), inner, max_size=3),
    max_leaves=10,
)
maps = st.dictionaries(texts.filter(bool), values, max_size=4)


def models() -> Iterator[type[Model]]:
    """Every model of server/models, but those that are read from a query's text."""
    for module in iter_modules(server.models.__path__):
        for one in vars(import_module(f"server.models.{module.name}")).values():
            if isinstance(one, type) and issubclass(one, Model) and not issubclass(one, QueryModel):
                yield one


MODELS = sorted(set(models()) - {Model}, key=lambda model: model.__name__)


@cache
def instances_of(model: type[Model]) -> st.SearchStrategy[Any]:
    """What the schema of a model takes."""
    schema = model.model_json_schema(by_alias=True)
    return instances(schema, schema.get("$defs", {}))


def instances(schema: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a schema, in the words that pydantic uses."""
    if "$ref" in schema:
        return instances(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return st.one_of(*(instances(one, definitions) for one in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    if schema["type"] == "object":
        return objects(schema, definitions)
    if schema["type"] == "array":
        return st.lists(instances(schema["items"], definitions), max_size=2)
    return words(schema) if schema["type"] == "string" else plain(schema)


def objects(schema: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with fields of their own, or with any."""
    if "properties" in schema:
        fields = {name: instances(one, definitions) for name, one in schema["properties"].items()}
        required = {name: one for name, one in fields.items() if name in schema.get("required", ())}
        rest = {name: one for name, one in fields.items() if name not in required}
        return st.fixed_dictionaries(required, optional=rest)
    inner = schema.get("additionalProperties", True)
    return maps if inner is True else st.dictionaries(texts.filter(bool), instances(inner, definitions), max_size=3)


def plain(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Numbers, booleans and null."""
    return {
        "integer": st.integers(schema.get("minimum", -(10**9)), schema.get("maximum", 10**9)),
        "number": numbers.map(abs),
        "boolean": st.booleans(),
        "null": st.none(),
    }[schema["type"]]


def words(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Texts of a schema; those of a pattern are a few that we know."""
    if schema.get("format") == "email":
        return st.just("somebody@example.com")
    if schema.get("pattern", "").startswith("^[0-9]{6}"):
        return st.integers(0, 999_999).map(lambda number: f"{number:06}")
    # Any other pattern asks for something that is no white space, at the ends or anywhere.
    return texts.map(lambda text: f"{'x' * schema.get('minLength', 1)}{text}x"[: schema.get("maxLength", 100)])


def without_version(value: dict[str, Any]) -> dict[str, Any]:
    """A guitar, or a page of them, without what is shown as the ETag alone."""
    kept = {name: one for name, one in value.items() if name != "version"}
    return {**kept, "guitars": [without_version(one) for one in kept["guitars"]]} if "guitars" in kept else kept


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@EXAMPLES
@given(data=st.data())
def test_what_goes_into_a_model_comes_out_of_it(model: type[Model], data: st.DataObject) -> None:
    value = read_json(encode(data.draw(instances_of(model))))
    try:
        made = model.model_validate(value)
    except ValidationError:
        # A rule that JSON Schema has no words for.
        reject()

    shown = made.model_dump(by_alias=True, exclude_unset=True)

    assert shown == without_version(value) if model in (Guitar, GuitarPage) else shown == value
    assert read_json(encode(shown)) == shown
    assert from_item(to_item(shown)) == shown


@EXAMPLES
@given(numbers | st.integers(-(10**37), 10**37))
def test_a_number_keeps_every_digit_through_json_and_dynamodb(number: Decimal | int) -> None:
    read = read_json(encode({"number": number}))

    assert read == {"number": number}
    stored = from_item(to_item(read))
    assert stored == {"number": number}
    assert read_json(encode(stored)) == {"number": number}


guitars = st.builds(
    lambda private, specs, notes, version: StoredGuitar(
        user_id="somebody",
        guitar_id="one",
        version=version,
        brand="Fender",
        model="Jazzmaster",
        private_info=private,
        # What a body brought in: its nulls say what is to go.
        detailed_specs=None if specs is None else merge_patch({}, specs),
        notes=notes,
        created_at="2026-01-01T00:00:00Z",
        updated_at="2026-01-01T00:00:00Z",
    ),
    # There is none that is empty: the last attribute that goes takes it along.
    st.none() | st.fixed_dictionaries({"serialNumber": texts}, optional={"purchasePrice": numbers.map(abs)}),
    st.none() | maps,
    st.lists(
        st.builds(
            lambda number, text: {"id": str(number), "content": f"x{text}", "createdAt": "2026-01-01T00:00:00Z"},
            st.integers(0, 10**6),
            texts,
        ),
        max_size=3,
        unique_by=lambda note: note["id"],
    ),
    st.integers(1, 10**9),
)


class NoUrls:
    """Of a guitar without pictures and receipt."""

    def url(self, key: str) -> str:
        raise AssertionError(key)

    def is_receipt_url(self, url: str, key: str) -> bool:
        raise AssertionError(url, key)


@EXAMPLES
@given(guitars)
def test_a_guitar_is_stored_and_read_as_it_is(guitar: StoredGuitar) -> None:
    assert load_guitar(dump_guitar(guitar)) == guitar


@EXAMPLES
@given(guitars)
def test_putting_what_was_read_changes_nothing(guitar: StoredGuitar) -> None:
    shown = guitar.model_dump(by_alias=True, exclude_none=True, exclude={"version"})

    body = GuitarUpdate.model_validate(read_json(encode(shown)))

    assert merge_guitar(guitar, body, {}, "later", lambda: "new", NoUrls()) is guitar


@pytest.mark.parametrize(
    ("stored", "sent"),
    [(1, True), (False, 0), ([1, {"a": [0]}], [1, {"a": [False]}])],
)
def test_a_truth_value_in_the_place_of_a_number_is_a_change(stored: Any, sent: Any) -> None:
    guitar = StoredGuitar(
        user_id="somebody",
        guitar_id="one",
        version=1,
        brand="Fender",
        model="Jazzmaster",
        detailed_specs={"any": stored},
        created_at="2026-01-01T00:00:00Z",
        updated_at="2026-01-01T00:00:00Z",
    )
    body = GuitarUpdate.model_validate({"detailedSpecs": {"any": sent}})

    changed = merge_guitar(guitar, body, {}, "later", lambda: "new", NoUrls())

    assert (changed.version, encode(changed.detailed_specs)) == (2, encode({"any": sent}))


@EXAMPLES
@given(maps, maps)
def test_a_patch_twice_is_a_patch_once(target: dict[str, Any], patch: dict[str, Any]) -> None:
    once = merge_patch(target, patch)

    assert merge_patch(once, patch) == once
    assert merge_patch(target, {}) == target
    assert merge_patch(target, dict.fromkeys(target)) == {}
