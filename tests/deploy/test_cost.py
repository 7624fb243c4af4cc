"""The bill: prices, shares and rows by hand, and the page that follows of the data files."""

from dataclasses import replace

import pytest

from deploy.cost.bill import Bill, bill_route, bill_users, draw_up
from deploy.cost.consumption import Consumption, consume, consume_step
from deploy.cost.counting import AUTHORIZER
from deploy.cost.measured import Function, Measured, Row, Stored, read_measured
from deploy.cost.page import DIFFERENCES, render_pages
from deploy.cost.prices import Price, PriceTable, Step, read_prices
from deploy.cost.scale import rate_of, rates_of, read_limits
from deploy.cost.variants import CONSIDERED, MADE, Inputs
from deploy.cost.workload import WORKLOAD, Workload, WorkloadError, read_workload
from emulation.cost.__main__ import BILLED, SITE
from emulation.cost.template import count_template
from emulation.local_template import read_template_of
from emulation.settings import ROOT
from server.routes import ROUTES

PRICES, WORKLOAD_AS_IT_IS, MEASURED = read_prices(), read_workload(), read_measured()


def a_price(**told: object) -> Price:
    fields = {"per": 1_000_000, "steps": (Step(1.0),), "free": 0.0, "source": "", "seen": True, **told}
    return Price("requests", "A service", "request", **fields)  # type: ignore[arg-type]


def bill_of(*rows: Row, workload: Workload = WORKLOAD_AS_IT_IS, prices: PriceTable = PRICES) -> Bill:
    """The bill of one call with these rows, without free tiers."""
    used = Consumption()
    functions = {"GuitarsFunction": Function(512, 500.0), AUTHORIZER: Function(128, 300.0)}
    measured = Measured("", {}, {"step": rows}, functions, Stored(0, 0, 0, 0), {})
    consume_step(used, measured, workload, "step", 1)
    return draw_up(used, prices, free_tier=False)


def amounts(bill: Bill) -> dict[str, float]:
    return {line.price.name: line.amount for line in bill.lines}


def test_steps_of_a_price_each_count_for_their_part() -> None:
    price = a_price(steps=(Step(1.0, 300e6), Step(0.9)))
    assert price.cost(300e6) == pytest.approx(300)
    assert price.cost(500e6) == pytest.approx(300 + 0.9 * 200)


def test_what_is_free_is_the_first_part_and_can_be_left_out() -> None:
    price = a_price(steps=(Step(1.0, 2e6), Step(0.5)), free=1e6)
    assert price.cost(900_000) == 0
    assert price.cost(3e6) == pytest.approx(1.0 + 0.5)
    assert price.cost(3e6, free_tier=False) == pytest.approx(2.0 + 0.5)


INVOKED = Row("GET /guitars", "lambda", "GuitarsFunction", "", 1.0, cpu_milliseconds=0.0)
NEVER_COLD = replace(WORKLOAD_AS_IT_IS, cold_share=0.0)


def test_a_call_of_the_table_is_billed_by_its_units_table_and_index_together() -> None:
    row = Row("direct: nobody", "dynamodb", "Query", "", 2.0, read_units={"guitars": 3.0, "guitars/index": 1.0})
    assert amounts(bill_of(row)) == {"dynamodb_reads": 4.0}


def test_a_function_is_billed_while_it_waits_for_its_own_calls() -> None:
    query = Row("direct: GuitarsFunction", "dynamodb", "Query", "", 2.0)
    unsigned = Row("direct: unsigned", "cognito-idp", "GetUser", "", 1.0)
    of_others = Row("direct: ImagesFunction", "s3", "PutObject", "Tier1", 1.0)
    traced = Row("GET /guitars", "s3", "HeadObject", "Tier2", 1.0)
    found = amounts(bill_of(INVOKED, query, unsigned, of_others, traced, workload=NEVER_COLD))
    assert found["lambda_gb_seconds"] == pytest.approx(0.5 * (2 * 0.005 + 0.060 + 0.030))


def test_nobody_is_billed_while_a_browser_uploads() -> None:
    upload = Row("direct: ImagesFunction", "s3", "PutObject", "Tier1", 1.0)
    assert "lambda_gb_seconds" not in amounts(bill_of(upload))


