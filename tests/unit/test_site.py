"""The sample site keeps the rules that make it worth copying."""

import re

from emulation.settings import SAMPLE_SITE
from server.routes import ROUTES

CLIENT = SAMPLE_SITE / "js" / "api.js"
MODULES = {path.relative_to(SAMPLE_SITE).as_posix(): path.read_text() for path in SAMPLE_SITE.glob("js/**/*.js")}
CALL = re.compile(r'this\.#(?:data|guitar)\("([A-Z]+)", ["`]([^"`]+)["`]')


def test_the_client_calls_every_route_and_no_other() -> None:
    called = {f"{method} {re.sub(r'[$]{[^}]+}', '{id}', path)}" for method, path in CALL.findall(CLIENT.read_text())}
    assert called == {route.key for route in ROUTES}


def test_only_the_client_speaks_to_servers() -> None:
    speaking = {name for name, text in MODULES.items() if re.search(r"\bfetch\(|XMLHttpRequest|sendBeacon", text)}
    assert speaking == {"js/api.js"}


def test_nothing_is_kept_in_the_browser_and_no_text_becomes_markup() -> None:
    for name, text in MODULES.items():
        code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.DOTALL | re.MULTILINE)
        found = re.search(r"localStorage|sessionStorage|\.cookie\b|indexedDB|innerHTML|insertAdjacentHTML|eval\(", code)
        assert not found, f"{name}: {found}"


def test_the_page_has_no_script_or_style_of_its_own_and_names_no_other_host() -> None:
    page = (SAMPLE_SITE / "index.html").read_text()
    assert not re.search(r"<script[^>]*>[^<]|<style|\sstyle=|\son\w+=", page)
    for name, text in {"index.html": page, **MODULES}.items():
        hosts = set(re.findall(r"https?://([\w.-]+)", text)) - {"www.w3.org"}
        assert not hosts, f"{name}: {hosts}"
