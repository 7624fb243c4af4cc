"""What goes wrong in a browser without anybody looking: errors of the console and of pages, requests to other hosts."""

from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket
from yarl import URL

from tests.api.client import Target

# Never sent to any host.
LOCAL_SCHEMES = frozenset(("about", "blob", "data"))


@dataclass
class Watch:
    """Notes the problems of every page of a context; a test names those that it means to cause."""

    target: Target
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, part: str) -> None:
        """A problem whose text has this part must come up, such as `status of 404` or `/api/auth/login`."""
        self.expected.append(part)

    def look_at(self, context: BrowserContext) -> None:
        """Watch the pages that a context has and will have."""
        context.on("console", self._note_message)
        context.on("weberror", self._note_error)
        context.on("request", self._note_request)
        context.on("page", lambda page: page.on("websocket", self._note_socket))

    def check(self) -> None:
        """Fail on a problem that nobody expected, and on an expected one that stayed away."""
        unexpected = [problem for problem in self.problems if not any(part in problem for part in self.expected)]
        assert not unexpected, "\n".join(unexpected)
        absent = [part for part in self.expected if not any(part in problem for problem in self.problems)]
        assert not absent, f"expected, but it never came up: {absent}"

    def _note_message(self, message: ConsoleMessage) -> None:
        # The browser writes failed loads and refusals of the content security policy as errors too.
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def _note_error(self, error: WebError) -> None:
        self.problems.append(f"error of a page: {error.error}")

    def _note_request(self, request: Request) -> None:
        self._note_address(request.url)

    def _note_socket(self, socket: WebSocket) -> None:
        self._note_address(socket.url)

    def _note_address(self, address: str) -> None:
        url = URL(address)
        own = {URL(base).authority for base in (self.target.front_door_url, self.target.api_url, self.target.aws_url)}
        if url.scheme not in LOCAL_SCHEMES and url.authority not in own:
            self.problems.append(f"request to another host: {address}")


async def settle(page: Page) -> None:
    """Wait until a page has loaded, asks for nothing more, says that nothing is busy, and no colour is on its way."""
    await page.wait_for_load_state("networkidle")
    await page.wait_for_function(
        "() => !document.querySelector('[aria-busy=true]') && [...document.images].every((image) => image.complete)"
        " && !document.getAnimations().some((animation) => animation instanceof CSSTransition)"
    )
