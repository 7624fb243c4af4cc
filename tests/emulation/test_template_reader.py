"""How the local cloud reads a template."""

from pathlib import Path
from typing import Any

import pytest

from emulation.intrinsics import REF, Joined, Reference, fill
from emulation.template import Template, TemplateError, read_template

BUCKET = """
  Bucket:
    Type: AWS::S3::Bucket
"""


def read(folder: Path, text: str, **parameters: str) -> Template:
    path = folder / "template.yaml"
    path.write_text(text)
    return read_template(path, parameters, stack_name="stack")


def evaluate(folder: Path, value: str, head: str = "", **parameters: str) -> Any:
    """What a property of a bucket evaluates to."""
    text = f"{head}\nResources:{BUCKET}  Other:\n    Type: AWS::S3::Bucket\n    Properties:\n      Value: {value}\n"
    return read(folder, text, **parameters).resources["Other"].properties.get("Value")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("!Ref AWS::Region", "us-east-1"),
        ("!Sub '${AWS::StackName}-${AWS::AccountId}'", "stack-123456789012"),
        ("!Sub 'a ${!literal} dollar'", "a ${literal} dollar"),
        ("!Sub ['${A}-${B}', {A: 1, B: !Ref 'AWS::Partition'}]", "1-aws"),
        ("!Join ['/', [a, !Ref 'AWS::Partition', true]]", "a/aws/true"),
        ("!Select [1, !Split [',', 'a,b']]", "b"),
        ("{Fn::Join: ['', [x, y]]}", "xy"),
        ("{keeps: {a: 1}, drops: !Ref 'AWS::NoValue'}", {"keeps": {"a": 1}}),
        ("[1, !Ref 'AWS::NoValue', 2]", [1, 2]),
    ],
)
def test_what_is_known_gets_its_value(tmp_path: Path, value: str, expected: Any) -> None:
    assert evaluate(tmp_path, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("!Ref Bucket", Reference("Bucket", REF)),
        ("!GetAtt Bucket.Arn", Reference("Bucket", "Arn")),
        ("!GetAtt [Bucket, Arn]", Reference("Bucket", "Arn")),
        ("!Sub '${Bucket.Arn}/*'", Joined(("", Reference("Bucket", "Arn"), "/*"))),
    ],
)
def test_what_exists_only_later_stays_a_reference(tmp_path: Path, value: str, expected: Any) -> None:
    assert evaluate(tmp_path, value) == expected


def test_references_are_filled_once_the_resource_exists() -> None:
    value = {"all": [Joined((Reference("Bucket", "Arn"), "/*")), Reference("Bucket", REF)]}
    attributes = {"Bucket": {REF: "b", "Arn": "arn:aws:s3:::b"}}
    assert fill(value, attributes) == {"all": ["arn:aws:s3:::b/*", "b"]}
    with pytest.raises(TemplateError, match=r"does not know Bucket\.WebsiteURL"):
        fill(Reference("Bucket", "WebsiteURL"), attributes)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("!Equals [!Ref Size, big]", "yes"),
        ("!Not [!Equals [!Ref Size, big]]", "no"),
        ("!And [!Condition Always, !Equals [!Ref Size, big]]", "yes"),
        ("!Or [!Not [!Condition Always], !Equals [!Ref Size, small]]", "no"),
        ("!Condition Always", "yes"),
    ],
)
def test_conditions_decide(tmp_path: Path, condition: str, expected: str) -> None:
    head = (
        f"Parameters: {{Size: {{Type: String}}}}\nConditions:\n  Always: !Equals [true, 'true']\n  Asked: {condition}\n"
    )
    assert evaluate(tmp_path, "!If [Asked, 'yes', 'no']", head, Size="big") == expected


def test_a_resource_whose_condition_fails_is_not_there(tmp_path: Path) -> None:
    other = "  Other: {Type: 'AWS::S3::Bucket'}\n"
    text = f"Conditions: {{Never: !Equals [a, b]}}\nResources:{BUCKET}    Condition: Never\n{other}"
    assert list(read(tmp_path, text).resources) == ["Other"]


def test_globals_are_merged_as_sam_does(tmp_path: Path) -> None:
    text = """
Globals:
  Function:
    Timeout: 3
    Tags: [a]
    Environment: {Variables: {A: 1, B: 1}}
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 5
      Tags: [b]
      Environment: {Variables: {B: 2}}
"""
    assert read(tmp_path, text).resources["One"].properties == {
        "Timeout": 5,
        "Tags": ["a", "b"],
        "Environment": {"Variables": {"A": 1, "B": 2}},
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Resources: {}", "has no resources"),
        ("Resources: [", "cannot be read"),
        (f"Mappings: {{}}\nResources:{BUCKET}", "does not know the section Mappings"),
        (f"Resources:{BUCKET}    CreationPolicy: {{}}\n", "Bucket has CreationPolicy"),
        ("Resources: {Bucket: {Properties: {}}}", "Bucket has no Type"),
        (f"Resources:{BUCKET}    Properties: {{BucketName: !Ref Name}}\n", "In Bucket: There is no parameter .* Name"),
        (f"Resources:{BUCKET}    Properties: {{BucketName: !ImportValue Name}}\n", "cannot evaluate Fn::ImportValue"),
        (f"Resources:{BUCKET}    Condition: Big\n", "There is no condition Big"),
        (f"Resources:{BUCKET}Outputs: {{Url: {{Value: !Ref Api}}}}", "In output Url: There is no parameter"),
        (f"Parameters: {{Size: {{Type: String}}}}\nResources:{BUCKET}", "needs the parameter Size"),
        (
            f"Parameters: {{Size: {{Type: Number, Default: 1, MaxValue: 2}}}}\nResources:{BUCKET}",
            "does not know MaxValue of parameter Size",
        ),
    ],
)
def test_a_template_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        read(tmp_path, text)


def test_a_parameter_that_the_template_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="has no parameter Size"):
        read(tmp_path, f"Resources:{BUCKET}", Size="big")


def test_a_template_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"nothing\.yaml cannot be read"):
        read_template(tmp_path / "nothing.yaml", {})
