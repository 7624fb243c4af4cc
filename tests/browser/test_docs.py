import json
from typing import Any

from playwright.async_api import Page

from tests.api.client import Api, new_password
from tests.browser.watch import Watch


async def execute(page: Page, operation: str, body: Any = None) -> tuple[str, Any]:
    """Execute an operation as a reader of the docs does; the status and the JSON that are shown."""
    block = page.locator(f"#operations-{operation}")
    if not await block.locator(".opblock-body").count():
        await block.locator(".opblock-summary-control").click()
    if body is not None:
        await block.locator("textarea").fill(json.dumps(body))
    async with page.expect_response(lambda response: "/_local/" not in response.url) as answered:
        await block.locator(".execute").click()
    answer = await answered.value
    await block.locator(".live-responses-table .response-col_status", has_text=str(answer.status)).first.wait_for()
    return str(answer.status), await answer.json()


async def test_the_docs_call_the_stack_as_whoever_signs_in_there(page: Page, api: Api, watch: Watch) -> None:
    watch.expect("401")
    user = await api.register()
    await api.verify(user)
    await page.goto(f"{api.target.front_door_url}/_local/docs")

    status, answer = await execute(page, "Guitars-list_brands")
    assert (status, answer["error"]["code"]) == ("401", "AUTH_UNAUTHORIZED")

    status, _ = await execute(page, "Accounts-login_user", {"email": user.email, "password": user.password})
    assert status == "200"
    status, _ = await execute(page, "Guitars-create_guitar", {"brand": "Fender", "model": "Telecaster"})
    assert status == "201"

    await page.locator("#servers").select_option(api.target.api_url)
    status, answer = await execute(page, "Guitars-list_brands")
    assert (status, answer["data"]) == ("200", {"brands": ["Fender"]})


async def test_an_address_leads_to_an_operation(page: Page, api: Api, watch: Watch) -> None:
    # Swagger UI says so of every address with an underscore, and means blanks.
    watch.expect("escaping deep link whitespace")
    await page.goto(f"{api.target.front_door_url}/_local/docs#/Accounts/register_user")
    await page.locator("#operations-Accounts-register_user .execute").wait_for()
    await page.locator("#operations-Accounts-register_user textarea").fill(
        json.dumps({"email": f"{new_password()[4:]}@example.com", "password": new_password(), "name": "Ada"})
    )
    await page.locator("#operations-Accounts-register_user .execute").click()
    await page.locator(".live-responses-table .response-col_status", has_text="201").wait_for()
