"""The local edge is what the template's distribution is: a change there is a change here."""

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from emulation.edge.distribution import read_distribution
from emulation.edge.paths import compile_pattern, matches
from emulation.intrinsics import REF, Reference, TemplateError
from emulation.settings import ROOT, LocalSettingsError, read_local_settings
from emulation.template import Resource, Template
from tests.emulation.edge_template import (
    DISTRIBUTION,
    local_template,
    with_behaviour,
    with_distribution,
    with_properties,
    with_resources,
)
from tests.emulation.front_door import SITE_BUCKET, open_front_door


def behaviours() -> list[dict[str, Any]]:
    config = local_template().resources[DISTRIBUTION].properties["DistributionConfig"]
    return list(config["CacheBehaviors"])


async def test_a_behaviours_new_path_is_followed() -> None:
    async with open_front_door(template=with_behaviour("/images/*", PathPattern="/pictures/?/*")) as door:
        await door.ask("GET", "/images/a.jpg")
        assert door.cloud.asked[-1][1].startswith(f"/{SITE_BUCKET}/")
        await door.ask("GET", "/pictures/7/a.jpg")
        assert door.cloud.asked[-1][1].endswith("-images-dev-123456789012/pictures/7/a.jpg")


async def test_the_first_behaviour_that_fits_wins() -> None:
    images = {**behaviours()[1], "PathPattern": "/api/images/*"}
    for order, reached_api in (([images, *behaviours()], False), ([*behaviours(), images], True)):
        async with open_front_door(template=with_distribution(CacheBehaviors=order)) as door:
            await door.ask("GET", "/api/images/a.jpg")
            assert bool(door.api.asked) is reached_api


async def test_a_behaviours_methods_are_followed() -> None:
    template = with_behaviour("/api/*", AllowedMethods=["GET", "HEAD", "OPTIONS"])
    async with open_front_door(template=template) as door:
        assert (await door.ask("POST", "/api/guitars", data=b"{}"))[0] == 403
        assert (await door.ask("OPTIONS", "/api/guitars"))[0] == 200


async def test_a_new_response_header_is_followed() -> None:
    policy = local_template().resources["ImageHeaders"].properties["ResponseHeadersPolicyConfig"]
    custom = {"Items": [{"Header": "X-Strings", "Value": "6", "Override": True}]}
    removed = {"Items": [{"Header": "Server"}]}
    changed = {**policy, "CustomHeadersConfig": custom, "RemoveHeadersConfig": removed}
    template = with_properties(local_template(), "ImageHeaders", ResponseHeadersPolicyConfig=changed)
    async with open_front_door(template=template) as door:
        _, headers, _ = await door.ask("GET", "/images/a.jpg")
        assert headers["X-Strings"] == "6"
        assert "AioHTTP" not in headers.getall("Server", [])
        assert "X-Strings" not in (await door.ask("GET", "/api/guitars"))[1]


@pytest.mark.parametrize("override", [True, False])
async def test_an_origins_own_header_is_replaced_only_by_one_that_overrides(override: bool) -> None:
    policy = local_template().resources["ImageHeaders"].properties["ResponseHeadersPolicyConfig"]
    custom = {"Items": [{"Header": "X-Strings", "Value": "6", "Override": override}]}
    changed = {**policy, "CustomHeadersConfig": custom}
    template = with_properties(local_template(), "ImageHeaders", ResponseHeadersPolicyConfig=changed)

    async def twelve(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=b"picture", headers={"X-Strings": "12"})

    async with open_front_door(template=template) as door:
        door.cloud.answer = twelve
        _, headers, _ = await door.ask("GET", "/images/a.jpg")
        assert headers.getall("X-Strings") == (["6"] if override else ["12"])


async def test_a_page_may_upload_to_the_local_s3() -> None:
    async with open_front_door() as door:
        _, headers, _ = await door.ask("GET", "/")
        s3 = f"http://localhost:{door.cloud.port}"
        assert f"connect-src 'self' {s3};" in headers["Content-Security-Policy"]
        assert "amazonaws" not in headers["Content-Security-Policy"]
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")


@pytest.mark.parametrize("path", ["/", "/guitars/0190-1234", "/profile?tab=name"])
async def test_a_deep_link_is_the_sites_page(path: str) -> None:
    async with open_front_door() as door:
        await door.ask("GET", path)
        assert door.cloud.asked[-1][1] == f"/{SITE_BUCKET}/index.html"


@pytest.mark.parametrize("path", ["/assets/app.js", "/favicon.ico"])
async def test_a_file_is_asked_for_by_its_name(path: str) -> None:
    async with open_front_door() as door:
        await door.ask("GET", path)
        assert door.cloud.asked[-1][1] == f"/{SITE_BUCKET}{path}"


