"""The built functions under AWS's own runtime emulator: the interpreter, the packages and the limits of Lambda.

| of Lambda | here |
|---|---|
| the runtime | `awslambdaric`, the one of Lambda, on Python 3.13 |
| the runtime API, the size of a result, what becomes of a crash | `aws-lambda-rie`, from the wheel of the SAM CLI |
| time limits | kept by `sandbox`: the emulator counts the start in |
| one invocation at a time in a sandbox, several sandboxes | a process of the emulator each (`sandbox`, `functions`) |
| a role | an access key, which the local cloud holds to the role |
| memory and CPU | not limited |
"""
