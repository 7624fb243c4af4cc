"""How often one user may ask, and how long wrong answers lock out."""

from datetime import timedelta

from emulation.cloud.cognito.refusals import not_authorized
from emulation.cloud.cognito.state import Failures, UserRecord
from emulation.cloud.errors import AwsError
from server.clock import Clock

# Requests of one user in an hour. AWS says 5 to 20 for the two password operations, by the risk it sees; what passes
# here has to pass there. https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
HOURLY_REQUESTS = {
    "ForgotPassword": 5,
    "ConfirmForgotPassword": 5,
    "ResendConfirmationCode": 5,
    "ConfirmSignUp": 15,
    "ChangePassword": 5,
    "GetUserAttributeVerificationCode": 5,
    "VerifyUserAttribute": 15,
}
HOUR = timedelta(hours=1)

# https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
FREE_FAILURES = 5
LONGEST_LOCKOUT = timedelta(minutes=15)


def count_request(record: UserRecord, action: str, clock: Clock) -> None:
    """Count a request; raises LimitExceededException when the hour has no more."""
    recent = [moment for moment in record.requests.get(action, []) if clock.age(moment) < HOUR]
    record.requests[action] = recent
    if len(recent) >= HOURLY_REQUESTS[action]:
        raise AwsError("LimitExceededException", "Attempt limit exceeded, please try after some time.")
    recent.append(clock.now())


def check_lockout(failures: Failures, clock: Clock) -> None:
    """Raises NotAuthorizedException while locked out: 2^(n-5) seconds after the nth failure, at most 15 minutes."""
    if failures.attempted_at is not None and clock.age(failures.attempted_at) >= LONGEST_LOCKOUT:
        failures.count = 0
    failures.attempted_at = clock.now()
    if failures.count < FREE_FAILURES or failures.failed_at is None:
        return
    lockout = min(timedelta(seconds=2 ** min(failures.count - FREE_FAILURES, 10)), LONGEST_LOCKOUT)
    if clock.age(failures.failed_at) < lockout:
        raise not_authorized("Password attempts exceeded")


def count_failure(failures: Failures, clock: Clock) -> None:
    """Count a wrong answer."""
    failures.count += 1
    failures.failed_at = clock.now()


def forget_failures(record: UserRecord) -> None:
    """A completed sign-in starts the count anew."""
    record.wrong_passwords = Failures()
    record.wrong_mfa_codes = Failures()
