"""The request log: every request with what each part did for it, and a meter of what it used of AWS.

One call of AWS is an `AwsCall` (`emulation.cloud.aws_call`): the services note in it what only they know.

| module | what |
|---|---|
| `naming` | what a call asks for, read from its request |
| `s3_operations` | what an S3 request is called, and how it is billed |
| `record` | one request: the spans that the parts report, and the calls |
| `log` | the latest requests, and what has changed among them |
| `meter` | what was used by route, service and action, since the meter was set to zero |
"""
