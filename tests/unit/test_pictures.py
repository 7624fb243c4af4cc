import asyncio
import io
import struct
import zlib

import pytest
from PIL import Image, ImageOps

from server.models.image import MAX_UPLOAD_BYTES, PICTURE_TYPES
from server.pictures import (
    ACCEPTED_TYPES,
    PICTURE_LIMITS,
    PictureError,
    PictureLimits,
    PictureWorkers,
    ProcessedPicture,
    check_pdf,
    process_picture,
)
from tests.heic import grid_heic, tile_heic
from tests.photographs import (
    CORNERS,
    SECRET,
    animation,
    corners,
    encode,
    exif,
    many_scans,
    marked,
    phone_jpeg,
    photograph,
    png_bomb,
    png_chunks,
    png_with_secrets,
    sideways,
    srgb_profile,
    swapped_profile,
    webp_with_secrets,
)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def shown(content: bytes) -> Image.Image:
    """The picture as a browser shows it: turned as its EXIF says, if that is a JPEG."""
    image = Image.open(io.BytesIO(content))
    return ImageOps.exif_transpose(image) if image.format == "JPEG" else image


def uploads(orientation: int, profile: bytes | None = None) -> dict[str, bytes]:
    return {
        "image/jpeg": phone_jpeg(marked(), orientation, icc_profile=profile),
        "image/png": png_with_secrets(marked(), orientation, profile),
        "image/webp": webp_with_secrets(marked(), orientation, icc_profile=profile),
    }


def reason(content: bytes, declared_type: str, limits: PictureLimits = PICTURE_LIMITS) -> str:
    with pytest.raises(PictureError) as caught:
        process_picture(content, declared_type, limits)
    return str(caught.value)


def check_sound(picture: ProcessedPicture) -> None:
    """What holds of every processed picture."""
    original, thumbnail = Image.open(io.BytesIO(picture.original)), Image.open(io.BytesIO(picture.thumbnail))
    original.load()
    assert Image.MIME[str(original.format)] == picture.content_type
    assert shown(picture.original).size == (picture.width, picture.height)
    assert (thumbnail.format, picture.thumbnail_content_type) == ("WEBP", "image/webp")
    assert max(thumbnail.size) <= 400
    assert thumbnail.size <= (picture.width, picture.height)
    assert not {"exif", "xmp", "icc_profile"} & thumbnail.info.keys()


def test_the_accepted_types_are_those_of_the_upload_route() -> None:
    assert ACCEPTED_TYPES == PICTURE_TYPES
    assert PICTURE_LIMITS.max_bytes == MAX_UPLOAD_BYTES


@pytest.mark.parametrize("content_type", ["image/jpeg", "image/png", "image/webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_shown_upright_however_it_was_held(content_type: str, orientation: int) -> None:
    picture = process_picture(uploads(orientation)[content_type], content_type)
    check_sound(picture)
    assert picture.content_type == content_type
    assert (picture.width, picture.height) == (640, 480)
    assert corners(shown(picture.original)) == CORNERS
    assert corners(Image.open(io.BytesIO(picture.thumbnail))) == CORNERS


@pytest.mark.parametrize("content_type", ["image/jpeg", "image/png", "image/webp"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_nothing_but_the_picture_is_kept(content_type: str, orientation: int) -> None:
    upload = uploads(orientation)[content_type]
    assert SECRET in upload
    picture = process_picture(upload, content_type)
    for stored in (picture.original, picture.thumbnail):
        assert SECRET not in stored
        assert b"Phone" not in stored
    tags = Image.open(io.BytesIO(picture.original)).getexif()
    assert dict(tags) == ({0x0112: 6} if content_type == "image/jpeg" and orientation == 6 else {})


def test_a_jpeg_keeps_its_pixels_to_the_bit() -> None:
    upload = phone_jpeg(photograph((900, 700)), quality=92)
    picture = process_picture(upload, "image/jpeg")
    assert Image.open(io.BytesIO(picture.original)).tobytes() == Image.open(io.BytesIO(upload)).tobytes()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_a_png_keeps_its_pixels_to_the_bit(mode: str) -> None:
    drawn = (
        photograph((300, 200)).convert("I").point(lambda value: value * 250) if mode == "I;16" else marked((300, 200))
    )
    upload = encode(drawn.convert(mode), "PNG")
    picture = process_picture(upload, "image/png")
    check_sound(picture)
    stored, sent = Image.open(io.BytesIO(picture.original)), Image.open(io.BytesIO(upload))
    assert (stored.mode, stored.tobytes()) == (sent.mode, sent.tobytes())


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}])
def test_every_common_jpeg_is_accepted(options: dict[str, int]) -> None:
    check_sound(process_picture(phone_jpeg(photograph((500, 400)), **options), "image/jpeg"))


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_jpeg_of_other_colours_looks_the_same_in_its_thumbnail(mode: str) -> None:
    picture = process_picture(encode(marked(mode=mode), "JPEG"), "image/jpeg")
    check_sound(picture)
    expected = marked(mode=mode).convert("RGB").resize((400, 300))
    thumbnail = Image.open(io.BytesIO(picture.thumbnail)).convert("RGB")
    for place in ((100, 75), (300, 75), (300, 225), (100, 225)):
        assert near(thumbnail.getpixel(place), expected.getpixel(place))


def near(one: object, other: object, most: int = 12) -> bool:
    assert isinstance(one, tuple)
    assert isinstance(other, tuple)
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=True))