def test_a_functions_cpu_time_grows_as_its_memory_is_less_than_a_cores() -> None:
    row = Row("GET /guitars", "lambda", "GuitarsFunction", "", 1.0, cpu_milliseconds=10.0)
    workload = replace(WORKLOAD_AS_IT_IS, cold_share=0.1)
    seconds = (10.0 * 1769 / 512 + 0.1 * 500.0) / 1000
    found = amounts(bill_of(row, workload=workload))
    assert found["lambda_requests"] == 1.0
    assert found["lambda_gb_seconds"] == pytest.approx(0.5 * seconds)


def test_the_edge_is_billed_by_requests_bytes_and_its_function() -> None:
    row = Row("GET /guitars", "cloudfront", "/api/*", "Miss", 1.0, request_bytes=2**29, response_bytes=2**30)
    headers = WORKLOAD_AS_IT_IS.header_bytes / 2**30
    found = amounts(bill_of(row))
    assert (found["edge_requests"], found["edge_functions"]) == (1.0, 1.0)
    assert found["edge_to_origin"] == 0.5
    assert found["edge_transfer"] == pytest.approx(1.0 + headers)


def test_an_objects_call_is_billed_by_its_tier_and_by_the_trail() -> None:
    put = Row("direct: nobody", "s3", "PutObject", "Tier1", 1.0)
    deleted = Row("event: CleanupFunction", "s3", "DeleteObject", "free", 3.0)
    assert amounts(bill_of(put))["s3_tier1"] == 1.0
    found = amounts(bill_of(deleted))
    assert (found["trail_events"], "s3_tier1" in found, "s3_tier2" in found) == (3.0, False, False)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (Row("GET /guitars", "rekognition", "DetectLabels", "", 2.0), "rekognition DetectLabels"),
        (Row("GET /guitars", "dynamodb", "ExecuteStatement", "", 2.0), "dynamodb ExecuteStatement"),
        (Row("GET /guitars", "s3", "SelectObjectContent", "Tier9", 2.0), "s3 SelectObjectContent Tier9"),
        (Row("GET /guitars", "cognito-idp", "AdminImport", "", 2.0), "cognito-idp AdminImport"),
        (Row("GET /guitars", "lambda", "OtherFunction", "", 2.0), "lambda OtherFunction"),
        (Row("GET /guitars", "cloudfront", "/other/*", "Hit", 2.0), "cloudfront /other/* Hit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_unknown_is_unpriced_and_not_nothing(row: Row, what: str) -> None:
    bill = bill_of(row)
    assert (bill.lines, bill.unpriced) == ((), {what: 2.0})


def test_a_price_that_is_missing_leaves_its_amount_unpriced() -> None:
    left = {name: price for name, price in PRICES.prices.items() if name != "api_requests"}
    bill = bill_of(Row("GET /guitars", "apigateway", "Request", "", 5.0), prices=replace(PRICES, prices=left))
    assert bill.unpriced == {"api_requests": 5.0}


def test_the_workload_of_the_specification_has_nothing_unpriced() -> None:
    assert bill_users(MEASURED, WORKLOAD_AS_IT_IS, PRICES, 1_000).unpriced == {}


def test_a_price_that_doubles_doubles_its_line() -> None:
    dear = replace(PRICES.prices["api_requests"], steps=(Step(2.0),))
    before = bill_users(MEASURED, WORKLOAD_AS_IT_IS, PRICES, 10_000)
    after = bill_users(
        MEASURED, WORKLOAD_AS_IT_IS, replace(PRICES, prices={**PRICES.prices, "api_requests": dear}), 10_000
    )
    assert before.by_service()["API Gateway"] == pytest.approx(1.0)
    assert after.by_service()["API Gateway"] == pytest.approx(2.0)
    assert after.total - before.total == pytest.approx(1.0)


def test_a_share_of_the_mix_that_moves_moves_the_bill() -> None:
    mix = {**WORKLOAD_AS_IT_IS.mix}
    mix["GET /guitars/{id}"] -= 10
    mix["PUT /guitars/{id}"] += 10
    before = consume(MEASURED, WORKLOAD_AS_IT_IS, 1_000).amounts
    after = consume(MEASURED, replace(WORKLOAD_AS_IT_IS, mix=mix), 1_000).amounts
    share = after["dynamodb_writes"]["PUT /guitars/{id}"] / before["dynamodb_writes"]["PUT /guitars/{id}"]
    assert share == pytest.approx(mix["PUT /guitars/{id}"] / WORKLOAD_AS_IT_IS.mix["PUT /guitars/{id}"])
    assert sum(after["api_requests"].values()) == pytest.approx(sum(before["api_requests"].values()))


def test_shares_that_do_not_add_up_are_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("cost") / "workload.toml"
    path.write_text(WORKLOAD.read_text("utf-8").replace('"GET /guitars" = 24', '"GET /guitars" = 25'), "utf-8")
    with pytest.raises(WorkloadError, match=r"\[mix\] are 101 together"):
        read_workload(path)


def test_the_users_make_as_many_calls_and_keep_as_much_as_the_specification_says() -> None:
    used = consume(MEASURED, WORKLOAD_AS_IT_IS, 1_000).amounts
    assert sum(used["api_requests"].values()) == pytest.approx(100_000)
    assert sum(used["s3_monitoring"].values()) == pytest.approx(50_000)
    assert sum(used["edge_transfer"].values()) == pytest.approx(10, rel=0.2)


def test_a_route_is_priced_with_its_share_of_the_authorizer() -> None:
    with_token = bill_route(MEASURED, WORKLOAD_AS_IT_IS, PRICES, "GET /guitars")
    invocations = next(line.amount for line in with_token.lines if line.price.name == "lambda_requests")
    assert 1_000_000 < invocations < 1_500_000
    assert with_token.by_service()["API Gateway"] == pytest.approx(1.0)


def test_every_route_has_its_share_of_the_mix_or_is_rare() -> None:
    shared = {step.partition("?")[0] for step in WORKLOAD_AS_IT_IS.mix}
    assert shared.isdisjoint(WORKLOAD_AS_IT_IS.rare)
    assert shared.union(WORKLOAD_AS_IT_IS.rare) == {route.key for route in ROUTES}


def test_the_specifications_own_totals_are_the_documents() -> None:
    totals = {users: sum(told.values()) for users, told in WORKLOAD_AS_IT_IS.specification.items()}
    assert totals == {1_000: pytest.approx(2.38), 10_000: pytest.approx(39.2)}


def test_every_service_on_the_bill_is_explained() -> None:
    assert bill_users(MEASURED, WORKLOAD_AS_IT_IS, PRICES, 1_000).by_service().keys() == DIFFERENCES.keys()


def test_what_the_template_has_is_what_is_billed() -> None:
    assert dict(MEASURED.template) == count_template(read_template_of(BILLED, [SITE]))


def test_a_change_that_was_made_costs_less() -> None:
    inputs = Inputs(MEASURED, WORKLOAD_AS_IT_IS, PRICES)
    for name, undo in MADE.items():
        assert undo(inputs).bill(1_000_000).total > inputs.bill(1_000_000).total, name
    for name, (change, _) in CONSIDERED.items():
        assert change(inputs).bill(1_000_000).total != inputs.bill(1_000_000).total, name


def test_the_pages_follow_of_the_data_files() -> None:
    for name, text in render_pages(MEASURED, WORKLOAD_AS_IT_IS, PRICES, read_limits()).items():
        assert (ROOT / "docs" / name).read_text("utf-8") == text, f"docs/{name}: uv run just cost --measured"


def test_rates_are_those_of_the_busiest_second() -> None:
    limits = read_limits()
    rates = rates_of(MEASURED, WORKLOAD_AS_IT_IS, limits, 1_000_000)
    assert rates["api"] == pytest.approx(1_000_000 * 100 / (365 / 12 * 86_400) * limits.peak)
    assert rates["GetUser"] == pytest.approx(rates["api"] * 16 / 100)
    assert rates["mails_a_day"] == pytest.approx(1_000_000 * 0.4 / (365 / 12))


def test_every_limit_is_held_against_something_that_was_metered() -> None:
    limits = read_limits()
    rates = rates_of(MEASURED, WORKLOAD_AS_IT_IS, limits, 1_000_000)
    for limit in limits.limits:
        assert rate_of(limit, rates) > 0, limit.what
