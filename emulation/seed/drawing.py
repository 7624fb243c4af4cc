"""Pictures of guitars, drawn: a body in its finish, neck, strings and parts, on a soft ground."""

import io
import math
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from emulation.seed.shapes import HEADS, SHAPES, Point, Shape
from emulation.seed.sheet import Sheet, smooth

SIZE = (1600, 1200)
_OVERSAMPLING = 1.5
# The sheet is larger than the picture, so that its edges stay outside when it is tilted.
_MARGIN = 1.25
_STRINGS = 6
_DOTS = (3, 5, 7, 9, 12, 15, 17, 19, 21, 24)


@dataclass(frozen=True)
class Look:
    """How a guitar looks. Colours are CSS ones; `edge` is the darker rim of a burst, or the same as `body`."""

    shape: str
    body: str
    edge: str
    ground: str
    pickups: tuple[str, ...] = ()
    fretboard: str = "#3b2418"
    neck: str = "#c98f4e"
    guard: str | None = None
    binding: str | None = None
    metal: str = "#d9dade"


@dataclass(frozen=True)
class View:
    """Which part is seen: its centre on the guitar in centimetres, pixels for a centimetre, degrees of tilt."""

    centre: Point
    scale: float
    tilt: float


WHOLE = View((49, 0), 15.6, 17)
BODY = View((24, 0), 27, -8)


def draw_guitar(look: Look, view: View) -> bytes:
    """A JPEG of 1600 x 1200 pixels."""
    size = (round(SIZE[0] * _OVERSAMPLING), round(SIZE[1] * _OVERSAMPLING))
    drawn = (round(size[0] * _MARGIN), round(size[1] * _MARGIN))
    sheet = Sheet(drawn, view.centre, view.scale * _OVERSAMPLING)
    _draw(sheet, SHAPES[look.shape], look)
    left, top = (drawn[0] - size[0]) // 2, (drawn[1] - size[1]) // 2
    layer = sheet.image.rotate(view.tilt, Image.Resampling.BILINEAR)
    layer = layer.resize(SIZE, Image.Resampling.LANCZOS, (left, top, left + size[0], top + size[1]))
    shadow = ImageChops.offset(layer.getchannel("A").reduce(8), 2, 3).filter(ImageFilter.GaussianBlur(3))
    picture = _ground(SIZE, look.ground)
    picture.paste("#20180f", mask=shadow.resize(SIZE, Image.Resampling.BICUBIC).point(lambda value: value * 0.45))
    picture.paste(layer, mask=layer)
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=90)
    return output.getvalue()


def _ground(size: tuple[int, int], colour: str) -> Image.Image:
    """The colour, bright in the middle and darker towards the corners."""
    light = ImageOps.invert(Image.radial_gradient("L")).resize(size, Image.Resampling.BICUBIC)
    return ImageOps.colorize(light, "#161310", "#fbf8f2", colour, midpoint=150)


def _draw(sheet: Sheet, shape: Shape, look: Look) -> None:
    """The whole guitar, from what lies below to what lies above."""
    _draw_body(sheet, shape, look)
    _draw_neck(sheet, shape, look)
    for place, pickup in zip(_pickup_places(shape, len(look.pickups)), look.pickups, strict=True):
        _draw_pickup(sheet, place, pickup, look.metal)
    _draw_bridge(sheet, shape, look)
    for knob in shape.controls:
        sheet.disc(knob, 1.25, look.guard or "#17130f", "#00000055")
        sheet.disc(knob, 0.75, look.metal)
    _draw_strings(sheet, shape)


def _draw_body(sheet: Sheet, shape: Shape, look: Look) -> None:
    outline = smooth(shape.outline)
    mask = sheet.mask(outline)
    sheet.image.paste(_finish(sheet, mask, look), mask=mask)
    sheet.rim(outline, look.binding or "#00000066", 0.55 if look.binding else 0.2)
    if shape.hole is not None:
        rings = ((5.9, "#2a1a10"), (5.6, look.body), (5.4, "#e8d6a8"), (5.2, "#3a2415"), (5, "#120b07"))
        for radius, colour in rings:
            sheet.disc((shape.hole, 0), radius, colour)
    if look.guard:
        sheet.area(smooth(shape.guard), look.guard, "#00000050")
    if shape.f_holes:
        for side in (1, -1):
            _draw_f_hole(sheet, side)


def _finish(sheet: Sheet, mask: Image.Image, look: Look) -> Image.Image:
    """The finish of the body: from the rim inwards, with a sheen across."""
    small = mask.reduce(8)
    scale = sheet.scale / 8
    depth = small.filter(ImageFilter.GaussianBlur(4.2 * scale))
    depth = depth.point(lambda value: max(0, min(255, (value - 128) * 2.6)))
    finish = ImageOps.colorize(depth.resize(mask.size, Image.Resampling.BICUBIC), look.edge, look.body)
    sheen = Image.new("L", small.size)
    x, y = (coordinate / 8 for coordinate in sheet.at((20, 9)))
    ImageDraw.Draw(sheen).ellipse((x - 19 * scale, y - 4 * scale, x + 17 * scale, y + 4 * scale), fill=120)
    sheen = sheen.filter(ImageFilter.GaussianBlur(2.6 * scale))
    finish.paste("white", mask=sheen.resize(mask.size, Image.Resampling.BICUBIC))
    return finish


