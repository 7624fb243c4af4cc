"""Uploads of pictures and receipts."""

from server.caller import Caller
from server.errors import InvalidInputError
from server.models.image import PICTURE_TYPES, CompletedUpload, UploadCompletion, UploadRequest, UploadTicket
from server.services import Services
from server.uploading import finish_upload


async def create_upload_url(services: Services, caller: Caller, body: UploadRequest) -> UploadTicket:
    """Where to send a file, straight to S3, within five minutes."""
    if body.purpose == "image" and body.file_type not in PICTURE_TYPES:
        raise InvalidInputError.of("fileType", f"{body.file_type} is accepted as a receipt only")
    return await services.uploads.issue_ticket(caller.user_id, services.ids.new_id(), body)


async def complete_upload(services: Services, caller: Caller, body: UploadCompletion) -> CompletedUpload:
    """Process what was uploaded, and attach it to a guitar if one is named."""
    return await finish_upload(services, caller.user_id, body)
