"""The local tools' own pages: files that hold no data, and the policy that keeps them to this machine."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from emulation.settings import ROOT, LocalSettings

_DOCS = Path(__file__).with_name("docs")
_CONSOLE = ROOT / "emulation" / "console"
_TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript"}


@dataclass(frozen=True)
class Page:
    """A file, and what it is."""

    file: Path
    content_type: str


def _files(prefix: str, folder: Path) -> dict[str, Page]:
    """A folder's files by their paths."""
    return {f"{prefix}{file.name}": Page(file, _TYPES[file.suffix]) for file in folder.iterdir()}


# path -> the file behind it
PAGES = {
    "/_local/": Page(_CONSOLE / "index.html", "text/html"),
    **_files("/_local/console/", _CONSOLE),
    "/_local/docs": Page(_DOCS / "index.html", "text/html"),
    "/_local/docs/docs.css": Page(_DOCS / "docs.css", "text/css"),
    "/_local/docs/docs.js": Page(_DOCS / "docs.js", "text/javascript"),
    "/_local/docs/swagger-ui.css": Page(_DOCS / "swagger-ui" / "swagger-ui.css", "text/css"),
    "/_local/docs/swagger-ui.js": Page(_DOCS / "swagger-ui" / "swagger-ui-bundle.js", "text/javascript"),
}


class Pages:
    """Reads the pages anew each time, so that a change is seen at the next reload."""

    def __init__(self, settings: LocalSettings) -> None:
        # Scripts and styles from files of the front door only; calls to it and to the API; nothing from anywhere else.
        # https://www.w3.org/TR/CSP3/
        policy = {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data: blob:",
            "connect-src": f"'self' {settings.public_api_url}",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        self._headers = {
            "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    def find(self, path: str) -> web.Response | None:
        """The page at a path, if there is one."""
        page = PAGES.get(path)
        if page is None:
            return None
        return web.Response(
            body=page.file.read_bytes(), content_type=page.content_type, charset="utf-8", headers=self._headers
        )
