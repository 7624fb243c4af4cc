"""What Cognito mails, as the pool's template words it.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html
"""

import html
import re
from urllib.parse import urlencode

from moto.cognitoidp.models import CognitoIdpUser

from emulation.cloud.aws_call import note_mail
from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.pools import Pool
from emulation.cloud.cognito.state import MailedCode
from emulation.cloud.mailbox import Mail
from server.clock import to_iso

CODE_SUBJECT = "Your verification code"
CODE_MESSAGE = "Your verification code is {####}"
RESET_MESSAGE = "Your password reset code is {####}"
LINK_SUBJECT = "Your verification link"
LINK_MESSAGE = "Please click the link below to verify your email address. {##Verify Email##}"
_LINK_PLACE = re.compile(r"\{##(.*?)##\}")
_TAG = re.compile(r"<[^>]*>")


def mail_verification(context: Context, client: AppClient, user: CognitoIdpUser, code: MailedCode) -> None:
    """Mail the link that confirms a sign-up, or its code where the pool sends codes."""
    template = client.pool.setting("VerificationMessageTemplate") or {}
    if template.get("DefaultEmailOption") != "CONFIRM_WITH_LINK":
        mail_code(context, client.pool, code)
        return
    query = {"client_id": client.id, "user_name": user.username, "confirmation_code": code.text}
    url = f"{context.domain_url}/confirmUser?{urlencode(query)}"
    message = template.get("EmailMessageByLink") or LINK_MESSAGE
    _deliver(
        context,
        code.address,
        template.get("EmailSubjectByLink") or LINK_SUBJECT,
        _LINK_PLACE.sub(lambda place: f'<a href="{html.escape(url)}">{place[1]}</a>', message),
        # Spaces keep what follows out of the address.
        _LINK_PLACE.sub(lambda place: f"{place[1]}: {url} ", message),
    )


def mail_code(context: Context, pool: Pool, code: MailedCode) -> None:
    """Mail the code that verifies an address."""
    template = pool.setting("VerificationMessageTemplate") or {}
    message = template.get("EmailMessage") or pool.setting("EmailVerificationMessage") or CODE_MESSAGE
    subject = template.get("EmailSubject") or pool.setting("EmailVerificationSubject") or CODE_SUBJECT
    _mail(context, code, subject, message)


def mail_reset_code(context: Context, code: MailedCode) -> None:
    """Mail the code that sets a new password."""
    _mail(context, code, CODE_SUBJECT, RESET_MESSAGE)


def _mail(context: Context, code: MailedCode, subject: str, message: str) -> None:
    filled = message.replace("{####}", code.text)
    _deliver(context, code.address, subject, filled, filled)


def _deliver(context: Context, to: str, subject: str, message: str, plain: str) -> None:
    text = html.unescape(_TAG.sub(" ", plain)).strip()
    context.mailbox.deliver(Mail(to, subject, text, f"<p>{message}</p>", to_iso(context.clock.now())))
    note_mail()


def delivery_details(address: str) -> dict[str, str]:
    """CodeDeliveryDetails: where a mail went, told to somebody who should know already."""
    name, _, domain = address.partition("@")
    return {
        "AttributeName": "email",
        "DeliveryMedium": "EMAIL",
        "Destination": f"{name[:1]}***@{domain[:1]}***",
    }
