"""docs/cost.svg: USD a month by service over users, both axes logarithmic."""

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 860, 520
LEFT, RIGHT, TOP, BOTTOM = 100, 150, 62, 54
# A service below a cent has no place on a logarithmic axis.
LEAST_USD = 0.01
LABEL_GAP = 15
TOTAL = "all together"
# In this order, whatever the figures: a service keeps its colour.
COLOURS = {
    "Cognito": "#2a78d6",
    "S3": "#1baf7a",
    "CloudFront": "#eda100",
    "CloudWatch": "#e34948",
    "DynamoDB": "#4a3aa7",
    "API Gateway": "#eb6834",
    "Lambda": "#e87ba4",
    "CloudTrail": "#008300",
    "SES": "#6b6a63",
    TOTAL: "#0b0b0b",
}


def draw_chart(points: Mapping[str, Sequence[tuple[float, float]]], title: str) -> str:
    """The SVG of lines by name, each of (users, USD); raises KeyError for a name that has no colour."""
    drawn = {name: [one for one in line if one[1] >= LEAST_USD] for name, line in points.items()}
    drawn = {name: line for name, line in drawn.items() if line}
    users = [x for line in drawn.values() for x, _ in line]
    most = max(usd for line in drawn.values() for _, usd in line)
    x_decades = (math.floor(math.log10(min(users))), math.ceil(math.log10(max(users))))
    y_decades = (round(math.log10(LEAST_USD)), math.ceil(math.log10(most)))
    x = _Scale(x_decades, LEFT, WIDTH - RIGHT)
    y = _Scale(y_decades, HEIGHT - BOTTOM, TOP)
    parts = [*_head(title), *_grid(x_decades, y_decades, x, y)]
    for name, line in drawn.items():
        path = " ".join(f"{x(one):.1f},{y(usd):.1f}" for one, usd in line)
        width = 3 if name == TOTAL else 2
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{COLOURS[name]}" stroke-width="{width}" '
            f'stroke-linejoin="round"><title>{name}</title></polyline>'
        )
    parts += _labels({name: y(line[-1][1]) for name, line in drawn.items()})
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Scale:
    """The place of a value on an axis."""

    def __init__(self, decades: tuple[int, int], start: float, end: float) -> None:
        self._low, self._high = decades
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return self._start + share * (self._end - self._start)


def _head(title: str) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="#52514e">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fcfcfb"/>',
        f'<text x="{LEFT}" y="30" font-size="17" font-weight="600" fill="#0b0b0b">{title}</text>',
        f'<text x="{LEFT}" y="48">both axes logarithmic; free tiers counted</text>',
    ]


def _grid(x_decades: tuple[int, int], y_decades: tuple[int, int], x: _Scale, y: _Scale) -> list[str]:
    parts = []
    for decade in range(y_decades[0], y_decades[1] + 1):
        at = y(10.0**decade)
        # A power with a negative exponent is a float, and any other a whole number, which `,g` would write as 1e+06.
        usd = f"{10.0**decade:g}" if decade < 0 else f"{10**decade:,}"
        parts += [
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#e1e0d9"/>',
            f'<text x="{LEFT - 10}" y="{at + 4:.1f}" text-anchor="end">${usd}</text>',
        ]
    for decade in range(x_decades[0], x_decades[1] + 1):
        parts.append(
            f'<text x="{x(10.0**decade):.1f}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle">{10**decade:,}</text>'
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT - 10}" text-anchor="middle">active users a month</text>')
    return parts


def _labels(ends: Mapping[str, float]) -> list[str]:
    """The names at the lines' ends, moved apart where they would lie on each other."""
    parts, free = [], float(TOP)
    for name, end in sorted(ends.items(), key=lambda one: one[1]):
        at = max(end, free)
        free = at + LABEL_GAP
        x = WIDTH - RIGHT + 10
        parts += [
            f'<line x1="{x - 8}" x2="{x + 8}" y1="{end:.1f}" y2="{at:.1f}" stroke="{COLOURS[name]}"/>',
            f'<text x="{x + 12}" y="{at + 4:.1f}" fill="#0b0b0b">{name}</text>',
        ]
    return parts
