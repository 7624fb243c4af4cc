"""The state of the local AWS: kept in a folder while it runs, found again at the next start, shared as snapshots.

The state is a set of shelves, each a set of pieces by key, each piece some bytes: one for each DynamoDB item, stream
record, S3 key, mail and entry of Cognito's books, and one for all the rest. What is written after a change is the
pieces that differ, so that saving takes no longer as the state grows.

keeper -> archive, snapshot -> shelves -> pickling -> journal, stamp. The contents of S3 objects lie beside, in files
of their own (emulation.cloud.objects).
"""
