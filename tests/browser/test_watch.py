import pytest
from playwright.async_api import Page

from tests.api.client import Target
from tests.browser.accessibility import check_accessibility
from tests.browser.watch import Watch, settle
from tests.eventually import eventually


async def test_a_request_to_another_host_is_a_problem(page: Page, watch: Watch) -> None:
    # On no page of the front door: its content security policy would stop the request before it is one.
    await page.evaluate("fetch('http://outside.example/font.woff2').catch(() => null)")
    watch.expect("http://outside.example/font.woff2")
    assert "request to another host: http://outside.example/font.woff2" in watch.problems


async def test_an_error_in_a_page_and_one_in_its_console_are_problems(page: Page, watch: Watch, target: Target) -> None:
    await page.goto(target.front_door_url)
    await page.evaluate("setTimeout(() => { throw new Error('a slip') }); console.error('a complaint')")

    async def look() -> bool:
        return len(watch.problems) == 2

    await eventually(look)
    watch.expect("a slip")
    watch.expect("a complaint")


async def test_a_problem_that_nobody_expected_fails_and_so_does_one_that_stays_away(target: Target) -> None:
    watch = Watch(target, problems=["console error: a slip"])
    with pytest.raises(AssertionError, match="a slip"):
        watch.check()
    watch.expect("slip")
    watch.check()
    watch.expect("status of 404")
    with pytest.raises(AssertionError, match="never came up"):
        watch.check()


async def test_a_button_without_a_name_is_a_serious_violation(page: Page, target: Target) -> None:
    await page.goto(target.front_door_url)
    await check_accessibility(page)
    await page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    with pytest.raises(AssertionError, match="button-name"):
        await check_accessibility(page)


async def test_a_page_has_settled_when_its_transitions_have_ended(page: Page) -> None:
    await page.set_content("<p style='transition: color 1s; color: rgb(0, 0, 0)'>Text</p>")
    text = page.get_by_text("Text")
    await text.evaluate("(element) => { getComputedStyle(element).color; element.style.color = 'rgb(200, 200, 200)' }")

    await settle(page)

    assert await text.evaluate("(element) => getComputedStyle(element).color") == "rgb(200, 200, 200)"