def test_a_thumbnail_of_16_bit_grays_is_neither_black_nor_white() -> None:
    upload = encode(Image.new("I;16", (500, 500), 30_000), "PNG")
    thumbnail = Image.open(io.BytesIO(process_picture(upload, "image/png").thumbnail)).convert("RGB")
    assert near(thumbnail.getpixel((200, 200)), (117, 117, 117))


@pytest.mark.parametrize("content_type", ["image/png", "image/webp"])
def test_transparency_is_kept(content_type: str) -> None:
    image = Image.new("RGBA", (800, 600), (255, 0, 0, 0))
    image.paste((20, 40, 200, 255), (200, 150, 600, 450))
    upload = encode(image, content_type.removeprefix("image/"), lossless=True)
    picture = process_picture(upload, content_type)
    assert Image.open(io.BytesIO(picture.original)).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]
    thumbnail = Image.open(io.BytesIO(picture.thumbnail))
    assert thumbnail.mode == "RGBA"
    assert thumbnail.getpixel((5, 5))[3] == 0  # type: ignore[index]
    # The red of the transparent pixels does not come through at the edge.
    assert near(thumbnail.getpixel((103, 150)), (20, 40, 200, 255), most=20)


def test_transparency_of_a_palette_is_kept() -> None:
    image = marked().quantize(16)
    upload = encode(image, "PNG", transparency=image.getpixel((10, 10)))
    thumbnail = Image.open(io.BytesIO(process_picture(upload, "image/png").thumbnail))
    assert thumbnail.getpixel((50, 50))[3] == 0  # type: ignore[index]
    assert thumbnail.getpixel((350, 50))[3] == 255  # type: ignore[index]


@pytest.mark.parametrize("size", [(1, 1), (30, 20), (400, 400), (401, 3), (5000, 2), (2, 5000), (641, 480)])
def test_a_thumbnail_keeps_the_shape_and_is_never_larger(size: tuple[int, int]) -> None:
    picture = process_picture(encode(Image.new("RGB", size), "JPEG"), "image/jpeg")
    thumbnail = Image.open(io.BytesIO(picture.thumbnail))
    scale = min(1.0, 400 / max(size))
    assert (picture.width, picture.height) == size
    assert thumbnail.size == (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))


