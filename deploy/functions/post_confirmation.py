"""Lambda: the user pool's PostConfirmation trigger."""

from deploy.functions.entry import Entry
from server.triggers import create_profile

handler = Entry(create_profile)
