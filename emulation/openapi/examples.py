"""Examples of bodies and answers. Tests hold them to the models."""

from decimal import Decimal
from typing import Any

Examples = dict[str, dict[str, Any]]

_EMAIL = "ada@example.com"
_USER_ID = "0b8f3a52-61d4-4f0c-9f0e-5a1f3a6f2c11"
_GUITAR_ID = "01977b3e-5c00-7a10-8b2e-3f4c5d6e7f80"
_IMAGE_ID = "01977b40-1b58-7c21-9d3f-4a5b6c7d8e90"
_NOTE_ID = "01977b41-7d00-7e32-a04b-5c6d7e8f9a01"
_IMAGE_KEY = f"uploads/{_USER_ID}/{_IMAGE_ID}-guitar.jpg"
_CREATED_AT = "2026-01-31T12:00:00.000000Z"
_UPDATED_AT = "2026-02-01T08:30:00.000000Z"
_ACCESS_TOKEN, _ID_TOKEN, _REFRESH_TOKEN = "access token, a JWT", "id token, a JWT", "refresh token"
_SESSION = "the session of the challenge"
_URL = f"https://d111111abcdef8.cloudfront.net/images/{_USER_ID}/{_IMAGE_ID}"
_TOKENS = {
    "accessToken": _ACCESS_TOKEN,
    "idToken": _ID_TOKEN,
    "refreshToken": _REFRESH_TOKEN,
    "expiresIn": 3600,
    "tokenType": "Bearer",
}
_PROFILE = {
    "userId": _USER_ID,
    "email": _EMAIL,
    "name": "Ada",
    "preferences": {"theme": "dark", "currency": "EUR"},
    "createdAt": _CREATED_AT,
    "updatedAt": _UPDATED_AT,
}
_IMAGE = {
    "id": _IMAGE_ID,
    "url": f"{_URL}.jpg",
    "thumbnailUrl": f"{_URL}-thumbnail.webp",
    "width": 1200,
    "height": 900,
    "caption": "Front",
    "isPrimary": True,
    "order": 0,
}
_GUITAR = {
    "userId": _USER_ID,
    "guitarId": _GUITAR_ID,
    "brand": "Fender",
    "model": "Telecaster",
    "year": 1952,
    "type": "electric",
    "detailedSpecs": {"neck": {"profile": "U", "radiusInches": Decimal("7.25")}},
    "privateInfo": {"purchasePrice": Decimal("12345678.9"), "currency": "USD"},
    "notes": [{"id": _NOTE_ID, "content": "New strings.", "createdAt": _UPDATED_AT}],
    "images": [_IMAGE],
    "createdAt": _CREATED_AT,
    "updatedAt": _UPDATED_AT,
}
_MFA_SECRET = "BASE32SECRETOFTHEAPP"  # noqa: S105 - an example
_MAIL_SENT = {"message": "If the address has an account, a mail is on its way"}

# operation -> name -> body
BODIES: dict[str, Examples] = {
    "register_user": {"somebody": {"email": _EMAIL, "password": "Six-strings-1952", "name": "Ada"}},
    "login_user": {
        "password": {"email": _EMAIL, "password": "Six-strings-1952"},
        "challenge": {"email": _EMAIL, "session": _SESSION, "mfaCode": "123456"},
    },
    "refresh_tokens": {"token": {"refreshToken": _REFRESH_TOKEN}},
    "logout_user": {"token": {"refreshToken": _REFRESH_TOKEN}},
    "request_password_reset": {"address": {"email": _EMAIL}},
    "reset_password": {"mailedCode": {"email": _EMAIL, "code": "123456", "newPassword": "Seven-strings-1990"}},
    "resend_verification": {"address": {"email": _EMAIL}},
    "update_profile": {"preferences": {"preferences": {"theme": "dark", "currency": None}}},
    "rename_user": {"name": {"name": "Ada L."}},
    "enable_mfa": {"code": {"code": "123456"}},
    "create_guitar": {
        "least": {"brand": "Fender", "model": "Telecaster"},
        "more": {
            "brand": "Fender",
            "model": "Telecaster",
            "year": 1952,
            "type": "electric",
            "detailedSpecs": {"neck": {"profile": "U", "radiusInches": Decimal("7.25")}},
            "privateInfo": {"purchasePrice": Decimal("12345678.9"), "currency": "USD"},
            "notes": [{"content": "New strings."}],
        },
    },
    "update_guitar": {
        "change": {"year": 1953},
        "remove": {"color": None, "privateInfo": {"currentValue": None}},
        "addNote": {"notes": [{"id": _NOTE_ID}, {"content": "New pickups."}]},
    },
    "create_upload_url": {
        "picture": {"fileName": "guitar.jpg", "fileType": "image/jpeg", "fileSize": 48213},
        "receipt": {"fileName": "receipt.pdf", "fileType": "application/pdf", "purpose": "receipt"},
        "form": {"fileName": "guitar.jpg", "fileType": "image/jpeg", "method": "POST"},
    },
    "complete_upload": {
        "attach": {"imageKey": _IMAGE_KEY, "guitarId": _GUITAR_ID, "caption": "Front", "isPrimary": True},
        "later": {"imageKey": _IMAGE_KEY},
    },
}

# operation -> name -> data
ANSWERS: dict[str, Examples] = {
    "register_user": {"registered": {"userId": _USER_ID, "email": _EMAIL, "confirmed": False}},
    "login_user": {
        "tokens": _TOKENS,
        "challenge": {"challenge": "SOFTWARE_TOKEN_MFA", "session": _SESSION},
    },
    "refresh_tokens": {"tokens": _TOKENS},
    "logout_user": {"signedOut": {"message": "Signed out"}},
    "request_password_reset": {"sent": _MAIL_SENT},
    "reset_password": {"changed": {"message": "The password was changed"}},
    "resend_verification": {"sent": _MAIL_SENT},
    "get_profile": {"profile": _PROFILE},
    "update_profile": {"profile": _PROFILE},
    "rename_user": {"profile": _PROFILE},
    "start_mfa": {
        "secret": {
            "secret": _MFA_SECRET,
            "otpauthUri": f"otpauth://totp/Guitar%20Collection%3A{_EMAIL}?secret={_MFA_SECRET}",
        }
    },
    "enable_mfa": {"on": {"enabled": True}},
    "disable_mfa": {"off": {"enabled": False}},
    "delete_user": {"deleted": {"userId": _USER_ID}},
    "list_guitars": {"page": {"guitars": [_GUITAR], "nextToken": "where to go on"}},
    "create_guitar": {"guitar": _GUITAR},
    "get_guitar": {"guitar": _GUITAR},
    "update_guitar": {"guitar": _GUITAR},
    "delete_guitar": {"deleted": {"guitarId": _GUITAR_ID}},
    "list_brands": {"brands": {"brands": ["Fender", "Gibson"]}},
    "create_upload_url": {
        "picture": {
            "uploadUrl": f"https://s3.us-east-1.amazonaws.com/uploads-bucket/{_IMAGE_KEY}?X-Amz-Signature=…",
            "imageKey": _IMAGE_KEY,
            "method": "PUT",
            "headers": {"Content-Type": "image/jpeg"},
            "expiresIn": 300,
        }
    },
    "complete_upload": {
        "picture": {
            "id": _IMAGE_ID,
            "imageUrl": _IMAGE["url"],
            "thumbnailUrl": _IMAGE["thumbnailUrl"],
            "width": 1200,
            "height": 900,
        }
    },
}
