"""What the commands do to a stack, shown on moto's CloudFormation, and what stops them before they change anything."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.commands.cli import main
from deploy.commands.credentials import check_credentials
from deploy.commands.deploying import deploy, with_site
from deploy.commands.destroying import destroy
from deploy.commands.environments import Environment, check_parameters, read_environment
from deploy.commands.errors import CommandError
from deploy.commands.stack import find_deployment, find_outputs
from deploy.commands.state import check_build, check_repository
from emulation.settings import ROOT
from tests.aws_clients import open_client
from tests.emulation.aws_endpoint import run_moto_server
from tests.ports import free_port

DEV = Environment(
    "dev", "guitar-collection-dev", "us-east-1", {"Environment": "dev", "SiteOrigins": "http://localhost"}
)
DOMAIN = "d111111abcdef8.cloudfront.net"
# The outputs that the commands need, of a stack with a bucket.
SMALL_TEMPLATE = {
    "Resources": {"FrontendBucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "the-site"}}},
    "Outputs": {
        name: {"Value": value}
        for name, value in {
            "CloudfrontDomain": DOMAIN,
            "ApiUrl": "https://api.example.com",
            "CognitoUserPoolId": "us-east-1_pool",
            "DynamodbTableUsers": "users",
            "DynamodbTableGuitars": "guitars",
            "S3BucketImages": "images",
            "S3BucketFrontend": "the-site",
            "S3PublicEndpoint": "https://s3.us-east-1.amazonaws.com",
        }.items()
    },
}


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """A moto_server, which has a CloudFormation."""
    with run_moto_server() as url:
        yield url


@pytest.fixture
def cloudformation(moto: str) -> Iterator[Any]:
    """Its CloudFormation, without our stack at first and at last."""
    # At the first question moto imports every service that a template may name.
    client = open_client(moto, "cloudformation", read_timeout=60)
    yield client
    client.delete_stack(StackName=DEV.stack_name)


def create_stack(cloudformation: Any) -> None:
    cloudformation.create_stack(StackName=DEV.stack_name, TemplateBody=json.dumps(SMALL_TEMPLATE))


def test_the_first_deployment_adds_the_sites_own_address_in_a_second(cloudformation: Any) -> None:
    asked: list[list[str]] = []

    def run_sam(arguments: list[str]) -> int:
        asked.append(arguments)
        if len(asked) == 1:
            create_stack(cloudformation)
        return 0

    outputs = deploy(DEV, cloudformation, run_sam)

    assert outputs["CloudfrontDomain"] == DOMAIN
    assert [one[-1] for one in asked] == [
        "SiteOrigins=http://localhost",
        f"SiteOrigins=http://localhost,https://{DOMAIN}",
    ]
    assert all(one[0] == "deploy" and one[one.index("--config-env") + 1] == "dev" for one in asked)

    # From then on it is known.
    deploy(DEV, cloudformation, run_sam)
    assert len(asked) == 3
    assert asked[-1] == asked[1]


def test_an_address_that_is_named_already_is_not_named_twice() -> None:
    parameters = {"SiteOrigins": "https://guitars.example.com"}
    assert with_site(parameters, {"CloudfrontDomain": "guitars.example.com"}) == parameters


def test_a_deployment_that_fails_is_told(cloudformation: Any) -> None:
    with pytest.raises(CommandError, match="sam deploy ended with 1"):
        deploy(DEV, cloudformation, lambda _: 1)


def test_a_deployment_is_read_from_the_outputs(cloudformation: Any) -> None:
    create_stack(cloudformation)
    deployment = find_deployment(cloudformation, DEV)
    assert deployment.cdn_url == f"https://{DOMAIN}"
    assert deployment.api_url == "https://api.example.com"


def test_an_environment_that_is_not_deployed_is_told(cloudformation: Any) -> None:
    with pytest.raises(CommandError, match="dev is not deployed: there is no stack guitar-collection-dev in us-east-1"):
        find_deployment(cloudformation, DEV)


def test_destroying_empties_the_buckets_with_all_versions_and_deletes_the_stack(moto: str, cloudformation: Any) -> None:
    create_stack(cloudformation)
    s3 = open_client(moto, "s3")
    s3.put_bucket_versioning(Bucket="the-site", VersioningConfiguration={"Status": "Enabled"})
    for content in (b"old", b"new"):
        s3.put_object(Bucket="the-site", Key="index.html", Body=content)
    s3.delete_object(Bucket="the-site", Key="index.html")

    said: list[str] = []
    destroy(DEV, cloudformation, s3, said.append, {"Delay": 0, "MaxAttempts": 5})

    assert said == ["emptied the-site: 3 objects and versions", "deleted guitar-collection-dev"]
    assert find_outputs(cloudformation, DEV) == {}
    assert [one["Name"] for one in s3.list_buckets()["Buckets"]] == []


def test_prod_is_not_destroyed(cloudformation: Any) -> None:
    prod = Environment("prod", DEV.stack_name, "us-east-1", {})
    create_stack(cloudformation)
    with pytest.raises(CommandError, match="prod is never destroyed by a command"):
        destroy(prod, cloudformation, None, lambda _: None)
    assert find_outputs(cloudformation, DEV)


# ---- What stops a command before anything is changed


def run_command(*arguments: str, home: Path, **variables: str) -> tuple[int, str]:
    """Exit code and complaint of a command on a machine without credentials."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", **variables}
    done = subprocess.run(
        [sys.executable, "-m", "deploy.commands", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("command", ["deploy", "deploy-site", "test-url", "smoke", "destroy"])
def test_a_wrong_name_of_an_environment_stops_every_command(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = [str(tmp_path)] if command == "deploy-site" else []
    assert main([command, "production", *folder], {}) == 1
    assert (
        capsys.readouterr().err
        == "There is no environment 'production': deploy/samconfig.toml has dev, staging, prod.\n"
    )


def test_a_missing_parameter_stops_a_deployment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "prod"], {}) == 1
    told = capsys.readouterr().err
    assert told == "prod has no value for SiteOrigins: add it to parameter_overrides in deploy/samconfig.toml.\n"


def test_missing_credentials_stop_a_command(tmp_path: Path) -> None:
    code, told = run_command("smoke", "dev", home=tmp_path)
    assert code == 1
    assert told.startswith("There are no AWS credentials: sign in with")
    assert told.count("\n") == 1


def test_a_profile_that_is_not_there_stops_a_command(tmp_path: Path) -> None:
    code, told = run_command("smoke", "dev", home=tmp_path, AWS_PROFILE="nobody")
    assert code == 1
    assert "nobody" in told
    assert told.count("\n") == 1


def test_credentials_that_aws_cannot_be_asked_about_stop_a_command() -> None:
    with pytest.raises(CommandError, match="AWS does not accept the credentials"):
        check_credentials(open_client(f"http://127.0.0.1:{free_port()}", "sts"))


def test_prod_is_not_destroyed_even_without_credentials(tmp_path: Path) -> None:
    code, told = run_command("destroy", "prod", "--yes", home=tmp_path)
    assert code == 1
    assert told.startswith("prod is never destroyed by a command")


def test_files_that_differ_from_the_last_commit_stop_a_deployment(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    (tmp_path / "handler.py").write_text("1")
    git("add", "-A")
    git("commit", "-m", "Begin")
    check_repository(tmp_path)
    (tmp_path / "handler.py").write_text("2")
    (tmp_path / "other.py").write_text("new")
    with pytest.raises(CommandError, match=r"^handler\.py and 1 more differ from the last commit"):
        check_repository(tmp_path)


def test_a_folder_that_is_no_repository_stops_a_deployment(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no git repository"):
        check_repository(tmp_path)


def test_a_build_older_than_its_sources_stops_a_deployment() -> None:
    check_build(lambda: True)
    with pytest.raises(CommandError, match="older than the sources: uv run just build"):
        check_build(lambda: False)


def test_a_parameter_that_the_template_does_not_have_stops_a_deployment() -> None:
    wrong = Environment("dev", "guitar-collection-dev", "us-east-1", {**DEV.parameters, "AlarmMail": "ada@example.com"})
    with pytest.raises(CommandError, match="The template has no parameter AlarmMail"):
        check_parameters(wrong)


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_each_environment_is_a_stack_of_its_own(name: str) -> None:
    environment = read_environment(name)
    assert environment.parameters["Environment"] == name
    assert environment.stack_name == f"guitar-collection-{name}"
