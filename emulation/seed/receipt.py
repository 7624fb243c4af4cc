"""Receipts of the demo collection, drawn."""

import io

from PIL import Image, ImageDraw, ImageFont

from emulation.seed.attributes import Attributes

_SIZE = (900, 1200)
_PILLOW_FORMATS = {"image/jpeg": "JPEG", "application/pdf": "PDF"}


def draw_receipt(attributes: Attributes, content_type: str) -> bytes:
    """The receipt for a guitar, as a JPEG or a PDF of one page."""
    bought = attributes["privateInfo"]
    lines = (
        (bought["purchaseLocation"], 46),
        ("RECEIPT", 30),
        (f"Date: {bought['purchaseDate']}", 26),
        (f"{attributes['brand']} {attributes['model']}", 30),
        (f"Serial number {bought['serialNumber']}", 26),
        (f"Price {bought['originalRetailPrice']} {bought['currency']}", 26),
        (f"Discount {bought['originalRetailPrice'] - bought['purchasePrice']} {bought['currency']}", 26),
        (f"Total {bought['purchasePrice']} {bought['currency']}", 36),
        ("Paid, with thanks", 26),
    )
    page = Image.new("RGB", _SIZE, "#fdfcf8")
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 40, _SIZE[0] - 40, _SIZE[1] - 40), outline="#c9c4b6", width=3)
    top = 110
    for text, size in lines:
        draw.text((90, top), text, "#2b2925", ImageFont.load_default(size))
        top += size + 58
        draw.line((90, top - 30, _SIZE[0] - 90, top - 30), "#e4e0d4", 2)
    output = io.BytesIO()
    page.save(output, _PILLOW_FORMATS[content_type])
    return output.getvalue()
