"""How the pages write amounts, and set them into tables."""

from collections.abc import Iterable, Mapping, Sequence

# The columns of words; all others hold numbers and stand on the right.
WORDS = frozenset({"", "change", "for", "mostly of", "route", "service", "unit", "why"})


def draw_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---" if name in WORDS else "--:" for name in head], *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def show_usd(amount: float) -> str:
    """Dollars, and below a thousand of them their cents."""
    return f"{amount:,.2f}" if amount < 1000 else f"{amount:,.0f}"


def show_difference(amount: float) -> str:
    """Dollars with their sign; none where they round to nothing."""
    rounded = show_usd(abs(amount))
    sign = "" if float(rounded.replace(",", "")) == 0 else "+" if amount > 0 else "-"
    return sign + rounded


def show_amount(number: float) -> str:
    """A number of units, a large one in words: 1.5 million."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if number >= size:
            return f"{number / size:,.3g} {name}"
    return f"{number:,.0f}" if number >= 10 else f"{number:,.2g}"


def show_all(numbers: Mapping[str, float], unit: str) -> str:
    """What a table of the workload says, with commas between: dynamodb 5 ms, s3 30 ms."""
    return ", ".join(f"{name.replace('_', ' ')} {value:g}{unit}" for name, value in numbers.items())