async def test_an_api_404_stays_json() -> None:
    body = {"success": False, "error": {"code": "GUITAR_NOT_FOUND", "message": "No.", "statusCode": 404}}

    async def refuse(request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response(body, status=404)

    async with open_front_door() as door:
        door.api.answer = refuse
        status, headers, answered = await door.ask("GET", "/api/guitars/none")
        assert (status, json.loads(answered)) == (404, body)
        assert (headers["Content-Type"], headers["X-Cache"]) == (
            "application/json; charset=utf-8",
            "Error from cloudfront",
        )


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/images/*", "/images/", True),
        ("/images/*", "/images", False),
        ("images/*", "/images/a/b.jpg", True),
        ("/images/*.jpg", "/images/a.JPG", False),
        ("/a?c", "/abc", True),
        ("/a?c", "/ac", False),
        ("/a.c", "/abc", False),
        ("*", "/anything/at all", True),
    ],
)
def test_a_path_pattern_has_two_wildcards_and_a_case(pattern: str, path: str, fits: bool) -> None:
    assert matches(path, compile_pattern(pattern)) is fits


UNKNOWN_FUNCTION = [{"EventType": "viewer-request", "FunctionARN": Reference("Api", "FunctionARN")}]
ON_RESPONSE = [{"EventType": "viewer-response", "FunctionARN": Reference("SiteRequestFunction", "FunctionARN")}]
ELSEWHERE = [{"Id": "api", "DomainName": "example.com", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}]
SLOW = {"OriginProtocolPolicy": "https-only", "OriginReadTimeout": 60}


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        (with_distribution(CustomErrorResponses=[]), "cannot honour CustomErrorResponses"),
        (with_distribution(Enabled=False), "not enabled"),
        (with_distribution(Origins=ELSEWHERE), "the template's API and buckets as origins only"),
        (with_behaviour("/api/*", SmoothStreaming=True), "behaviour /api/.*: .*cannot honour SmoothStreaming"),
        (with_behaviour("*", TargetOriginId="moon"), "there is no origin moon"),
        (with_behaviour("*", CachePolicyId="0"), "does not know the AWS::CloudFront::CachePolicy 0"),
        (with_behaviour("*", CachePolicyId=Reference("Api", REF)), "does not know the AWS::CloudFront::CachePolicy"),
        (with_behaviour("*", OriginRequestPolicyId="0"), "does not know the AWS::CloudFront::OriginRequestPolicy 0"),
        (with_behaviour("*", FunctionAssociations=UNKNOWN_FUNCTION), "there is no function Api"),
        (with_behaviour("*", FunctionAssociations=ON_RESPONSE), "runs no function on viewer-response"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_local_edge_does_not_know_stops_it_with_a_sentence(template: Template, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        read_distribution(template, {})


def test_another_patience_with_the_origin_is_refused() -> None:
    origins = local_template().resources[DISTRIBUTION].properties["DistributionConfig"]["Origins"]
    changed = [{**one, "CustomOriginConfig": SLOW} if one["Id"] == "api" else one for one in origins]
    with pytest.raises(TemplateError, match="waits 30 s for an origin"):
        read_distribution(with_distribution(Origins=changed), {})


def test_a_bucket_without_origin_access_control_is_refused() -> None:
    origins = local_template().resources[DISTRIBUTION].properties["DistributionConfig"]["Origins"]
    bare = [{name: value for name, value in one.items() if name != "OriginAccessControlId"} for one in origins]
    with pytest.raises(TemplateError, match="with origin access control only"):
        read_distribution(with_distribution(Origins=bare), {})


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        ({"HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["CloudFront-Viewer-Country"]}}, "adds no"),
        ({"HeadersConfig": {"HeaderBehavior": "sometimes"}}, "cannot honour HeaderBehavior sometimes"),
        ({"Accept": True}, "cannot honour Accept"),
    ],
)
def test_a_cache_policy_that_cannot_be_honoured_is_refused(key: dict[str, Any], complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        read_distribution(with_cache_policy(key), {})


def with_cache_policy(key: dict[str, Any]) -> Template:
    """The images with a cache policy of the template's own."""
    config = {
        "Name": "own",
        "MinTTL": 0,
        "DefaultTTL": 60,
        "MaxTTL": 600,
        "ParametersInCacheKeyAndForwardedToOrigin": key,
    }
    own = Resource("Own", "AWS::CloudFront::CachePolicy", {"CachePolicyConfig": config})
    return with_resources(with_behaviour("/images/*", CachePolicyId=Reference("Own", REF)), {"Own": own})


def test_a_site_is_a_folder_or_a_dev_server() -> None:
    assert read_local_settings({}).frontend_dist == ROOT / "emulation" / "site"
    assert read_local_settings({"FRONTEND_DIST": "dist"}).frontend_dist == Path("dist").absolute()
    with pytest.raises(LocalSettingsError, match="exclude each other"):
        read_local_settings({"FRONTEND_DIST": "dist", "FRONTEND_DEV": "http://localhost:5173"})
    with pytest.raises(LocalSettingsError, match="FRONTEND_DEV must be an address"):
        read_local_settings({"FRONTEND_DEV": "localhost:5173"})
