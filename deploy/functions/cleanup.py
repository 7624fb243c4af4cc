"""Lambda: the streams of both tables."""

from deploy.functions.entry import Entry
from server.triggers import follow_tables

handler = Entry(follow_tables)