def _draw_f_hole(sheet: Sheet, side: int) -> None:
    curve = [(24 - t * 12, side * (12.2 + 1.1 * math.sin(t * 2 * math.pi))) for t in (n / 30 for n in range(31))]
    for point in curve:
        sheet.disc(point, 0.42, "#120b07")
    sheet.disc((curve[0][0], curve[0][1] - side * 0.9), 0.75, "#120b07")
    sheet.disc((curve[-1][0], curve[-1][1] + side * 0.9), 0.75, "#120b07")


def _draw_neck(sheet: Sheet, shape: Shape, look: Look) -> None:
    end, nut, scale_length = shape.heel - 1.5, shape.nut, shape.nut - shape.bridge
    # Each fret leaves a twelfth root of a half of the string: equal temperament.
    places = [nut - scale_length * (1 - 2 ** (-fret / 12)) for fret in range(shape.frets + 1)]
    last = places[-1] - 0.6
    head = look.neck if shape.head == "six in line" else "#1d130d"
    sheet.area([(x + nut, y) for x, y in HEADS[shape.head]], head, "#00000060")
    sheet.area([(end, 2.85), (nut, 2.2), (nut, -2.2), (end, -2.85)], look.neck)
    sheet.area([(last, 2.75), (nut, 2.1), (nut, -2.1), (last, -2.75)], look.fretboard, look.binding, 0.1)
    for fret, place in enumerate(places[1:], start=1):
        reach = 2 + 0.65 * (nut - place) / (nut - last)
        sheet.line((place, reach), (place, -reach), "#cfcfc8", 0.13)
        if fret in _DOTS:
            middle = (place + places[fret - 1]) / 2
            for y in (-1.1, 1.1) if fret in (12, 24) else (0.0,):
                sheet.disc((middle, y), 0.36, "#efe9d8")
    sheet.bar((nut, 0), 0.5, 4.2, "#f3ecd8")


def _pickup_places(shape: Shape, count: int) -> list[float]:
    bridge, neck = shape.bridge + 4.4, shape.heel - 4
    return [bridge + (neck - bridge) * index / (count - 1) for index in range(count)]


def _draw_pickup(sheet: Sheet, place: float, kind: str, metal: str) -> None:
    if kind == "humbucker":
        sheet.bar((place, 0), 4.6, 8.8, "#15120f", "#00000088")
        sheet.bar((place, 0), 3.6, 6.9, metal, "#00000055")
        poles, offset = "#8d8d90", 0.85
    else:
        sheet.bar((place, 0), 2.1, 8.4, "#f2ede0" if kind == "single coil" else "#16130f", "#00000066")
        poles, offset = "#9b9b9e", 0.0
    for string in range(_STRINGS):
        sheet.disc((place + offset, _string_height(string, 5.2)), 0.3, poles)


def _draw_bridge(sheet: Sheet, shape: Shape, look: Look) -> None:
    if shape.hole is not None:
        sheet.bar((shape.bridge - 1, 0), 3.4, 15.5, "#24150d", "#00000066")
        sheet.bar((shape.bridge, 0), 0.4, 7.6, "#f3ecd8")
        for string in range(_STRINGS):
            sheet.disc((shape.bridge - 1.6, _string_height(string, 5.4)), 0.32, "#f3ecd8")
        return
    if shape.head == "three a side":
        sheet.bar((shape.bridge - 4.4, 0), 1.9, 9.6, look.metal, "#00000077")
        sheet.bar((shape.bridge, 0), 1.4, 8.6, look.metal, "#00000077")
    else:
        sheet.bar((shape.bridge - 1.2, 0), 4.6, 8.4, look.metal, "#00000077")
    for string in range(_STRINGS):
        sheet.bar((shape.bridge, _string_height(string, 5.2)), 1.1, 0.6, "#b9babf", "#00000055")


def _draw_strings(sheet: Sheet, shape: Shape) -> None:
    for string in range(_STRINGS):
        at_bridge, at_nut = _string_height(string, 5.2), _string_height(string, 3.5)
        width = 0.17 - 0.018 * string
        x, y = _post(shape.head, string)
        post = (shape.nut + x, y)
        sheet.line((shape.bridge - 0.6, at_bridge), (shape.nut, at_nut), "#e4e2da", width)
        sheet.line((shape.nut, at_nut), post, "#e4e2da", width)
        _draw_tuner(sheet, post, shape.head, string)


def _draw_tuner(sheet: Sheet, post: Point, head: str, string: int) -> None:
    edge = post[1] + 3.4 if head == "six in line" else math.copysign(5.9, _string_height(string, 1))
    sheet.line(post, (post[0], edge), "#b9babf", 0.45)
    sheet.bar((post[0], edge + math.copysign(0.4, edge)), 1.5, 1.7, "#e8e6df", "#00000066")
    sheet.disc(post, 0.62, "#dcdde0", "#00000066")


def _string_height(string: int, spread: float) -> float:
    """The height of a string, the lowest first, at the bass side."""
    return spread / 2 - string * spread / (_STRINGS - 1)


def _post(head: str, string: int) -> Point:
    """Where a string ends, from the nut."""
    if head == "six in line":
        return 4.2 + 2.5 * string, 1.35 + 0.49 * string
    row = string if string < _STRINGS // 2 else _STRINGS - 1 - string
    return 4.6 + 4.2 * row, 2.5 if string < _STRINGS // 2 else -2.5
