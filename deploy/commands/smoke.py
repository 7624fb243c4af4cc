"""`just smoke ENV`: whether a deployment works, in a minute."""

from collections.abc import Callable

import aiohttp
from botocore.exceptions import BotoCoreError, ClientError

from deploy.commands.errors import CommandError
from deploy.commands.journey import Clients, Journey
from deploy.commands.stack import Deployment

_ANSWER_SECONDS = 35.0


async def smoke(deployment: Deployment, clients: Clients, say: Callable[[str], None]) -> None:
    """Take the journey and say each step that went well. Raises CommandError at the first that does not.

    Whatever happens, the account is removed.
    """
    timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        journey = Journey(session, deployment, clients)
        steps = {
            # First, as nothing documents that CloudFront forwards a header that its function added.
            "through the distribution, a request without a token gets the envelope": journey.is_refused_in_the_envelope,
            "at the API, it gets API Gateway's own words": journey.is_refused_by_the_gateway,
            "somebody registers, and the deployer confirms the address": journey.registers,
            "signs in": journey.signs_in,
            "has a profile": journey.has_a_profile,
            "adds a guitar": journey.adds_a_guitar,
            "uploads a picture and sees its thumbnail": journey.uploads_a_picture,
            "deletes the guitar, and its pictures go": journey.deletes_the_guitar,
            "leaves": journey.leaves,
        }
        try:
            for step, take in steps.items():
                await take()
                say(f"ok  {step}")
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"AWS refused what the journey needs: {error}") from error
        finally:
            await journey.clean_up()
