"""Who calls the local cloud, and what they may. Moto believes every signature and allows everything.

| deviation of moto | mend |
|---|---|
| a header's signature, its age and its access key are not looked at | `signatures` |
| a role's policies are not looked at (`INITIAL_NO_AUTH_ACTION_COUNT` knows those of its own IAM only) | `policy` |
| which right an operation needs is taken from its name, also where it needs others | `permissions` |
| nobody knows who called what | `calls` |
| STS tells everybody that they are the same made-up user | `caller_identity` |

S3 words its refusals in XML and asks `Identities` itself.
"""

from emulation.cloud.identity.authorization import Authorization
from emulation.cloud.identity.calls import Call, Calls
from emulation.cloud.identity.identities import Identities, Identity

__all__ = ["Authorization", "Call", "Calls", "Identities", "Identity"]
