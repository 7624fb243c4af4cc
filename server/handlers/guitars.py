"""The caller's guitars."""

from server.aws.guitars_table import UploadTakenError
from server.caller import Caller
from server.clock import to_iso
from server.editing import add_guitar, edit_guitar, find_uploads, refuse_taken, remove_guitar
from server.merging import merge_guitar
from server.models.guitar import (
    Brands,
    DeletedGuitar,
    Guitar,
    GuitarCreate,
    GuitarPage,
    GuitarQuery,
    GuitarUpdate,
    StoredGuitar,
)
from server.paging import guitar_id_of, token_of
from server.precondition import Precondition
from server.presenting import present_guitar
from server.services import Services


async def list_guitars(services: Services, caller: Caller, query: GuitarQuery) -> GuitarPage:
    """A page of the caller's guitars: oldest first, but with a brand in the order of the brand index."""
    after_id = guitar_id_of(query.next_token) if query.next_token is not None else None
    found = await services.guitars.find(caller.user_id, query, after_id)
    guitars = [await present_guitar(services.images, guitar) for guitar in found.guitars]
    return GuitarPage(guitars=guitars, next_token=token_of(found.more_after) if found.more_after else None)


async def create_guitar(services: Services, caller: Caller, body: GuitarCreate) -> Guitar:
    """Add a guitar; images name completed uploads."""
    now = to_iso(services.clock.now())
    empty = StoredGuitar(
        user_id=caller.user_id,
        guitar_id=services.ids.new_id(),
        version=0,
        brand=body.brand,
        model=body.model,
        created_at=now,
        updated_at=now,
    )
    images = body.images or []
    uploads = await find_uploads(services, empty, images)
    guitar = merge_guitar(empty, body, uploads, now, services.ids.new_id, services.images)
    guitar = guitar.model_copy(update={"version": 1})
    try:
        await add_guitar(services, caller, guitar)
    except UploadTakenError as error:
        raise refuse_taken(error, images) from error
    return await present_guitar(services.images, guitar)


async def get_guitar(services: Services, caller: Caller, id: str) -> Guitar:
    """One guitar."""
    return await present_guitar(services.images, await services.guitars.get(caller.user_id, id))


async def update_guitar(
    services: Services, caller: Caller, id: str, body: GuitarUpdate, precondition: Precondition | None
) -> Guitar:
    """Change a guitar: absent fields stay, null removes, `notes` and `images` are whole lists."""
    images = body.images or []

    async def change(current: StoredGuitar) -> StoredGuitar:
        uploads = await find_uploads(services, current, images)
        now = to_iso(services.clock.now())
        return merge_guitar(current, body, uploads, now, services.ids.new_id, services.images)

    try:
        guitar = await edit_guitar(services, caller.user_id, id, change, precondition)
    except UploadTakenError as error:
        raise refuse_taken(error, images) from error
    return await present_guitar(services.images, guitar)


async def delete_guitar(
    services: Services, caller: Caller, id: str, precondition: Precondition | None
) -> DeletedGuitar:
    """Delete a guitar. Its files go shortly after, through the table's stream."""
    await remove_guitar(services, caller.user_id, id, precondition)
    return DeletedGuitar(guitar_id=id)


async def list_brands(services: Services, caller: Caller) -> Brands:
    """The brands of the caller's guitars, sorted, each once."""
    return Brands(brands=await services.guitars.brands(caller.user_id))
