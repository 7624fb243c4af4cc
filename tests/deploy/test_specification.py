"""The specification, statement by statement, and where the template says it.

Looked up in the template after its translation by SAM: what CloudFormation gets. A place is the logical id of a
resource and the path inside its properties.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from emulation.settings import ACCOUNT_ID, ROOT
from emulation.template import Template, read_template
from tests.deploy.reading import ENVIRONMENTS, look, of_type, read

ON_ALARM = ["Alarms"]


class Expectation(NamedTuple):
    """A statement, where it is, and what is there; `{env}` and `{account}` are filled in."""

    statement: str
    place: str
    value: Any


SPECIFICATION = [
    # 1. S3
    Expectation(
        "{bucket-prefix}-frontend-{account-id}, per environment",
        "FrontendBucket.BucketName",
        "guitar-collection-frontend-{env}-{account}",
    ),
    Expectation("frontend: versioning enabled", "FrontendBucket.VersioningConfiguration.Status", "Enabled"),
    Expectation(
        "{bucket-prefix}-images-{env}-{account-id}",
        "ImagesBucket.BucketName",
        "guitar-collection-images-{env}-{account}",
    ),
    Expectation("images: versioning enabled", "ImagesBucket.VersioningConfiguration.Status", "Enabled"),
    Expectation(
        "images: Intelligent-Tiering",
        "ImagesBucket.LifecycleConfiguration.Rules[Id=tier-images].Transitions",
        [{"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 0}],
    ),
    Expectation(
        "archive receipts to Glacier after 1 year (where they stay readable)",
        "ImagesBucket.LifecycleConfiguration.Rules[Id=archive-receipts].Transitions",
        [{"StorageClass": "GLACIER_IR", "TransitionInDays": 365}],
    ),
    Expectation("receipts", "ImagesBucket.LifecycleConfiguration.Rules[Id=archive-receipts].Prefix", "receipts/"),
    Expectation(
        "receipts of every size: without a filter, S3 leaves out what is smaller than 128 KB",
        "ImagesBucket.LifecycleConfiguration.Rules[Id=archive-receipts].ObjectSizeGreaterThan",
        "1",
    ),
    Expectation(
        "unattached pictures are kept for 7 days",
        "ImagesBucket.LifecycleConfiguration.Rules[Id=expire-unattached].TagFilters",
        [{"Key": "attachment", "Value": "pending"}],
    ),
    Expectation(
        "unattached pictures are kept for 7 days",
        "ImagesBucket.LifecycleConfiguration.Rules[Id=expire-unattached].ExpirationInDays",
        7,
    ),
    Expectation(
        "old versions of images expire after 30 days",
        "ImagesBucket.LifecycleConfiguration.Rules[Id=forget-old-versions].NoncurrentVersionExpiration.NoncurrentDays",
        30,
    ),
    Expectation(
        "{bucket-prefix}-uploads-{env}-{account-id}",
        "UploadsBucket.BucketName",
        "guitar-collection-uploads-{env}-{account}",
    ),
    Expectation("uploads expire", "UploadsBucket.LifecycleConfiguration.Rules[Id=expire-uploads].ExpirationInDays", 1),
    Expectation(
        "CORS for pre-signed URL uploads",
        "UploadsBucket.CorsConfiguration.CorsRules[Id=upload-from-the-site].AllowedMethods",
        ["PUT", "POST"],
    ),
    # 3. API Gateway
    Expectation("HTTP API", "Api.Body.openapi", "3.0.1"),
    Expectation("stages: $default, one stack per environment", "ApiApiGatewayDefaultStage.StageName", "$default"),
    Expectation(
        "throttling: 10,000 requests/second",
        "ApiApiGatewayDefaultStage.DefaultRouteSettings.ThrottlingRateLimit",
        10000,
    ),
    Expectation(
        "CORS: configured for frontend domain",
        "Api.Body.x-amazon-apigateway-cors.allowOrigins",
        ["https://guitars.example.com"],
    ),
    Expectation(
        "lambda authorizer: IAM policy with context (no simple responses), decisions cached for 5 min",
        "Api.Body.components.securitySchemes.TokenAuthorizer.x-amazon-apigateway-authorizer",
        {
            "type": "request",
            "identitySource": ["$request.header.Authorization"],
            "authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
            "AuthorizerFunctionAliaslive/invocations",
            "authorizerPayloadFormatVersion": "2.0",
            "authorizerResultTtlInSeconds": 300,
        },
    ),
    Expectation(
        "API Gateway may call the authorizer",
        "ApiTokenAuthorizerAuthorizerPermission.Principal",
        "apigateway.amazonaws.com",
    ),
    Expectation("access logs", "ApiApiGatewayDefaultStage.AccessLogSettings.DestinationArn", "ApiLogs.Arn"),
    Expectation(
        "CLOUDFRONT_DOMAIN, which a function's environment could not have without a circle",
        "ApiApiGatewayDefaultStage.StageVariables.CLOUDFRONT_DOMAIN",
        "Distribution.DomainName",
    ),
    # 4. Lambda
    *(
        Expectation(f"{name}: {memory} MB, {seconds} s", f"{function}Function.{limit}", value)
        for name, function, memory, seconds in (
            ("auth-handler", "Auth", 512, 10),
            ("guitars-handler", "Guitars", 512, 10),
            ("images-handler", "Images", 512, 10),
            ("user-handler", "User", 256, 5),
            ("lambda-authorizer", "Authorizer", 128, 3),
            ("after a confirmation: as long as Cognito waits", "PostConfirmation", 256, 5),
            ("cleanup", "Cleanup", 256, 60),
        )
        for limit, value in (("MemorySize", memory), ("Timeout", seconds))
    ),
    # 5. DynamoDB
    Expectation("{stack-name}-guitars-{env}", "GuitarsTable.TableName", "guitar-collection-guitars-{env}"),
    Expectation(
        "userId: partition key, guitarId: sort key",
        "GuitarsTable.KeySchema",
        [{"AttributeName": "userId", "KeyType": "HASH"}, {"AttributeName": "guitarId", "KeyType": "RANGE"}],
    ),
    Expectation(
        "brand-userId-index",
        "GuitarsTable.GlobalSecondaryIndexes",
        [
            {
                "IndexName": "brand-userId-index",
                "KeySchema": [
                    {"AttributeName": "brand", "KeyType": "HASH"},
                    {"AttributeName": "userId", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    ),
    Expectation("{stack-name}-users-{env}", "UsersTable.TableName", "guitar-collection-users-{env}"),
    Expectation("userId: partition key", "UsersTable.KeySchema", [{"AttributeName": "userId", "KeyType": "HASH"}]),
    # 6. Cognito
    Expectation("{stack-name}-users-{env}", "UserPool.UserPoolName", "guitar-collection-users-{env}"),
    Expectation("sign-in with email", "UserPool.UsernameAttributes", ["email"]),
    Expectation(
        "8 characters, upper, lower, numbers, special",
        "UserPool.Policies.PasswordPolicy",
        {
            "MinimumLength": 8,
            "RequireLowercase": True,
            "RequireNumbers": True,
            "RequireSymbols": True,
            "RequireUppercase": True,
            "TemporaryPasswordValidityDays": 7,
        },
    ),
    Expectation("MFA: optional", "UserPool.MfaConfiguration", "OPTIONAL"),
    Expectation("by an app", "UserPool.EnabledMfas", ["SOFTWARE_TOKEN_MFA"]),
    Expectation(
        "account recovery: email only",
        "UserPool.AccountRecoverySetting.RecoveryMechanisms",
        [{"Name": "verified_email", "Priority": 1}],
    ),
    Expectation("client {stack-name}-web", "UserPoolClient.ClientName", "guitar-collection-web"),
    Expectation("access token: 1 hour", "UserPoolClient.AccessTokenValidity", 1),
    Expectation("ID token: 1 hour", "UserPoolClient.IdTokenValidity", 1),
    Expectation("refresh token: 30 days", "UserPoolClient.RefreshTokenValidity", 30),
    Expectation(
        "hours, hours, days",
        "UserPoolClient.TokenValidityUnits",
        {"AccessToken": "hours", "IdToken": "hours", "RefreshToken": "days"},
    ),
    Expectation("USER_PASSWORD_AUTH", "UserPoolClient.ExplicitAuthFlows", ["ALLOW_USER_PASSWORD_AUTH"]),
    Expectation("refresh token rotation", "UserPoolClient.RefreshTokenRotation.Feature", "ENABLED"),
    Expectation("revocation", "UserPoolClient.EnableTokenRevocation", True),
    # Registration, uploads, deletion
    Expectation(
        "Cognito sends a verification link",
        "UserPool.VerificationMessageTemplate.DefaultEmailOption",
        "CONFIRM_WITH_LINK",
    ),
    Expectation(
        "Lambda creates the user record", "UserPool.LambdaConfig.PostConfirmation", "PostConfirmationFunctionAliaslive"
    ),
    *(
        Expectation(f"deletion finishes: {what}", f"CleanupFunction{event}.{name}", value)
        for event, table in (("GuitarChanged", "GuitarsTable"), ("UserRemoved", "UsersTable"))
        for what, name, value in (
            ("cleanup follows the stream", "EventSourceArn", f"{table}.StreamArn"),
            ("from its beginning", "StartingPosition", "TRIM_HORIZON"),
            ("with retries", "MaximumRetryAttempts", 10),
            ("one bad record does not hold up its batch", "BisectBatchOnFunctionError", True),
            ("what is given up is kept whole", "DestinationConfig.OnFailure.Destination", "LettersBucket.Arn"),
        )
    ),
    # Monitoring
    *(
        Expectation("Lambda error rate > 1 %", f"{function}ErrorsAlarm.{name}", value)
        for function in ("Auth", "User", "Guitars", "Images", "Authorizer", "PostConfirmation", "Cleanup")
        for name, value in (
            ("Metrics[Id=percent].Expression", "100 * errors / invocations"),
            ("Metrics[Id=errors].MetricStat.Metric.MetricName", "Errors"),
            (
                "Metrics[Id=errors].MetricStat.Metric.Dimensions",
                [{"Name": "FunctionName", "Value": f"{function}Function"}],
            ),
            ("Metrics[Id=invocations].MetricStat.Metric.MetricName", "Invocations"),
            ("Threshold", 1),
        )
    ),
    Expectation("API Gateway 5xx > 0.1 %", "ApiErrorsAlarm.Metrics[Id=percent].Expression", "100 * failed / requests"),
    Expectation("API Gateway 5xx > 0.1 %", "ApiErrorsAlarm.Metrics[Id=failed].MetricStat.Metric.MetricName", "5xx"),
    Expectation("API Gateway 5xx > 0.1 %", "ApiErrorsAlarm.Metrics[Id=requests].MetricStat.Metric.MetricName", "Count"),
    Expectation("API Gateway 5xx > 0.1 %", "ApiErrorsAlarm.Threshold", 0.1),
    Expectation("latency", "ApiLatencyAlarm.ExtendedStatistic", "p95"),
    *(
        Expectation(
            "DynamoDB throttling",
            f"ThrottledTablesAlarm.Metrics[Id={which}{kind}s].MetricStat.Metric",
            {"Namespace": "AWS/DynamoDB", "MetricName": f"{kind}ThrottleEvents", "Dimensions": dimensions},
        )
        for which, dimensions in (
            ("guitars", [{"Name": "TableName", "Value": "GuitarsTable"}]),
            ("users", [{"Name": "TableName", "Value": "UsersTable"}]),
            (
                "index",
                [
                    {"Name": "TableName", "Value": "GuitarsTable"},
                    {"Name": "GlobalSecondaryIndexName", "Value": "brand-userId-index"},
                ],
            ),
        )
        for kind in ("Read", "Write")
    ),
    Expectation("S3 bucket unauthorized access", "RefusedAccessAlarm.MetricName", "RefusedObjectCalls"),
    Expectation(
        "dead letters",
        "LettersAlarm.Metrics[Id=waiting].MetricStat.Metric.MetricName",
        "ApproximateNumberOfMessagesVisible",
    ),
    Expectation("how far cleanup is behind", "CleanupBehindAlarm.MetricName", "IteratorAge"),
]


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    """Each environment in turn."""
    return str(request.param)


@pytest.mark.parametrize("expectation", SPECIFICATION, ids=lambda one: f"{one.place}: {one.statement}")
def test_the_template_says_what_is_specified(translated: Path, expectation: Expectation, environment: str) -> None:
    value = expectation.value
    if isinstance(value, str):
        value = value.replace("{env}", environment).replace("{account}", ACCOUNT_ID)
    assert look(read(environment, translated), expectation.place) == value


def test_every_function_runs_python_on_arm_and_logs_json(translated: Path) -> None:
    functions = of_type(read(path=translated), "AWS::Lambda::Function")
    assert len(functions) == 7
    for name, function in functions.items():
        assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"]), name
        assert function["LoggingConfig"]["LogFormat"] == "JSON", name
        assert function["LoggingConfig"]["LogGroup"].logical_id == name.replace("Function", "Logs")


def test_functions_have_the_environment_variables_of_the_specification(translated: Path) -> None:
    template = read("staging", translated)
    every = {"APP_ENV", "DYNAMODB_TABLE_GUITARS", "DYNAMODB_TABLE_USERS", "S3_BUCKET_IMAGES", "S3_BUCKET_UPLOADS"}
    pool = {"COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID"}
    for name in of_type(template, "AWS::Lambda::Function"):
        variables = look(template, f"{name}.Environment.Variables")
        assert every <= variables.keys()
        # Images and guitars know their caller from the authorizer; the trigger of the pool cannot be told of it.
        if name in ("AuthFunction", "UserFunction", "AuthorizerFunction"):
            assert pool <= variables.keys()
        assert variables["APP_ENV"] == "staging"
        assert variables["DYNAMODB_TABLE_GUITARS"] == look(template, "GuitarsTable.TableName")
        assert variables["DYNAMODB_TABLE_USERS"] == look(template, "UsersTable.TableName")
        assert variables["S3_BUCKET_IMAGES"] == look(template, "ImagesBucket.BucketName")
        assert variables["S3_BUCKET_UPLOADS"] == look(template, "UploadsBucket.BucketName")


@pytest.mark.parametrize(("environment", "count"), [("dev", 0), ("staging", 0), ("prod", 1)])
def test_the_cache_hit_rate_is_measured_in_prod_where_it_is_worth_its_price(
    translated: Path, environment: str, count: int
) -> None:
    found = of_type(read(environment, translated), "AWS::CloudFront::MonitoringSubscription")
    assert len(found) == count
    for one in found.values():
        settings = one["MonitoringSubscription"]["RealtimeMetricsSubscriptionConfig"]
        assert settings == {"RealtimeMetricsSubscriptionStatus": "Enabled"}


@pytest.mark.parametrize(("environment", "days"), [("dev", 7), ("staging", 7), ("prod", 30)])
def test_logs_are_kept_for_a_week_and_in_prod_for_a_month(translated: Path, environment: str, days: int) -> None:
    groups = of_type(read(environment, translated), "AWS::Logs::LogGroup")
    assert {group["RetentionInDays"] for group in groups.values()} == {days}


def test_every_alarm_tells_the_topic_when_it_begins_and_ends(translated: Path) -> None:
    template = read(path=translated)
    for name in of_type(template, "AWS::CloudWatch::Alarm"):
        assert look(template, f"{name}.AlarmActions") == ON_ALARM, name
        assert look(template, f"{name}.OKActions") == ON_ALARM, name
        # Nobody calls at night: nothing is no failure.
        assert look(template, f"{name}.TreatMissingData") == "notBreaching", name


def test_the_dashboard_shows_the_metrics_of_the_specification(translated: Path) -> None:
    template = read("staging", translated)
    board = json.loads(look(template, "Dashboard.DashboardBody"))
    shown = {(metric[0], metric[1]) for widget in board["widgets"] for metric in widget["properties"]["metrics"]}
    assert shown >= {
        *(("AWS/Lambda", name) for name in ("Invocations", "Errors", "Duration")),
        *(("AWS/ApiGateway", name) for name in ("4xx", "5xx", "Latency")),
        *(("AWS/DynamoDB", f"Consumed{kind}CapacityUnits") for kind in ("Read", "Write")),
        ("AWS/CloudFront", "CacheHitRate"),
    }


@pytest.mark.parametrize("address", ["", "ada@example.com"])
def test_alarms_are_mailed_when_an_address_is_given(translated: Path, address: str) -> None:
    mails = of_type(read(path=translated, AlarmEmail=address), "AWS::SNS::Subscription")
    assert [mail["Endpoint"] for mail in mails.values()] == ([address] if address else [])


def test_the_account_has_a_budget_of_50_dollars_and_a_look_at_what_is_unusual() -> None:
    template = read_account(Email="ada@example.com")
    assert look(template, "Budget.Budget.BudgetLimit") == {"Amount": "50", "Unit": "USD"}
    assert look(template, "Budget.Budget.TimeUnit") == "MONTHLY"
    assert look(template, "AnomalyMonitor.MonitorDimension") == "SERVICE"
    assert look(template, "AnomalySubscription.MonitorArnList") == ["AnomalyMonitor"]


def test_an_account_that_has_a_monitor_keeps_it() -> None:
    # A second one of a whole account is refused by AWS.
    arn = f"arn:aws:ce::{ACCOUNT_ID}:anomalymonitor/0f1e2d3c-0000-4000-8000-000000000000"
    template = read_account(Email="ada@example.com", AnomalyMonitorArn=arn)
    assert "AnomalyMonitor" not in template.resources
    assert look(template, "AnomalySubscription.MonitorArnList") == [arn]


def read_account(**parameters: str) -> Template:
    return read_template(ROOT / "deploy" / "account.yaml", parameters)
