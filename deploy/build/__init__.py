"""`just build`: one artifact per Lambda function, cross-built from the lock. Why so: docs/decisions/lambda.md."""
