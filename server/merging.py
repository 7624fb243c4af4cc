"""How a guitar changes: RFC 7396 for its attributes, whole lists for notes and images, receipts by their own rule."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from server.errors import Detail, InvalidInputError
from server.models.guitar import (
    GuitarInput,
    ImageInput,
    Note,
    NoteInput,
    PrivateInfoInput,
    StoredGuitar,
    StoredImage,
    StoredPrivateInfo,
)

_WRITTEN_BY_SERVER = ("user_id", "guitar_id", "created_at", "updated_at")
# What RFC 7396 does not say how to merge.
_BY_OTHER_RULES = {"notes", "images", "private_info", *_WRITTEN_BY_SERVER}


class Urls(Protocol):
    """How the URLs look that the server makes."""

    def url(self, key: str) -> str:
        """The URL of a picture."""
        ...

    def is_receipt_url(self, url: str, key: str) -> bool:
        """Whether a URL is one of a receipt, whenever it was made."""
        ...


def merge_patch(target: Any, patch: Any) -> Any:
    """RFC 7396: objects merge, null removes, everything else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def is_same(one: Any, other: Any) -> bool:
    """Whether JSON says the same of both: to Python, true is 1 as well."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def merge_guitar(
    current: StoredGuitar,
    body: GuitarInput,
    uploads: Mapping[str, StoredImage],
    now: str,
    new_id: Callable[[], str],
    urls: Urls,
) -> StoredGuitar:
    """The guitar after a body was merged into it; `current` itself when nothing differs.

    `uploads` are the completed uploads that the body may attach, by id. Raises InvalidInputError.
    """
    _refuse_other_values(current, body)
    changed = {
        name: merge_patch(getattr(current, name), getattr(body, name))
        for name in body.model_fields_set - _BY_OTHER_RULES
    }
    if "private_info" in body.model_fields_set:
        changed["private_info"] = _merge_private_info(current.private_info, body.private_info, urls)
    if "notes" in body.model_fields_set:
        changed["notes"] = _merge_notes(current.notes, body.notes or [], now, new_id)
    if "images" in body.model_fields_set:
        changed["images"] = _merge_images(current.images, body.images or [], uploads, urls)
    if all(is_same(value, getattr(current, name)) for name, value in changed.items()):
        return current
    return _next_version(current, changed, now)


def _next_version(guitar: StoredGuitar, changed: Mapping[str, Any], now: str) -> StoredGuitar:
    """The guitar with what has changed, which has been checked, its next version and the time of change."""
    return guitar.model_copy(update={**changed, "version": guitar.version + 1, "updated_at": now})


def attach_image(
    guitar: StoredGuitar, image: StoredImage, caption: str | None, is_primary: bool | None, now: str
) -> StoredGuitar:
    """The guitar with one more image at the end; the guitar itself when the image is there already."""
    if any(there.id == image.id for there in guitar.images):
        return guitar
    added = image.model_copy(update={"caption": caption, "is_primary": bool(is_primary), "order": len(guitar.images)})
    images = one_primary([*guitar.images, added], preferred=image.id if is_primary else None)
    return _next_version(guitar, {"images": images}, now)


def attach_receipt(guitar: StoredGuitar, key: str, now: str) -> StoredGuitar:
    """The guitar with that receipt; the guitar itself when it has it already."""
    private_info = guitar.private_info or StoredPrivateInfo()
    if private_info.receipt_key == key:
        return guitar
    private_info = private_info.model_copy(update={"receipt_key": key})
    return _next_version(guitar, {"private_info": private_info}, now)


def one_primary(images: list[StoredImage], preferred: str | None = None) -> list[StoredImage]:
    """The images with exactly one primary: the preferred one, else the first that is, else the first."""
    primary = preferred or next((image.id for image in images if image.is_primary), images[0].id if images else None)
    return [image.model_copy(update={"is_primary": image.id == primary}) for image in images]


def _refuse_other_values(current: StoredGuitar, body: GuitarInput) -> None:
    wrong = [
        Detail(type(body).model_fields[name].alias or name, "is written by the server alone")
        for name in _WRITTEN_BY_SERVER
        if name in body.model_fields_set and getattr(body, name) != getattr(current, name)
    ]
    if wrong:
        raise InvalidInputError(*wrong)


def _merge_private_info(
    current: StoredPrivateInfo | None, sent: PrivateInfoInput | None, urls: Urls
) -> StoredPrivateInfo | None:
    if sent is None:
        return None
    stored = current or StoredPrivateInfo()
    changed = {name: getattr(sent, name) for name in sent.model_fields_set - {"receipt_url"}}
    if "receipt_url" in sent.model_fields_set:
        if sent.receipt_url is None:
            changed["receipt_key"] = None
        elif stored.receipt_key is None or not urls.is_receipt_url(sent.receipt_url, stored.receipt_key):
            raise InvalidInputError.of("privateInfo.receiptUrl", "is made by the server; complete an upload instead")
    merged = stored.model_copy(update=changed)
    return None if merged == StoredPrivateInfo() else merged


def _merge_notes(current: list[Note], sent: list[NoteInput], now: str, new_id: Callable[[], str]) -> list[Note]:
    there = {note.id: note for note in current}
    merged: list[Note] = []
    for index, entry in enumerate(sent):
        field = f"notes.{index}"
        if entry.id is None:
            if not entry.content:
                raise InvalidInputError.of(f"{field}.content", "is required for a new note")
            if entry.created_at is not None:
                raise InvalidInputError.of(f"{field}.createdAt", "is written by the server alone")
            merged.append(Note(id=new_id(), content=entry.content, created_at=now))
            continue
        note = there.pop(entry.id, None)
        if note is None:
            raise InvalidInputError.of(f"{field}.id", "is not a note of this guitar, or stands twice")
        if entry.created_at not in (None, note.created_at):
            raise InvalidInputError.of(f"{field}.createdAt", "is written by the server alone")
        merged.append(note if entry.content is None else note.model_copy(update={"content": entry.content}))
    return merged


def _merge_images(
    current: list[StoredImage], sent: list[ImageInput], uploads: Mapping[str, StoredImage], urls: Urls
) -> list[StoredImage]:
    there = {**uploads, **{image.id: image for image in current}}
    known = {image.id for image in current}
    merged: list[tuple[int, StoredImage]] = []
    for index, entry in enumerate(sent):
        image = there.pop(entry.id, None)
        if image is None:
            raise InvalidInputError.of(f"images.{index}.id", "is not a completed upload of yours, or stands twice")
        _refuse_other_image(image, entry, f"images.{index}", urls)
        named = entry.model_dump(exclude_unset=True, include={"caption", "is_primary", "order"})
        kept_order = image.order if entry.id in known else len(sent) + index
        place = entry.order if entry.order is not None else kept_order
        merged.append(
            (place, image.model_copy(update={**named, "is_primary": bool(named.get("is_primary", image.is_primary))}))
        )
    merged.sort(key=lambda placed: placed[0])
    ordered = [image.model_copy(update={"order": order}) for order, (_, image) in enumerate(merged)]
    return one_primary(ordered, preferred=_preferred_primary(sent, {image.id: image for image in current}))


def _refuse_other_image(image: StoredImage, entry: ImageInput, field: str, urls: Urls) -> None:
    for name, url, key in (("url", entry.url, image.key), ("thumbnailUrl", entry.thumbnail_url, image.thumbnail_key)):
        if url is not None and url != urls.url(key):
            raise InvalidInputError.of(f"{field}.{name}", "is made by the server; complete an upload instead")
    for name, size, stored in (("width", entry.width, image.width), ("height", entry.height, image.height)):
        if size not in (None, stored):
            raise InvalidInputError.of(f"{field}.{name}", "is measured by the server")


def _preferred_primary(sent: list[ImageInput], current: Mapping[str, StoredImage]) -> str | None:
    named = [entry.id for entry in sent if entry.is_primary]
    fresh = [image_id for image_id in named if image_id not in current or not current[image_id].is_primary]
    if len(fresh) > 1:
        raise InvalidInputError.of("images", "only one image can be primary")
    # The one that is primary already may be sent along as such: the newly named one wins.
    return next(iter(fresh or named), None)
