"""Cognito's refusals, as it words them."""

from emulation.cloud.errors import AwsError


def not_authorized(message: str) -> AwsError:
    """NotAuthorizedException."""
    return AwsError("NotAuthorizedException", message)


def invalid_parameter(message: str) -> AwsError:
    """InvalidParameterException."""
    return AwsError("InvalidParameterException", message)


def not_found(message: str) -> AwsError:
    """ResourceNotFoundException."""
    return AwsError("ResourceNotFoundException", message)


def no_such_user(message: str = "User does not exist.") -> AwsError:
    """UserNotFoundException."""
    return AwsError("UserNotFoundException", message)


def no_such_combination() -> AwsError:
    """What an unknown user is told who would confirm an address or reset a password."""
    return no_such_user("Username/client id combination not found.")


def wrong_password() -> AwsError:
    """What a wrong password is told, and an unknown user where the client hides who exists."""
    return not_authorized("Incorrect username or password.")


def disabled() -> AwsError:
    """What a disabled user is told."""
    return not_authorized("User is disabled.")


def reset_required() -> AwsError:
    """What a user is told whose password an administrator has reset."""
    return AwsError("PasswordResetRequiredException", "Password reset required for the user")


def code_mismatch() -> AwsError:
    """What a wrong mailed code is told."""
    return AwsError("CodeMismatchException", "Invalid verification code provided, please try again.")


def code_expired() -> AwsError:
    """What a code is told that is too old, used, or was never sent."""
    return AwsError("ExpiredCodeException", "Invalid code provided, please request a code again.")


def not_emulated(what: str) -> AwsError:
    """An honest answer, with a status that SDKs do not retry."""
    return AwsError("NotImplemented", f"The local cloud does not emulate {what}.", 501)
