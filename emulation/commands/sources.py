"""The files that `dev` watches, and what each of them belongs to."""

from collections.abc import Iterable
from pathlib import Path

from watchfiles import Change, DefaultFilter

from emulation.commands.parts import API, CLOUD, EDGE, PARTS_BY_NAME
from emulation.settings import ROOT

WATCHED = tuple(ROOT / name for name in ("server", "deploy", "emulation"))
WATCHED_SUFFIXES = frozenset((".html", ".js", ".py", ".yaml"))
# The functions that the local AWS calls, with what they use of server/, are renewed in it while it goes on. It starts
# anew for what it uses itself.
FUNCTIONS = "functions"
# What a file below one of these places belongs to; the first that fits counts.
OWNERS = (
    ("emulation/commands/", ()),
    ("emulation/edge/", (EDGE.name,)),
    # The front door publishes the site anew by itself, reads the console for each answer, and follows the API's code
    # with its document.
    ("emulation/site/", ()),
    ("emulation/console/", ()),
    ("emulation/cost/", ()),
    ("emulation/openapi/", ()),
    ("emulation/seed/", (EDGE.name,)),
    ("emulation/cloud/exchange.py", (CLOUD.name, EDGE.name)),
    ("emulation/cloud/sigv4.py", (CLOUD.name, EDGE.name)),
    ("emulation/cloud/", (CLOUD.name,)),
    ("emulation/applier/", (CLOUD.name,)),
    ("emulation/api/", (API.name,)),
    ("deploy/template.yaml", (CLOUD.name, EDGE.name)),
    ("deploy/commands/errors.py", (EDGE.name,)),
    ("deploy/commands/site.py", (EDGE.name,)),
    ("deploy/build/", (API.name,)),
    ("deploy/functions/start.py", tuple(PARTS_BY_NAME)),
    ("deploy/functions/", (API.name, FUNCTIONS)),
    ("deploy/", ()),
    ("emulation/in_process.py", (API.name,)),
    ("emulation/runtime/", (CLOUD.name, API.name)),
    ("server/handlers/", (API.name,)),
    ("server/gateway/", (API.name,)),
    ("server/app.py", (API.name,)),
    ("server/aws/", (CLOUD.name, API.name)),
    ("server/clock.py", tuple(PARTS_BY_NAME)),
    ("server/triggers.py", (CLOUD.name, API.name)),
    ("server/", (API.name, FUNCTIONS)),
    ("emulation/", tuple(PARTS_BY_NAME)),
)


def owners_of(paths: Iterable[Path]) -> list[str]:
    """The parts, by name, that must be started anew when these files have changed, and FUNCTIONS when those must be."""
    touched: set[str] = set()
    for path in paths:
        place = path.relative_to(ROOT).as_posix()
        touched.update(next((names for prefix, names in OWNERS if place.startswith(prefix)), ()))
    if CLOUD.name in touched:
        touched.discard(FUNCTIONS)
    return [name for name in (*PARTS_BY_NAME, FUNCTIONS) if name in touched]


class SourceFilter(DefaultFilter):
    """Lets through the changes of files that a part may be made of."""

    def __call__(self, change: Change, path: str) -> bool:
        """Whether a change is one of those."""
        return Path(path).suffix in WATCHED_SUFFIXES and super().__call__(change, path)
