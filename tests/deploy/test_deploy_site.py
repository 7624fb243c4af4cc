"""What `just deploy-site` puts into the bucket."""

from pathlib import Path

import pytest

from deploy.commands.errors import CommandError
from deploy.commands.site import IMMUTABLE, REVALIDATE, cache_control, content_type, deploy_site
from tests.deploy.local_stack import LocalStack


def write_site(folder: Path, **files: str) -> Path:
    for name, content in {"index.html": "<!doctype html>", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def test_the_bucket_holds_what_the_folder_holds_with_types_and_times(stack: LocalStack, tmp_path: Path) -> None:
    s3, bucket = stack.client("s3"), stack.deployment.frontend_bucket
    old = write_site(tmp_path / "old", **{"assets/index-Old0Name.js": "1", "robots.txt": "User-agent: *"})
    new = write_site(tmp_path / "new", **{"assets/index-DkWh3Xa8.js": "2", "robots.txt": "User-agent: *"})

    deploy_site(s3, bucket, old, lambda _: None)
    said: list[str] = []
    deploy_site(s3, bucket, new, said.append)

    held = {}
    for one in s3.list_objects_v2(Bucket=bucket)["Contents"]:
        head = s3.head_object(Bucket=bucket, Key=one["Key"])
        held[one["Key"]] = (head["ContentType"], head["CacheControl"])
    assert held == {
        "assets/index-DkWh3Xa8.js": ("text/javascript; charset=utf-8", IMMUTABLE),
        "index.html": ("text/html; charset=utf-8", REVALIDATE),
        "robots.txt": ("text/plain; charset=utf-8", REVALIDATE),
    }
    # Pages after what they need, and old files last: whoever comes meanwhile finds one of both sites whole.
    assert [line.split()[1] for line in said] == [
        "assets/index-DkWh3Xa8.js",
        "robots.txt",
        "index.html",
        "assets/index-Old0Name.js",
    ]


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        ("index.html", REVALIDATE),
        ("favicon.ico", REVALIDATE),
        ("apple-touch-icon-180x180.png", REVALIDATE),
        ("assets/guitar-electric.jpg", REVALIDATE),
        ("assets/photo-20240101.jpg", REVALIDATE),
        ("assets/index-DkWh3Xa8.js", IMMUTABLE),
        ("assets/style-B_x-9aQz.css", IMMUTABLE),
        ("static/app.0f1e2d3c4b.js", IMMUTABLE),
    ],
)
def test_only_what_is_named_by_its_content_is_kept_for_ever(key: str, kept: str) -> None:
    assert cache_control(key) == kept


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.webmanifest", "application/manifest+json; charset=utf-8"),
        ("a.woff2", "font/woff2"),
        ("a.png", "image/png"),
        ("a.wasm", "application/wasm"),
        ("LICENSE", "application/octet-stream"),
    ],
)
def test_every_file_has_its_type(key: str, expected: str) -> None:
    assert content_type(key) == expected


def test_a_folder_without_a_page_changes_nothing(stack: LocalStack, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"is no built site: it has no index\.html"):
        deploy_site(stack.client("s3"), stack.deployment.frontend_bucket, tmp_path, lambda _: None)


def test_a_link_out_of_the_folder_is_not_followed(stack: LocalStack, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for everybody")
    site = write_site(tmp_path / "site")
    (site / "shown.txt").symlink_to(secret)
    with pytest.raises(CommandError, match=r"shown\.txt leads out of"):
        deploy_site(stack.client("s3"), stack.deployment.frontend_bucket, site, lambda _: None)
