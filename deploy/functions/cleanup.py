"""Lambda: the streams of both tables."""

from deploy.functions.entry import Entry
from server.triggers import clean_up

handler = Entry(clean_up)
