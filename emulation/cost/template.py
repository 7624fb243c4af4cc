"""How much the template has of what costs a month by itself, whether or not anybody comes."""

from emulation.template import Resource, Template

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/viewing-cloudfront-metrics.html
METRICS_OF_A_DISTRIBUTION = 8


def count_template(template: Template) -> dict[str, float]:
    """Units of a price by its name."""
    by_type: dict[str, list[Resource]] = {}
    for resource in template.resources.values():
        by_type.setdefault(resource.type, []).append(resource)
    filters = by_type.get("AWS::Logs::MetricFilter", [])
    return {
        "alarm_metrics": float(sum(_count_metrics(one) for one in by_type.get("AWS::CloudWatch::Alarm", []))),
        "metrics": float(sum(len(one.properties["MetricTransformations"]) for one in filters)),
        "edge_metrics": float(
            METRICS_OF_A_DISTRIBUTION * len(by_type.get("AWS::CloudFront::MonitoringSubscription", []))
        ),
        "dashboards": float(len(by_type.get("AWS::CloudWatch::Dashboard", []))),
    }


def _count_metrics(alarm: Resource) -> int:
    """An alarm over an expression is billed by the metrics in it."""
    metrics = alarm.properties.get("Metrics")
    return sum("MetricStat" in one for one in metrics) if metrics else 1
