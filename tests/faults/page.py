"""docs/reliability.md, made of records."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.record import Record


@dataclass(frozen=True)
class Section:
    """A table of the page. Records name the section by its `key`."""

    key: str
    title: str
    text: str


SECTIONS = (
    Section(
        "faults",
        "Faults",
        "Each part was killed and stopped, each service made to fail, while clients created, changed, deleted and "
        "listed guitars through the front door. An acknowledged write is lost when it is not found afterwards; of a "
        "killed AWS endpoint those that it had not saved yet are not counted, as [state](decisions/state.md) says why. "
        "Afterwards `just doctor` found no problem, and no other part was restarted. "
        "A bare 500 of API Gateway is an authorizer that cannot reach Cognito, a 502 or 504 the front door without "
        "its origin: both as on AWS.",
    ),
    Section("soak", "Soak", "Memory and open files of each part at the end, beside those after the warm-up."),
    Section(
        "hostile",
        "Hostile input",
        "Input that is made to do harm, and how it was answered. What no HTTP library writes is sent as bytes and is "
        "among the tests alone. [SECURITY.md](../SECURITY.md) names what each threat meets.",
    ),
)

HEAD = (
    "# Reliability\n\nWhat was thrown at the stack, what it answered, and what was lost. "
    "`just reliability` makes this page; `just test` runs a short form of all of it.\n\n"
)


def render(records: Sequence[Record], forms: Sequence[str]) -> str:
    """The page; `forms` says what was run in which form."""
    parts = [HEAD, f"Run in these forms: {'; '.join(forms)}.\n\n", _sum(records)]
    for section in SECTIONS:
        of_it = [record for record in records if record.section == section.key]
        if of_it:
            parts.append(f"\n## {section.title}\n\n{section.text}\n\n{_table(of_it)}")
    return "".join(parts)


def _sum(records: Sequence[Record]) -> str:
    hostile = [record for record in records if record.section == "hostile"]
    return (
        "| faults tried | requests | acknowledged writes | lost | duplicated | hostile requests | 5xx among them "
        "| longest answer |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        f"| {sum(one.section == 'faults' for one in records)} | {sum(one.requests for one in records):,} "
        f"| {sum(one.acknowledged for one in records):,} | {sum(one.lost for one in records)} "
        f"| {sum(one.duplicated for one in records)} | {sum(one.requests for one in hostile):,} "
        f"| {sum(count for one in hostile for kind, count in one.answers.items() if kind.startswith('5'))} "
        f"| {max((one.longest_seconds for one in records), default=0.0)} s |\n"
    )


def _table(records: Sequence[Record]) -> str:
    rows = [
        "| what | requests | answers | acknowledged | lost | duplicated | longest answer | |",
        "|---|--:|---|--:|--:|--:|--:|---|",
    ]
    for one in records:
        answers = ", ".join(f"{kind}: {count:,}" for kind, count in sorted(one.answers.items()))
        figures = "; ".join(f"{name}: {value}" for name, value in one.figures.items())
        cells = (one.name, f"{one.requests:,}", _cell(answers), f"{one.acknowledged:,}", one.lost, one.duplicated)
        longest = f"{one.longest_seconds} s" if one.longest_seconds else ""
        rows.append(f"| {' | '.join(map(str, cells))} | {longest} | {_cell(figures)} |")
    return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
