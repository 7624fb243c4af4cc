"""docs/fidelity.md, made of the records of two runs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.fidelity.recorder import DIFFERS, NOT_ASKED, SAME, UNKNOWN, Record

# By a word in the path of the test.
GROUPS = (
    ("cognito", "Cognito"),
    ("trigger", "Cognito"),
    ("s3", "S3"),
    ("dynamodb", "DynamoDB"),
    ("stream", "DynamoDB"),
    ("gateway", "API Gateway"),
    ("identity", "Identity and signatures"),
)
OTHERS = "All services"
HEAD = """# What is faithful

Each line is a behaviour that AWS documents and a test in `tests/` that asks for it with plain boto3 or HTTP.
The same tests ran against the local cloud ("here") and against `moto_server` {version} as it is installed
("stock moto"). `just fidelity` runs both and writes this page; a test fails when it does not list what is tested.

- **yes**: as AWS documents it.
- **no**: otherwise; in brackets what was seen first. "accepted" is a request that AWS refuses.
- **?**: cannot be asked: it takes time to pass, and stock moto has no clock that could be advanced.
- **none**: moto has no such part.

{summary}
"""
_ROW = re.compile(r"^\| (?P<fact>.+) \| \[AWS\]\((?P<source>[^)]*)\) \| .+ \| .+ \|$")


@dataclass(frozen=True)
class Row:
    """One behaviour; `moto` and `here` are what the two runs say about it."""

    group: str
    fact: str
    source: str
    moto: str = ""
    here: str = ""


def make_rows(moto: Iterable[Record], here: Iterable[Record]) -> list[Row]:
    """One row per behaviour, in the order of the tests; the variants of a parametrised test are one behaviour."""
    stock, local = _by_fact(moto), _by_fact(here)
    return [
        Row(group_of(records[0].test), fact, records[0].source, _word(stock.get(fact, [])), _word(records))
        for fact, records in local.items()
    ]


def _by_fact(records: Iterable[Record]) -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.fact, []).append(record)
    return found


def _word(records: list[Record]) -> str:
    """What all variants of a behaviour say together: the worst of them."""
    for outcome, word in ((DIFFERS, "no"), (UNKNOWN, "?"), (NOT_ASKED, "none")):
        for record in records:
            if record.outcome == outcome:
                return f"{word} ({record.reason})" if outcome == DIFFERS else word
    return "yes" if records and all(record.outcome == SAME for record in records) else "none"


def group_of(test: str) -> str:
    """The heading under which a test's behaviour stands."""
    path = test.partition("::")[0]
    return next((group for word, group in GROUPS if word in path), OTHERS)


def render(rows: list[Row], moto_version: str) -> str:
    """The page."""
    groups = sorted({row.group for row in rows}, key=lambda group: (group == OTHERS, group))
    tables = [_table(group, [row for row in rows if row.group == group], moto_version) for group in groups]
    return HEAD.format(version=moto_version, summary=_summary(rows)) + "".join(tables)


def _summary(rows: list[Row]) -> str:
    stock, here = (sum(getattr(row, place) == "yes" for row in rows) for place in ("moto", "here"))
    return f"Of {len(rows)} behaviours stock moto shows {stock}, the local cloud {here}."


def _table(group: str, rows: list[Row], moto_version: str) -> str:
    lines = [f"\n## {group}\n", f"| behaviour | AWS | stock moto {moto_version} | here |", "|---|---|---|---|"]
    lines += [f"| {_cell(row.fact)} | [AWS]({row.source}) | {_cell(row.moto)} | {_cell(row.here)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def read_listed(page: str) -> list[tuple[str, str]]:
    """The behaviours of a page and their sources, in order."""
    rows = (_ROW.match(line) for line in page.splitlines())
    return [(row["fact"].replace("\\|", "|"), row["source"]) for row in rows if row]
