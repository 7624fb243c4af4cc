"""The local AWS, one process on one port: Cognito, DynamoDB and S3 as moto models them, made truthful.

A request goes front (HTTP) -> router -> Cognito or moto -> front. Everything that changes data runs synchronously on
the event loop's thread, so two requests never work on the data at once. Around it: the stack that is created at
start, the streams that call functions, the keeper that saves it all, and a control plane under /_cloud/.
"""
