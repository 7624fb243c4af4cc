"""What holds of the template once SAM has made resources of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from emulation.template import Template, dependencies
from tests.deploy.reading import ENVIRONMENTS, look, of_type, read


def depends_on(template: Template, translated: dict[str, Any], logical_id: str) -> set[str]:
    """What a resource needs before it."""
    said = translated["Resources"][logical_id].get("DependsOn", [])
    return set(dependencies(template, logical_id)) | set([said] if isinstance(said, str) else said)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_waits_for_itself(translated: Path, environment: str) -> None:
    document = json.loads(translated.read_text())
    template = read(environment, translated)
    waiting = {logical_id: depends_on(template, document, logical_id) for logical_id in template.resources}
    assert "PostConfirmationFunctionAliaslive" in waiting["UserPool"]
    while ready := [name for name, needs in waiting.items() if not needs & waiting.keys()]:
        for name in ready:
            del waiting[name]
    assert not waiting


def test_a_circle_would_be_found(translated: Path) -> None:
    document = json.loads(translated.read_text())
    document["Resources"]["LettersQueuePolicy"]["DependsOn"] = "LettersBucket"
    template = read(path=translated)
    first = depends_on(template, document, "LettersQueuePolicy")
    assert "LettersBucket" in first
    assert "LettersQueuePolicy" in depends_on(template, document, "LettersBucket")


@pytest.mark.parametrize("mode", ["OFF", "AUDIT", "ENFORCED"])
def test_threat_protection_comes_with_the_tier_that_has_it(translated: Path, mode: str) -> None:
    # Neither SAM nor cfn-lint knows that the ESSENTIALS tier has no advanced security.
    pool = of_type(read(path=translated, ThreatProtection=mode), "AWS::Cognito::UserPool")["UserPool"]
    if mode == "OFF":
        assert "UserPoolAddOns" not in pool
        assert pool["UserPoolTier"] == "ESSENTIALS"
    else:
        assert pool["UserPoolAddOns"] == {"AdvancedSecurityMode": mode}
        assert pool["UserPoolTier"] == "PLUS"


def test_refresh_tokens_rotate_and_the_flow_that_excludes_is_absent(translated: Path) -> None:
    # Cognito refuses both together, and no linter knows it.
    # https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
    client = of_type(read(path=translated), "AWS::Cognito::UserPoolClient")["UserPoolClient"]
    assert client["RefreshTokenRotation"]["Feature"] == "ENABLED"
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH"]


def test_no_error_response_of_the_whole_distribution_turns_answers_into_pages(translated: Path) -> None:
    for distribution in of_type(read(path=translated), "AWS::CloudFront::Distribution").values():
        assert "CustomErrorResponses" not in distribution["DistributionConfig"]


def test_a_trigger_of_the_user_pool_is_not_told_of_it(translated: Path) -> None:
    assert "COGNITO_USER_POOL_ID" not in look(read(path=translated), "PostConfirmationFunction.Environment.Variables")


def test_a_stack_is_deleted_with_its_data_except_in_prod(translated: Path) -> None:
    kept = {
        logical_id: resource["DeletionPolicy"]
        for logical_id, resource in json.loads(translated.read_text())["Resources"].items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }
    # Published versions of the code stay for the sake of the alias during an update; they hold no data.
    assert all("FunctionVersion" in logical_id for logical_id in kept)
