"""The mailbox, and the page behind a mailed link."""

from typing import TYPE_CHECKING

from emulation.cloud.controls import Routes
from emulation.cloud.exchange import Answer, Request, html_answer, json_answer

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud

CONFIRM_PATH = "/_cloud/domain/confirmUser"


class MailControl:
    """`/_cloud/mail`; the query's `to` names an address. And CONFIRM_PATH, where its links lead."""

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.routes: Routes = {
            ("GET", "/_cloud/mail"): self.list_mails,
            ("DELETE", "/_cloud/mail"): self.clear_mails,
            ("GET", CONFIRM_PATH): self.confirm_user,
        }

    async def list_mails(self, request: Request) -> Answer:
        """The mails, oldest first."""
        mails = self._cloud.data.mailbox.list_mails(request.query.get("to"))
        return json_answer(200, [mail.to_json() for mail in mails])

    async def clear_mails(self, request: Request) -> Answer:
        """Delete the mails."""
        self._cloud.data.mailbox.clear(request.query.get("to"))
        self._cloud.keeper.touch()
        return Answer(204)

    async def confirm_user(self, request: Request) -> Answer:
        """The Cognito domain's page behind a mailed link."""
        answer = html_answer(*await self._cloud.services.cognito.confirm_user_page(request.query))
        self._cloud.keeper.touch()
        return answer
