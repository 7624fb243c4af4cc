"""The guitar: what a client may send, what is stored, what is answered."""

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from server.models.base import (
    NOT_BLANK,
    Digits,
    Id,
    JsonMap,
    LongText,
    Model,
    NonNegative,
    NotNull,
    QueryModel,
    ShortText,
    Timestamp,
    Url,
    UserId,
)

MAX_IMAGES = 50
MAX_NOTES = 200

# Both are required; `brand` is also the key of an index, and DynamoDB refuses an empty key.
RequiredText = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NOT_BLANK)]
NoteText = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=NOT_BLANK)]
Year = Annotated[int, Field(ge=1500, le=2200)]
Frets = Annotated[int, Field(ge=0, le=100)]
Order = Annotated[int, Field(ge=0, le=10_000)]


class GuitarAttributes(Model):
    """The attributes that a client owns and that are plain values."""

    year: Year | None = None
    type: ShortText | None = None
    body_material: ShortText | None = None
    neck_material: ShortText | None = None
    fretboard_material: ShortText | None = None
    number_of_frets: Frets | None = None
    scale_length: ShortText | None = None
    pickup_configuration: ShortText | None = None
    color: ShortText | None = None
    finish: ShortText | None = None
    tuning_machines: ShortText | None = None
    bridge: ShortText | None = None
    nut: ShortText | None = None
    electronics: ShortText | None = None
    case_included: bool | None = None
    country_of_origin: ShortText | None = None
    detailed_specs: JsonMap | None = None


class PrivateAttributes(Model):
    """What only the owner should know of a guitar, as the client owns it."""

    serial_number: ShortText | None = None
    purchase_date: ShortText | None = None
    original_retail_price: NonNegative | None = None
    purchase_price: NonNegative | None = None
    purchase_location: ShortText | None = None
    current_value: NonNegative | None = None
    currency: ShortText | None = None
    insurance_info: LongText | None = None


class PrivateInfoInput(PrivateAttributes):
    """Private information as sent: `receiptUrl` may only be sent back as it is, or be null to remove the receipt."""

    receipt_url: str | None = None


class NoteInput(Model):
    """A note as sent: with the id of a note that is there, or without an id as a new one."""

    id: str | None = None
    content: NoteText | None = None
    created_at: str | None = None


class ImageInput(Model):
    """An image as sent: it names a completed upload of the caller. What is not named is kept."""

    id: str
    caption: ShortText | None = None
    is_primary: bool | None = None
    order: Order | None = None
    url: str | None = None
    thumbnail_url: str | None = None
    width: int | None = None
    height: int | None = None


class GuitarInput(GuitarAttributes):
    """The part of a guitar that both POST and PUT take."""

    private_info: PrivateInfoInput | None = None
    notes: Annotated[list[NoteInput], Field(max_length=MAX_NOTES)] | None = None
    images: Annotated[list[ImageInput], Field(max_length=MAX_IMAGES)] | None = None


class GuitarCreate(GuitarInput):
    """The body of POST /guitars."""

    brand: RequiredText
    model: RequiredText


class GuitarUpdate(GuitarInput):
    """The body of PUT /guitars/{id}: absent means unchanged, null means removed (RFC 7396).

    What the server alone writes may be sent back unchanged, so that a guitar that was read can be put back.
    """

    brand: Annotated[RequiredText | None, NotNull] = None
    model: Annotated[RequiredText | None, NotNull] = None
    user_id: Annotated[str | None, NotNull] = None
    guitar_id: Annotated[str | None, NotNull] = None
    created_at: Annotated[str | None, NotNull] = None
    updated_at: Annotated[str | None, NotNull] = None


class Note(Model):
    """A note, as stored and as answered."""

    id: Id
    content: str
    created_at: Timestamp


class StoredImage(Model):
    """An image as stored: keys of the images bucket, never URLs. Width and height are those of the original."""

    id: str
    key: str
    thumbnail_key: str
    width: int
    height: int
    caption: str | None = None
    is_primary: bool = False
    order: int = 0


def upload_id_in(receipt_key: str) -> str:
    """The id in a receipt's key, which is `receipts/{userId}/{id}.{extension}`."""
    return receipt_key.rpartition("/")[2].partition(".")[0]


class StoredPrivateInfo(PrivateAttributes):
    """Private information as stored, the receipt as its key in the images bucket."""

    receipt_key: str | None = None


class StoredGuitar(GuitarAttributes):
    """A guitar as stored. `version` counts its writes and is what ETag and If-Match speak of."""

    user_id: str
    guitar_id: str
    version: int
    brand: str
    model: str
    # Was checked when it was sent, which takes a walk through all of it.
    detailed_specs: dict[str, Any] | None = None
    private_info: StoredPrivateInfo | None = None
    notes: list[Note] = Field(default_factory=list)
    images: list[StoredImage] = Field(default_factory=list)
    created_at: str
    updated_at: str

    @property
    def upload_ids(self) -> set[str]:
        """The ids of the uploads that this guitar holds: its images, and its receipt."""
        receipt_key = self.private_info.receipt_key if self.private_info else None
        return {image.id for image in self.images} | ({upload_id_in(receipt_key)} if receipt_key else set())


class Image(Model):
    """An image as answered."""

    id: Id
    url: Url
    thumbnail_url: Url
    width: int
    height: int
    caption: str | None = None
    is_primary: bool
    order: int


class PrivateInfo(PrivateAttributes):
    """Private information as answered; `receiptUrl` is a presigned GET that holds for five minutes."""

    receipt_url: Url | None = None


class Guitar(GuitarAttributes):
    """A guitar as answered. Attributes that were never set are absent."""

    user_id: UserId
    guitar_id: Id
    brand: str
    model: str
    detailed_specs: dict[str, Any] | None = None
    private_info: PrivateInfo | None = None
    notes: list[Note]
    images: list[Image]
    created_at: Timestamp
    updated_at: Timestamp
    version: int = Field(exclude=True)

    @property
    def etag(self) -> str:
        """The entity tag of this state of the guitar, with its quotes."""
        return f'"{self.version}"'


class GuitarQuery(QueryModel):
    """What GET /guitars can be asked: filters, the size of a page, and where to go on."""

    brand: RequiredText | None = None
    type: ShortText | None = None
    year_from: Annotated[Year, Digits] | None = None
    year_to: Annotated[Year, Digits] | None = None
    limit: Annotated[int, Field(ge=1, le=100), Digits] = 50
    next_token: Annotated[str, StringConstraints(max_length=2000)] | None = None

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            raise ValueError("yearFrom must not be after yearTo")
        return self


class GuitarPage(Model):
    """A page of guitars; `nextToken` is there when there may be more."""

    guitars: list[Guitar]
    next_token: str | None = None


class DeletedGuitar(Model):
    """The answer of DELETE /guitars/{id}."""

    guitar_id: Id


class Brands(Model):
    """The brands of the caller's guitars, sorted, each once."""

    brands: list[str]
