"""The API of the template is the table of routes, and its gateway is the local one."""

from pathlib import Path
from typing import Any

from emulation.logical_ids import logical_id
from server.app import GatewayLimits
from server.gateway.cors import CorsRules
from server.routes import ROUTES
from tests.deploy.reading import look, of_type, plain, properties, read


def test_every_route_is_an_event_of_its_function_and_no_event_is_none_of_them() -> None:
    events = {
        (function, name): plain(event["Properties"])
        for function, said in of_type(read(), "AWS::Serverless::Function").items()
        for name, event in said.get("Events", {}).items()
        if event["Type"] == "HttpApi"
    }
    assert events == {
        (logical_id(route.function), to_event_id(route.operation_id)): {
            "ApiId": "Api",
            "Method": route.method,
            "Path": route.path,
            **({} if route.auth else {"Auth": {"Authorizer": "NONE"}}),
        }
        for route in ROUTES
    }


def to_event_id(operation_id: str) -> str:
    """`create_guitar` is `CreateGuitar`."""
    return "".join(word.capitalize() for word in operation_id.split("_"))


def test_the_translated_api_has_the_routes_with_the_authorizer_where_a_token_is_needed(translated: Path) -> None:
    body = properties(read(path=translated), "Api")["Body"]
    served = {
        (method.upper(), path): (operation["security"], uri_of(operation))
        for path, operations in body["paths"].items()
        for method, operation in operations.items()
    }
    assert served.keys() == {(route.method, route.path) for route in ROUTES}
    for route in ROUTES:
        security, uri = served[route.method, route.path]
        assert security == [{"TokenAuthorizer" if route.auth else "NONE": []}]
        # The published version behind the alias, not the latest code.
        assert uri.endswith(f"functions/{logical_id(route.function)}Aliaslive/invocations")


def uri_of(operation: Any) -> str:
    integration = operation["x-amazon-apigateway-integration"]
    assert (integration["type"], integration["payloadFormatVersion"]) == ("aws_proxy", "2.0")
    return str(plain(integration["uri"]))


def test_the_gateway_answers_cors_as_its_twin_does(translated: Path) -> None:
    rules = CorsRules(("https://guitars.example.com", "https://other.example.com"))
    template = read(path=translated, SiteOrigins=",".join(rules.origins))
    assert look(template, "Api.Body.x-amazon-apigateway-cors") == {
        "allowOrigins": list(rules.origins),
        "allowMethods": list(rules.methods),
        "allowHeaders": list(rules.headers),
        "exposeHeaders": list(rules.exposed_headers),
        "maxAge": rules.max_age_seconds,
    }


def test_the_gateway_throttles_and_caches_decisions_as_its_twin_does(translated: Path) -> None:
    template = read(path=translated)
    limits = GatewayLimits()
    assert look(template, "ApiApiGatewayDefaultStage.DefaultRouteSettings") == {
        "ThrottlingRateLimit": limits.requests_per_second,
        "ThrottlingBurstLimit": limits.burst,
    }
    authorizer = look(template, "Api.Body.components.securitySchemes.TokenAuthorizer.x-amazon-apigateway-authorizer")
    assert authorizer["authorizerResultTtlInSeconds"] == limits.authorizer_ttl.total_seconds()
