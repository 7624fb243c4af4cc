"""The roles held against the calls: a right that is missing, one that nothing uses, and a role that is broken."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import aiohttp
import pytest

from emulation.applier import Role, Statement
from emulation.cloud.identity import Call
from tests.aws_clients import open_client
from tests.emulation.cloud_copy import CopiedCloud, copy_cloud
from tests.emulation.refusals import refused
from tests.parity.rights import ONLY_ON_AWS, REFUSED_ON_PURPOSE, Rights, find_wrongs, read_rights, write_rights

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/guitars"


def rights(allowed: Iterable[str], called: Iterable[str], is_refused: bool = False) -> Rights:
    statement = Statement("Allow", tuple(allowed), (TABLE,))
    role = Role("GuitarsFunction", "deploy.functions.guitars", "arn", (statement,))
    calls = tuple(Call("GuitarsFunction", action, TABLE, allowed=not is_refused) for action in called)
    return Rights((role,), calls)


def test_an_exact_role_is_right() -> None:
    assert find_wrongs(rights(["dynamodb:GetItem"], ["dynamodb:GetItem", "dynamodb:GetItem"])) == []


def test_a_call_that_the_role_does_not_allow_is_named() -> None:
    for is_refused in (True, False):
        asked = rights(["dynamodb:GetItem"], ["dynamodb:GetItem", "dynamodb:Query"], is_refused)
        assert f"GuitarsFunction calls dynamodb:Query on {TABLE}, which its role does not allow." in find_wrongs(asked)


def test_a_right_that_nothing_uses_is_named() -> None:
    unused = rights(["dynamodb:GetItem", "dynamodb:Scan"], ["dynamodb:GetItem"])

    assert find_wrongs(unused) == [f"GuitarsFunction may call dynamodb:Scan on {TABLE}, and never does."]


def test_an_excuse_holds_for_an_unused_right_and_is_refused_for_a_used_one() -> None:
    excuse = {("GuitarsFunction", "dynamodb:Scan"): "only on AWS"}

    assert find_wrongs(rights(["dynamodb:Scan"], []), excuse) == []
    assert find_wrongs(rights(["dynamodb:Scan"], ["dynamodb:Scan"]), excuse) == [
        "GuitarsFunction calls dynamodb:Scan after all: it need not be excused."
    ]


def test_every_excuse_has_a_reason() -> None:
    assert all({**ONLY_ON_AWS, **REFUSED_ON_PURPOSE}.values())


def test_the_developers_calls_need_no_role() -> None:
    assert find_wrongs(Rights((), (Call("local", "dynamodb:Scan", TABLE, allowed=True),))) == []


@pytest.fixture
def broken(tmp_path: Path) -> Iterable[CopiedCloud]:
    """The local AWS of a template in which one action of one role is missing."""
    rights = "dynamodb:DeleteItem\n                - dynamodb:Query\n"
    cloud = copy_cloud(tmp_path, {rights: "dynamodb:DeleteItem\n"})
    yield cloud
    cloud.stop()


async def test_a_role_that_lacks_an_action_is_found_by_the_call_that_needs_it(
    broken: CopiedCloud, tmp_path: Path
) -> None:
    await asyncio.to_thread(broken.wait_until_ready)
    record = tmp_path / "lambda.jsonl"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{broken.url}/_cloud/environment") as answer:
            table = (await answer.json())["DYNAMODB_TABLE_GUITARS"]
        guitars = await asyncio.to_thread(open_client, broken.url, "dynamodb", "GuitarsFunction")

        def list_guitars() -> None:
            with refused("AccessDeniedException"):
                guitars.query(
                    TableName=table,
                    KeyConditionExpression="userId = :user",
                    ExpressionAttributeValues={":user": {"S": "u"}},
                )

        await asyncio.to_thread(list_guitars)
        await write_rights(session, broken.url, record)

    missing = [sentence for sentence in find_wrongs(read_rights(record)) if "does not allow" in sentence]
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}"
    assert missing == [f"GuitarsFunction calls dynamodb:Query on {arn}, which its role does not allow."]
