"""`just test-url ENV`: the API's own tests, against a deployment."""

import subprocess
import sys
from collections.abc import Mapping, Sequence

from deploy.checks.tools import ROOT
from deploy.commands.environments import Environment
from deploy.commands.stack import Deployment

# What does not need the local tools is well above this.
LEAST_TESTS = 180
# They ask for a picture until it is gone, and CloudFront keeps what it has once given. The smoke test asks S3.
ASKING_A_CACHE = (
    "tests/api/test_images.py::test_a_removed_image_is_gone_with_its_objects",
    "tests/api/test_images.py::test_the_objects_of_a_deleted_guitar_are_gone",
    "tests/api/test_user.py::test_guitars_and_objects_of_a_deleted_user_are_gone_shortly_after",
)


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
    }
    left_out = (f"--deselect={test}" for test in ASKING_A_CACHE)
    command = [sys.executable, "-m", "pytest", "--target=url", *left_out, *chosen]
    return subprocess.run(command, cwd=ROOT, env={**environ, **told}, check=False).returncode  # noqa: S603
