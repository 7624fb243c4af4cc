"""Where AWS documents Cognito."""


def api(action: str) -> str:
    """The reference of an action or a type."""
    return f"https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_{action}.html"


def guide(page: str) -> str:
    """A page of the developer guide."""
    return f"https://docs.aws.amazon.com/cognito/latest/developerguide/{page}.html"


HIDDEN_USERS = guide("cognito-user-pool-managing-errors")
LOCKOUT = guide("authentication") + "#authentication-flow-lockout-behavior"
MESSAGES = guide("cognito-user-pool-settings-message-customizations")
PASSWORDS = guide("managing-users-passwords")
QUOTAS = guide("quotas")
REFRESH = guide("amazon-cognito-user-pools-using-the-refresh-token")
REVOCATION = guide("token-revocation")
TOTP = guide("user-pool-settings-mfa-totp")
