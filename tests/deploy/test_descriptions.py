"""What an artifact keeps of the SDK's descriptions of services: all that the server calls, just as it was."""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape
from botocore.session import get_session

from deploy.build.descriptions import (
    NEEDED_BY_THE_SDK,
    OPERATIONS,
    shorten_descriptions,
    shorten_endpoints,
    shorten_service,
)
from emulation.settings import ROOT
from server.aws.clients import SERVICES

# Methods of a client that are none of an operation, but may be told the name of one.
ABOUT_AN_OPERATION = {"generate_presigned_url", "get_paginator"}
NO_OPERATION = {"generate_presigned_post", "meta"}


@cache
def whole(service: str) -> dict[str, Any]:
    described: dict[str, Any] = Loader().load_service_model(service, "service-2")
    return described


def called(source: Path) -> Iterator[str]:
    """The operations that a module asks of its clients, as methods."""
    for node in ast.walk(ast.parse(source.read_text())):
        match node:
            case ast.Call(
                func=ast.Attribute(attr=method, value=ast.Attribute(attr="_client" | "_presigner")),
                args=[ast.Constant(value=str(operation)), *_],
            ) if method in ABOUT_AN_OPERATION:
                yield operation
            case ast.Attribute(attr=method, value=ast.Attribute(attr="_client" | "_presigner")):
                if method not in ABOUT_AN_OPERATION | NO_OPERATION:
                    yield method


def test_the_operations_that_are_kept_are_those_that_the_server_calls() -> None:
    calls = {name for source in (ROOT / "server").rglob("*.py") for name in called(source)}
    assert set(OPERATIONS) == set(SERVICES)
    assert {xform_name(name) for names in OPERATIONS.values() for name in names} == calls


def shown(shape: Shape | None) -> Any:
    """All that the SDK reads of a shape, but its documentation."""
    if shape is None:
        return None
    told: dict[str, Any] = {"name": shape.name, "type": shape.type_name, "as": shape.serialization, **shape.metadata}
    if isinstance(shape, ListShape):
        told["of"] = shown(shape.member)
    elif isinstance(shape, MapShape):
        told["of"] = [shown(shape.key), shown(shape.value)]
    elif isinstance(shape, StructureShape):
        # An attribute value of DynamoDB may hold attribute values.
        told["of"] = sorted(shape.members) if shape.name == "AttributeValue" else _members(shape)
    return told


def _members(shape: StructureShape) -> dict[str, Any]:
    return {name: shown(member) for name, member in shape.members.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_an_operation_that_is_kept_is_as_it_was(service: str) -> None:
    names = OPERATIONS[service]
    before, after = ServiceModel(whole(service), service), ServiceModel(shorten_service(whole(service), names), service)
    assert set(after.operation_names) == names
    assert after.metadata == before.metadata
    assert after.client_context_parameters == before.client_context_parameters
    for name in names:
        was, now = before.operation_model(name), after.operation_model(name)
        assert shown(now.input_shape) == shown(was.input_shape)
        assert shown(now.output_shape) == shown(was.output_shape)
        assert [shown(one) for one in now.error_shapes] == [shown(one) for one in was.error_shapes]
        for told in ("http", "http_checksum", "endpoint", "auth", "static_context_parameters", "context_parameters"):
            assert getattr(now, told) == getattr(was, told)


def test_endpoints_are_where_they_were() -> None:
    whole_list = Loader().load_data("endpoints")
    before, after = (
        {partition["partition"]: partition for partition in one["partitions"]}
        for one in (whole_list, shorten_endpoints(whole_list))
    )
    assert after.keys() == before.keys()
    for name, partition in after.items():
        assert partition["regions"] == before[name]["regions"]
        assert partition["services"] == {key: before[name]["services"][key] for key in partition["services"]}
    assert set(after["aws"]["services"]) == set(SERVICES)


def test_the_sdk_opens_clients_with_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # An API in this process has set where the local AWS is.
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    for service in SERVICES:
        version = Loader().list_api_versions(service, "service-2")[-1]
        for kind in ("service-2", "endpoint-rule-set-1"):
            file = tmp_path / service / version / f"{kind}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(Loader().load_service_model(service, kind), indent=2))
    shorten_descriptions(tmp_path)
    session = get_session()
    session.register_component(
        "data_loader", Loader(extra_search_paths=[str(tmp_path)], include_default_search_paths=True)
    )
    for service in SERVICES:
        client: Any = session.create_client(
            service, "eu-central-1", aws_access_key_id="none", aws_secret_access_key="none"
        )
        assert client.meta.endpoint_url == get_session().create_client(service, "eu-central-1").meta.endpoint_url
        if service == "s3":
            url = client.generate_presigned_url("get_object", Params={"Bucket": "guitars", "Key": "one"})
            form = client.generate_presigned_post("guitars", "one")
            assert urlsplit(url).netloc == urlsplit(form["url"]).netloc == "guitars.s3.amazonaws.com"
        kept = OPERATIONS[service] | NEEDED_BY_THE_SDK.get(service, set())
        assert set(client.meta.method_to_api_mapping.values()) == kept
