"""`just test-url ENV`: the API's own tests, against a deployment."""

import subprocess
import sys
from collections.abc import Mapping, Sequence

from deploy.build.artifacts import ROOT
from deploy.commands.environments import Environment
from deploy.commands.stack import Deployment

# What does not need the local tools is well above this.
LEAST_TESTS = 180


def run_tests(
    deployment: Deployment,
    environment: Environment,
    environ: Mapping[str, str],
    chosen: Sequence[str] = ("tests/api", f"--at-least={LEAST_TESTS}"),
) -> int:
    """Run tests/api, or what is chosen of it; pytest's exit code."""
    told = {
        "API_URL": deployment.api_url,
        "FRONT_DOOR_URL": deployment.cdn_url,
        "S3_PUBLIC_ENDPOINT": deployment.s3_public_endpoint,
        "AWS_REGION": environment.region,
        "COGNITO_USER_POOL_ID": deployment.user_pool_id,
        "DYNAMODB_TABLE_USERS": deployment.users_table,
        "S3_BUCKET_IMAGES": deployment.images_bucket,
    }
    command = [sys.executable, "-m", "pytest", "--target=url", *chosen]
    return subprocess.run(command, cwd=ROOT, env={**environ, **told}, check=False).returncode  # noqa: S603
