"""The user side of Cognito, on top of moto's user pools.

moto keeps the pools, clients and users, and answers the actions that manage them; the actions of `Cognito.ACTIONS`
are answered here. What is mended:

| moto 5.2.5 | Cognito |
|---|---|
| any code confirms, again and again; none is mailed | random, mailed, used once, for 24 h (reset 1 h); few tries |
| no link, no page behind it | CONFIRM_WITH_LINK and the domain's page /confirmUser |
| no triggers | PostConfirmation after a confirmation, a reset, AdminConfirmSignUp |
| ResendConfirmationCode, RevokeToken, GetTokensFromRefreshToken, DeleteUser, attributes' codes missing | there |
| ALICE@ is a second account beside alice@ | one account where the pool is not case sensitive |
| the password rule is not named, on a reset not applied, 98 characters at most | named, applied, 256 |
| required attributes, ExplicitAuthFlows, PreventUserExistenceErrors ignored | obeyed |
| sub and email_verified can be overwritten | refused, like what WriteAttributes or the schema does not allow |
| no lockout | 2^(n-5) s after the nth wrong password or MFA code, up to 15 minutes |
| tokens live 3600 s; refresh tokens for ever | as the client says; expiry asked of the clock |
| a refreshed token has a new auth_time, no event_id, name or email_verified | as documented |
| one key for every pool, known to everybody, kid "dummy", also for unknown pools | two keys a pool, its own |
| one TOTP secret, any code passes | a secret each, RFC 6238, one use |
| AdminDisableUser leaves tokens good, AdminResetUserPassword mails nothing | revokes them, mails a code |
| a missing parameter, a nameless attribute and, in ListResourceServers, an unknown pool are HTTP 500 | refused |
| tokens of AdminInitiateAuth bear the public key | the pool's own |

Kept as moto has it: passwords in clear in the user model, since AdminCreateUser writes them so.
Layers: service -> operations (sign_up, sign_in, challenges, refresh, reset, users, user_attributes, mfa, admin,
confirm_page) -> rules (access, tokens, sessions, codes, mails, passwords, attributes, limits, totp, keys) -> context
-> app_clients, pools -> state.
"""

from emulation.cloud.cognito.moto_mends import RELIES_ON
from emulation.cloud.cognito.service import Cognito
from emulation.cloud.cognito.state import CognitoState

__all__ = ["RELIES_ON", "Cognito", "CognitoState"]
