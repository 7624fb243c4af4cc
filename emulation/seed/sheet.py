"""A transparent sheet to draw on in centimetres."""

from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

from emulation.seed.shapes import Point


class Sheet:
    """`centre` is the point in the middle of the sheet; `scale` is in pixels for a centimetre."""

    def __init__(self, size: tuple[int, int], centre: Point, scale: float) -> None:
        self.image = Image.new("RGBA", size)
        self.scale = scale
        self._centre = centre
        self._draw = ImageDraw.Draw(self.image)

    def at(self, point: Point) -> Point:
        """Where on the sheet a point is, in pixels."""
        width, height = self.image.size
        return (
            width / 2 + (point[0] - self._centre[0]) * self.scale,
            height / 2 - (point[1] - self._centre[1]) * self.scale,
        )

    def mask(self, points: Iterable[Point]) -> Image.Image:
        """White inside the outline, black outside, of the size of the sheet."""
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon([self.at(point) for point in points], fill=255)
        return mask

    def area(self, points: Iterable[Point], fill: str, outline: str | None = None, width: float = 0.12) -> None:
        """A filled outline."""
        placed = [self.at(point) for point in points]
        self._draw.polygon(placed, fill=fill)
        if outline:
            self._draw.line([*placed, *placed[:2]], fill=outline, width=round(width * self.scale), joint="curve")

    def rim(self, points: Iterable[Point], fill: str, width: float) -> None:
        """A closed line that lets through what lies below."""
        placed = [self.at(point) for point in points]
        above = Image.new("RGBA", self.image.size)
        ImageDraw.Draw(above).line([*placed, *placed[:2]], fill, round(width * self.scale), joint="curve")
        self.image.alpha_composite(above)

    def bar(self, centre: Point, length: float, height: float, fill: str, outline: str | None = None) -> None:
        """A rectangle with round corners; `length` is along the strings."""
        left, top = self.at((centre[0] - length / 2, centre[1] + height / 2))
        right, bottom = self.at((centre[0] + length / 2, centre[1] - height / 2))
        radius = min(right - left, bottom - top) * 0.3
        line = max(1, round(0.08 * self.scale))
        self._draw.rounded_rectangle((left, top, right, bottom), radius, fill, outline, line)

    def disc(self, centre: Point, radius: float, fill: str, outline: str | None = None) -> None:
        """A filled circle."""
        x, y = self.at(centre)
        reach = radius * self.scale
        self._draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill, outline, round(0.1 * self.scale))

    def line(self, start: Point, end: Point, fill: str, width: float) -> None:
        """A straight line."""
        self._draw.line((self.at(start), self.at(end)), fill, max(1, round(width * self.scale)))


def smooth(points: Sequence[Point], steps: int = 14) -> list[Point]:
    """A closed curve through the points (Catmull-Rom)."""
    curve = []
    count = len(points)
    for index in range(count):
        before, start, end, after = (points[(index + offset) % count] for offset in (-1, 0, 1, 2))
        for step in range(steps):
            x, y = (_spline(before[axis], start[axis], end[axis], after[axis], step / steps) for axis in (0, 1))
            curve.append((x, y))
    return curve


def _spline(before: float, start: float, end: float, after: float, t: float) -> float:
    linear, square = end - before, 2 * before - 5 * start + 4 * end - after
    return start + 0.5 * t * (linear + t * (square + t * (3 * (start - end) + after - before)))
