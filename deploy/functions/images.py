"""Lambda: uploads of pictures and receipts."""

from deploy.functions.start import fast_start

with fast_start():
    from deploy.functions.api import serve_routes
    from deploy.functions.entry import Entry

    handler = Entry(serve_routes("images"), aws_services=["dynamodb", "s3"])
