"""`just smoke ENV`: whether a deployment works, in a minute."""

from collections.abc import Callable

import aiohttp
from botocore.exceptions import BotoCoreError, ClientError

from deploy.commands.errors import CommandError
from deploy.commands.journey import Clients, Journey
from deploy.commands.stack import Deployment

# A little longer than API Gateway waits.
_ANSWER_SECONDS = 35.0
STEPS = {
    # First, as nothing documents that CloudFront forwards a header that its function added.
    "through the distribution, a request without a token gets the envelope": Journey.is_refused_in_the_envelope,
    "at the API, it gets API Gateway's own words": Journey.is_refused_by_the_gateway,
    "somebody registers": Journey.registers,
    "signs in": Journey.signs_in,
    "has a profile": Journey.has_a_profile,
    "adds a guitar": Journey.adds_a_guitar,
    "uploads a picture and sees its thumbnail": Journey.uploads_a_picture,
    "deletes the guitar, and its pictures go": Journey.deletes_the_guitar,
    "leaves": Journey.leaves,
}


async def smoke(deployment: Deployment, clients: Clients, say: Callable[[str], None]) -> None:
    """Take the journey and say each step that went well. Raises CommandError at the first that does not.

    Whatever happens, the account is removed.
    """
    timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        journey = Journey(session, deployment, clients)
        try:
            for step, take in STEPS.items():
                await take(journey)
                say(f"ok  {step}")
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"AWS refused what the journey needs: {error}") from error
        finally:
            await journey.clean_up()
