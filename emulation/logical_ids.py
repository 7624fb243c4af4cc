"""What the template calls the functions, which is each one's access key too."""


def logical_id(function: str) -> str:
    """`PostConfirmationFunction` of `post_confirmation`, which is how its module in `deploy/functions/` is called."""
    return f"{function.title().replace('_', '')}Function"


AUTHORIZER = logical_id("authorizer")
