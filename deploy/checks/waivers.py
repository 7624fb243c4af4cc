"""What checkov would have otherwise, and why it stays as it is. A waiver that nothing needs fails the check."""

_ONE_KEY = "AWS's own key encrypts it; a key of one's own costs USD 1 a month and protects from nobody else here"

WAIVERS = {
    "CKV_AWS_18": "the trail notes the calls to the users' objects; the other buckets hold nothing private",
    "CKV_AWS_21": "frontend and images are versioned; uploads, letters and trail expire, which a version would outlive",
    "CKV_AWS_26": "CloudWatch may not publish to a topic under AWS's own key, and an alarm's text is no secret",
    "CKV_AWS_27": "SQS encrypts it (SqsManagedSseEnabled); the check knows KMS only",
    "CKV_AWS_35": _ONE_KEY,
    "CKV_AWS_67": "the trail is there for this stack's buckets, which are in one region; it is no audit of the account",
    "CKV_AWS_68": "a web application firewall costs USD 5 a month and more; API Gateway throttles",
    "CKV_AWS_86": "EdgeLogDelivery logs the distribution; the check knows the older logging only",
    "CKV_AWS_115": "a new account has a quota of 10 concurrent runs, 10 of which AWS keeps unreserved: nothing is left",
    "CKV_AWS_116": "the functions are called synchronously but cleanup, whose event sources have their destination",
    "CKV_AWS_117": "there is nothing in a private network; a VPC would need a NAT gateway at USD 32 a month",
    "CKV_AWS_119": _ONE_KEY,
    "CKV_AWS_158": _ONE_KEY,
    "CKV_AWS_173": "the variables are names and ids, no secrets",
    "CKV_AWS_174": "TLS 1.2 is set where SiteCertificateArn is given; CloudFront's own certificate has no choice",
}
