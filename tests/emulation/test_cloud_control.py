import json

import pytest

from tests.emulation.cloud_process import CloudProcess


def test_health_names_the_resources(cloud: CloudProcess) -> None:
    status, health = cloud.request("GET", "/_cloud/health")
    assert (status, health["status"]) == (200, "ok")
    assert cloud.request("GET", "/_cloud/environment")[1]["DYNAMODB_TABLE_GUITARS"] in health["resources"].values()


def test_the_clock_lists_its_ageing_events_and_forgets_them(cloud: CloudProcess) -> None:
    cloud.request("DELETE", "/_cloud/clock")
    status, clock = cloud.request("POST", "/_cloud/clock", json.dumps({"advanceSeconds": 3600}).encode())
    assert (status, [event["seconds"] for event in clock["events"]]) == (200, [3600])
    assert cloud.request("GET", "/_cloud/clock") == (200, clock)
    assert cloud.request("DELETE", "/_cloud/clock") == (200, {"events": []})


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"advanceSeconds": 0}', '{"advanceSeconds": 1.5}', "true"])
def test_the_clock_refuses_what_is_no_number_of_seconds(cloud: CloudProcess, body: str) -> None:
    assert cloud.request("POST", "/_cloud/clock", body.encode())[0] == 400


def test_the_clock_is_advanced_by_a_hundred_years_in_all(cloud: CloudProcess) -> None:
    fifty_years = json.dumps({"advanceSeconds": 51 * 365 * 86_400}).encode()
    assert cloud.request("POST", "/_cloud/clock", fifty_years)[0] == 200
    status, refusal = cloud.request("POST", "/_cloud/clock", fifty_years)
    assert (status, "hundred years" in refusal["message"]) == (400, True)
    assert cloud.request("DELETE", "/_cloud/clock")[0] == 200


def test_the_mailbox_is_a_list_and_can_be_cleared(cloud: CloudProcess) -> None:
    assert cloud.request("DELETE", "/_cloud/mail?to=nobody@example.com") == (204, "")
    assert cloud.request("GET", "/_cloud/mail?to=nobody@example.com") == (200, [])


def test_nothing_is_given_up_at_first(cloud: CloudProcess) -> None:
    assert cloud.request("GET", "/_cloud/dead-letters")[0] == 200


def test_an_unknown_path_is_not_found_and_a_wrong_method_not_allowed(cloud: CloudProcess) -> None:
    assert cloud.request("GET", "/_cloud/nothing")[0] == 404
    assert cloud.request("GET", "/_cloud/reset")[0] == 405


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://example.com"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none", "Host": "a.test"}],
)
def test_another_sites_page_is_refused(cloud: CloudProcess, headers: dict[str, str]) -> None:
    assert cloud.request("GET", "/_cloud/mail", headers=headers)[0] == 403


def test_a_page_of_the_front_door_is_answered(cloud: CloudProcess) -> None:
    assert cloud.request("GET", "/_cloud/mail", headers={"Origin": "http://localhost:8000"})[0] == 200


@pytest.mark.parametrize("path", ["/_cloud/mail", "/_cloud/environment", "/_cloud/domain/confirmUser", "/"])
def test_a_name_that_was_rebound_to_this_machine_is_not_answered(cloud: CloudProcess, path: str) -> None:
    assert cloud.request("GET", path, headers={"Host": "evil.example:4566"})[0] == 403


def test_the_names_of_this_machine_are_answered(cloud: CloudProcess) -> None:
    for host in ("localhost", "127.0.0.1:4566", "[::1]:4566", "bucket.localhost"):
        assert cloud.request("GET", "/_cloud/clock", headers={"Host": host})[0] == 200
