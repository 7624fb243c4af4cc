"""Lambda: the streams of both tables."""

from deploy.functions.start import fast_start

with fast_start():
    from deploy.functions.entry import Entry
    from server.triggers import follow_tables

    handler = Entry(follow_tables, aws_services=["dynamodb", "s3"])
