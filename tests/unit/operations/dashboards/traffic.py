"""A day of a small stack: metrics of a writer's two versions, a rollout, and names that mean harm."""

from datetime import UTC, datetime, timedelta

from operations.alarms import Watched
from operations.dashboards.answers import AnsweredSection, answered
from operations.dashboards.headline import Headline
from operations.dashboards.questions import sections
from operations.dashboards.spans import Span, length
from operations.dashboards.standing import Queue, Rollout, Standing
from tests.unit.operations.dashboards.bodies import deployed
from tests.unit.operations.dashboards.cloudwatch import FakeCloudWatch

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'too' \x1b[31m"
NOW = datetime(2026, 11, 21, 19, 17, tzinfo=UTC)
SPAN = Span.lasting(length("24h"), now=NOW)
STATES = ("Validate", "Enrich", "Retrieve", "Generate", "Judge", "Store")
BEGAN = NOW - timedelta(hours=9)
ROLLOUT = Rollout("outreach-writer", 4, 1, 2, BEGAN, None, "open", 30.0)
RINGING = Watched(
    "approval-low", "ALARM", NOW - timedelta(minutes=5), "Ticket. Fewer than 70 % are approved.",
    "scripts/messages list", "docs/runbook.md#few-are-approved",
)  # fmt: skip
HEADLINE = Headline(messages=38, approved=28, milliseconds=12_040.0, spent=0.076)
STANDING = Standing(
    (RINGING,),
    (Queue("outreach", 3, 1, 0), Queue("outcomes", 0, 0, 2), Queue("features", 0, 0, 0)),
    2,
    NOW - timedelta(minutes=1),
    (ROLLOUT,),
)
QUIET = Standing((), (Queue("outreach", 0, 0, 0),), 0, None, ())


def seen() -> list[AnsweredSection]:
    """The dashboard's answers to it."""
    cloudwatch = FakeCloudWatch()
    for hour in range(1, 20):
        at = NOW - timedelta(hours=hour)
        for version, approved in (("1", 100.0), ("2", 0.0 if hour % 2 else 100.0)):
            own = {"workflow": "outreach", "agent": "platform#outreach-writer", "version": version}
            for dimensions in ({"workflow": "outreach"}, own):
                cloudwatch.put("ReferralSystem", "ApprovalRate", approved, at, **dimensions)
                cloudwatch.put("ReferralSystem", "MessagesGenerated", 1, at, **dimensions)
        cloudwatch.put("ReferralSystem", "JudgeScore", 4.2, at, workflow="outreach")
        cloudwatch.put("ReferralSystem", "RetryRate", 100, at, workflow="outreach")
        for place, state in enumerate(STATES):
            function = {"FunctionName": f"Outreach{state}Function"}
            cloudwatch.put("AWS/Lambda", "Duration", 100.0 * (place + 1), at, **function)
            cloudwatch.put("AWS/Lambda", "Errors", float(hour == 3 and state == "Generate"), at, **function)
    cloudwatch.put("ReferralSystem", "Skips", 1, NOW - timedelta(hours=1), workflow="outreach", reason=HOSTILE)
    return answered(sections(deployed()), cloudwatch, SPAN)


def nothing() -> list[AnsweredSection]:
    """Its answers to silence."""
    return answered(sections(deployed()), FakeCloudWatch(), SPAN)
