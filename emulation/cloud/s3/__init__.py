"""S3 as AWS documents it, in front of moto's model of buckets.

| deviation of moto | mend |
|---|---|
| signatures of headers, URLs and chunks are not looked at, unsigned requests pass | `authentication`, `streaming` |
| a form is accepted whatever its policy says, or without one | `posting`, `form`, `post_policy` |
| what an identity may is not asked; a missing key is 404 for everybody | `actions`, `permissions` |
| CORS headers of any rule, also for a method or header that none allows; OPTIONS is 200 without rules | `cors` |
| Content-MD5 and x-amz-checksum-* are believed, CRC32C and CRC64NVME are CRC32 | `integrity`, `checksums` |
| lifecycle rules are stored and never applied; no x-amz-expiration | `lifecycle`, `lifecycle_rules` |
| conditions on the source of a copy are overlooked, If-Match does not overrule If-Unmodified-Since | `conditions` |
| a malformed bucket policy is stored | `bucket_policy` |
| XML that does not fit its schema is stored, or is HTTP 500 | `documents` |
| XML that sets what cannot be is stored, or is HTTP 500 | `settings`, `lifecycle_documents` |
| the parts of a completed upload may be in any order | `settings` |
| pages have any number of keys, their tokens are lost at a restart; prefixes are not counted | `listing` |
| a count that is none, an upload or a token that is not there is HTTP 500 | `queries` |
| the body of a PUT with the content type of a form is dropped | `forwarding`, `writing` |
| DeleteObjects works without a checksum, and has no errors by key | `deletion` |
| PutObject, GetObject and HeadObject take a millisecond in its HTTP layer | `writing`, `reading` |
| ListObjectVersions reads the content of every object of the bucket | `moto_mends` |
| a deletion of a key that is not there leaves no delete marker in a bucket with versions | `moto_mends` |
| parameters that moto does not know turn an operation into another one | `actions` |
| an object that comes without a checksum has none | `writing` |

Not as on AWS: lifecycle rules by an object's size or by a number of newer versions are refused by name; transitions
to other storage classes change nothing; no bucket can be public; an object that is put together of parts, or copied,
has the checksum that it came with or none.
"""

from emulation.cloud.s3.service import S3

__all__ = ["RELIES_ON", "S3"]

# Functions of moto that are replaced or relied on here, each with a digest in tests/emulation/test_moto_patches.py.
RELIES_ON = (
    "moto.s3.models.CorsRule",
    "moto.s3.models.FakeBucket.set_cors",
    "moto.s3.models.FakeBucket.set_lifecycle",
    "moto.s3.models.FakeDeleteMarker",
    "moto.s3.models.FakeKey.set_metadata",
    "moto.s3.models.LifecycleAndFilter",
    "moto.s3.models.LifecycleFilter",
    "moto.s3.models.LifecycleRule.__init__",
    "moto.s3.models.MultipartDict",
    "moto.s3.models.S3Backend._set_delete_marker",
    "moto.s3.models.S3Backend.delete_object",
    "moto.s3.models.S3Backend.delete_objects",
    "moto.s3.models.S3Backend.list_object_versions",
    "moto.s3.models.S3Backend.list_objects",
    "moto.s3.models.S3Backend.list_objects_v2",
    "moto.s3.models.S3Backend.put_object",
    "moto.s3.responses.S3Response._bucket_response_delete_keys",
    "moto.s3.responses.S3Response._get_checksum",
    "moto.s3.responses.S3Response._get_cors_headers_other",
    "moto.s3.responses.S3Response._key_response",
    "moto.s3.responses.S3Response.put_object",
    "moto.s3.responses.S3Response.setup_class",
)