@pytest.mark.parametrize("content_type", ["image/jpeg", "image/png", "image/webp"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_colour_profile_keeps_its_colours_and_loses_its_texts(content_type: str, orientation: int) -> None:
    profile = swapped_profile()
    picture = process_picture(uploads(orientation, profile)[content_type], content_type)
    kept = Image.open(io.BytesIO(picture.original)).info["icc_profile"]
    assert SECRET[:4] not in kept
    assert len(kept) < len(profile)
    # The profile exchanges red and green, and the thumbnail has no profile: its pixels are exchanged instead.
    red, green, *_ = corners(Image.open(io.BytesIO(picture.thumbnail)))
    assert (red, green) == (CORNERS[1], CORNERS[0])


@pytest.mark.parametrize(
    "profile",
    [b"", SECRET * 20, srgb_profile()[:200], srgb_profile()[:500], srgb_profile().replace(b"RGB ", b"CMYK")],
    ids=["empty", "not one", "only a header", "cut off", "for other colours"],
)
def test_a_colour_profile_that_cannot_be_used_is_dropped(profile: bytes) -> None:
    picture = process_picture(phone_jpeg(marked(), icc_profile=profile), "image/jpeg")
    assert "icc_profile" not in Image.open(io.BytesIO(picture.original)).info
    assert corners(shown(picture.original)) == CORNERS


@pytest.mark.parametrize("mode", ["L", "LA", "1"])
def test_a_gray_picture_with_a_profile_has_a_thumbnail(mode: str) -> None:
    gray = srgb_profile().replace(b"RGB ", b"GRAY").replace(b"rTRC", b"kTRC")
    check_sound(process_picture(encode(marked(mode=mode), "PNG", icc_profile=gray), "image/png"))


def test_a_heic_is_stored_as_a_jpeg() -> None:
    picture = process_picture(tile_heic(), "image/heic")
    check_sound(picture)
    assert (picture.content_type, picture.extension, picture.width, picture.height) == ("image/jpeg", "jpg", 512, 512)


@pytest.mark.parametrize(("rotation", "size"), [(0, (900, 700)), (1, (700, 900)), (2, (900, 700)), (3, (700, 900))])
def test_a_heic_is_turned_as_its_rotation_says_and_not_as_its_exif(rotation: int, size: tuple[int, int]) -> None:
    picture = process_picture(grid_heic((900, 700), rotation), "image/heic")
    check_sound(picture)
    assert (picture.width, picture.height) == size
    assert not Image.open(io.BytesIO(picture.original)).getexif()
    assert SECRET not in picture.original


def test_a_heic_keeps_its_colour_profile() -> None:
    picture = process_picture(grid_heic((600, 500), profile=swapped_profile()), "image/heic")
    assert Image.open(io.BytesIO(picture.original)).info["icc_profile"]


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        ("image/jpeg", encode(marked(), "PNG")),
        ("image/png", encode(marked(), "WEBP")),
        ("image/webp", encode(marked(), "JPEG")),
        ("image/heic", encode(marked(), "JPEG")),
        ("image/jpeg", tile_heic()),
        ("image/jpeg", animation("GIF")),
        ("image/jpeg", PDF),
        ("image/png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("image/heic", encode(marked(), "AVIF")),
        ("image/heic", grid_heic((600, 500), brand=b"hevc")),
        ("image/jpeg", b"<!doctype html>" + encode(marked(), "JPEG")),
    ],
)
def test_a_file_must_be_what_it_is_declared_as(declared: str, content: bytes) -> None:
    assert reason(content, declared).startswith(f"The file is declared as {declared}, but it is ")


@pytest.mark.parametrize("declared", ["image/gif", "image/svg+xml", "application/pdf", "text/html", ""])
def test_other_types_are_refused(declared: str) -> None:
    assert "not accepted" in reason(encode(marked(), "JPEG"), declared)


@pytest.mark.parametrize("declared", ACCEPTED_TYPES)
def test_a_file_without_bytes_is_refused(declared: str) -> None:
    assert reason(b"", declared) == "The file is empty"


def test_a_file_over_10_megabytes_is_refused() -> None:
    upload = encode(marked(), "JPEG")
    largest = upload + bytes(10 * 1024 * 1024 - len(upload))
    assert process_picture(largest, "image/jpeg").width == 640
    assert reason(largest + b"\0", "image/jpeg") == "The file has more than 10 MB"


@pytest.mark.parametrize("format_name", ["PNG", "WEBP"])
def test_an_animation_is_refused(format_name: str) -> None:
    assert reason(animation(format_name), f"image/{format_name.lower()}") == "Animated pictures are not supported"


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_a_file_that_breaks_off_anywhere_is_refused(format_name: str) -> None:
    image = photograph((300, 200))
    whole = tile_heic() if format_name == "HEIC" else encode(image, format_name)
    for length in {*range(16, 200, 7), *range(200, len(whole) - 12, max(1, len(whole) // 40)), len(whole) - 13}:
        assert "damaged" in reason(whole[:length], f"image/{format_name.lower()}"), length


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_a_damaged_file_is_refused_or_shown_but_never_an_accident(format_name: str) -> None:
    image = photograph((120, 90))
    whole = (
        tile_heic() if format_name == "HEIC" else encode(image, format_name, exif=exif(6), icc_profile=srgb_profile())
    )
    # The structure is dense at the beginning; after it comes the coded picture.
    step = 13 if format_name == "HEIC" else 3
    for place in [*range(2, min(len(whole), 800), step), *range(800, len(whole), len(whole) // 12)]:
        for value in (255, whole[place] ^ 0x10):
            content = whole[:place] + bytes((value,)) + whole[place + 1 :]
            try:
                check_sound(process_picture(content, f"image/{format_name.lower()}"))
            except PictureError:
                continue


@pytest.mark.parametrize("size", [(30_000, 30_000), (25_001, 1_000), (5_001, 5_001)])
def test_a_png_with_too_many_pixels_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    assert "megapixels" in reason(png_bomb(*size), "image/png")
    # What cannot be decoded is refused for that by whoever decodes it.
    assert "cannot be decoded" in reason(undecodable_png((64, 48)), "image/png")
    assert "megapixels" in reason(undecodable_png(size), "image/png")


def undecodable_png(size: tuple[int, int]) -> bytes:
    header = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    return png_chunks((b"IHDR", header), (b"IDAT", b"\xff" * 100), (b"IEND", b""))


def test_a_jpeg_with_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    upload = bytearray(encode(marked(), "JPEG"))
    frame = upload.index(b"\xff\xc0")
    upload[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    assert "3600.0 megapixels" in reason(bytes(upload), "image/jpeg")


def test_a_webp_cannot_state_two_sizes() -> None:
    upload = bytearray(webp_with_secrets(marked()))
    upload[24:30] = struct.pack("<I", 9_999)[:3] * 2
    assert "damaged" in reason(bytes(upload), "image/webp")


def test_a_heic_with_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    assert "megapixels" in reason(grid_heic((8192, 8192)), "image/heic")
    # Cut off, it is refused by whoever decodes it.
    assert "cannot be decoded" in reason(grid_heic((1024, 768))[:-100], "image/heic")
    assert "megapixels" in reason(grid_heic((8192, 8192))[:-100], "image/heic")


def test_a_jpeg_of_countless_scans_is_refused() -> None:
    assert "progressive" in reason(many_scans((2000, 2000), 500), "image/jpeg")


def test_a_png_whose_profile_is_a_bomb_loses_it() -> None:
    whole = encode(marked(), "PNG")
    bomb = png_chunks((b"iCCP", b"x\0\0" + zlib.compress(bytes(100_000_000), 9)))[8:]
    picture = process_picture(whole[:33] + bomb + whole[33:], "image/png")
    assert len(picture.original) <= len(whole)


def test_a_picture_stored_sideways_has_a_limit_of_its_own() -> None:
    limits = PictureLimits(max_turned_pixels=640 * 480 - 1)
    assert "sideways" in reason(png_with_secrets(marked(), 6), "image/png", limits)
    assert process_picture(png_with_secrets(marked(), 1), "image/png", limits).width == 640
    assert process_picture(phone_jpeg(marked(), 6), "image/jpeg", limits).width == 640


@pytest.mark.parametrize("frame", [0xC3, 0xC9, 0xCA])
def test_a_jpeg_that_browsers_do_not_show_is_refused(frame: int) -> None:
    upload = encode(marked(), "JPEG").replace(b"\xff\xc0", bytes((0xFF, frame)), 1)
    assert "not supported" in reason(upload, "image/jpeg")


def test_what_follows_the_end_of_a_picture_is_not_kept() -> None:
    for content_type, upload in uploads(1).items():
        picture = process_picture(upload + b"PK\x03\x04<script>", content_type)
        assert b"<script>" not in picture.original


def test_a_pdf_is_taken_as_a_receipt_only_when_it_is_whole() -> None:
    check_pdf(PDF)
    for content in (b"", PDF[:-8], b"<html>" + PDF, encode(marked(), "JPEG"), PDF + bytes(10 * 1024 * 1024)):
        with pytest.raises(PictureError):
            check_pdf(content)


async def test_the_event_loop_goes_on_while_pictures_are_processed() -> None:
    upload = phone_jpeg(photograph((3000, 2000)))
    workers = PictureWorkers(at_once=2)
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count_turns())
    pictures = await asyncio.gather(*(workers.process(upload, "image/jpeg") for _ in range(4)))
    counting.cancel()
    assert {picture.width for picture in pictures} == {3000}
    assert turns > 100


async def test_a_refusal_reaches_who_waits_for_the_picture() -> None:
    workers = PictureWorkers()
    with pytest.raises(PictureError, match="empty"):
        await workers.process(b"", "image/jpeg")


def test_a_sideways_photograph_is_what_a_camera_stores() -> None:
    assert corners(sideways(marked(), 6)) != CORNERS
    assert corners(shown(phone_jpeg(marked(), 6))) == CORNERS


@pytest.mark.parametrize("name", [b"IHDR", b"IDAT", b"IEND"])
def test_a_png_with_a_wrong_checksum_is_refused_as_browsers_do_not_show_it(name: bytes) -> None:
    content = bytearray(encode(marked((64, 48)), "PNG"))
    start = content.find(name)
    content[start + 4 + int.from_bytes(content[start - 4 : start])] ^= 1

    assert reason(bytes(content), "image/png") == "The picture is damaged or incomplete: a checksum is wrong"


def test_a_png_of_palette_colours_without_a_palette_is_refused() -> None:
    header = struct.pack(">IIBBBBB", 8, 8, 8, 3, 0, 0, 0)
    content = png_chunks((b"IHDR", header), (b"IDAT", zlib.compress(bytes(72))), (b"IEND", b""))

    assert reason(content, "image/png") == "The picture is damaged or incomplete: its palette is missing"
