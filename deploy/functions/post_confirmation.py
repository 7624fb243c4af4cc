"""Lambda: the user pool's PostConfirmation trigger."""

from deploy.functions.start import fast_start

with fast_start():
    from deploy.functions.entry import Entry
    from server.triggers import create_profile

    handler = Entry(create_profile, aws_services=["dynamodb"])
