"""What of the template is not created in the local cloud, and what takes its place."""

ELSEWHERE = {
    "AWS::Serverless::Function": "its event function is called by the local cloud or the local API",
    "AWS::Serverless::HttpApi": "server/app.py is its twin",
    "AWS::CloudFront::CachePolicy": "emulation/edge reads it",
    "AWS::CloudFront::Distribution": "emulation/edge is its twin",
    "AWS::CloudFront::Function": "emulation/edge runs it",
    "AWS::CloudFront::OriginAccessControl": "emulation/edge signs its requests to the buckets as `cloudfront`",
    "AWS::CloudFront::OriginRequestPolicy": "emulation/edge reads it",
    "AWS::CloudFront::ResponseHeadersPolicy": "emulation/edge reads it",
    "AWS::CloudWatch::Alarm": "nobody watches a laptop's metrics",
    "AWS::Logs::Delivery": "each local process writes its own log",
    "AWS::Logs::DeliveryDestination": "each local process writes its own log",
    "AWS::Logs::DeliverySource": "each local process writes its own log",
    "AWS::Logs::LogGroup": "each local process writes its own log",
    "AWS::S3::BucketPolicy": "it is what the identity `cloudfront` may",
    "AWS::SNS::Topic": "only alarms are published",
    "AWS::SQS::Queue": "the local cloud keeps the dead letters itself (/_cloud/dead-letters)",
}
