"""`just cost`: drives the workload on a local stack of its own, where the functions run as built, and prices it.

| module | what |
|---|---|
| `journey` | the steps of the workload, each taken some times and measured by itself |
| `metering` | the meter and the functions' CPU time, as rows of one call |
| `picture` | a photo of the workload's size |
| `stack` | the stack, and how large what it stores is |
| `template` | how much the template has of what costs by itself |
"""
