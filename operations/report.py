"""Reports: what a workflow's dashboard shows, and what the platform learned by itself."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from agent_platform.moments import iso
from agent_platform.reviews.records import ReviewRecords
from outreach.recorded import WORKFLOW

from operations import retrieval_report
from operations.customers import companies, tenant_of
from operations.dashboards.answers import Answered, AnsweredSection, answered
from operations.dashboards.headline import Headline, headline
from operations.dashboards.judged import good_behind
from operations.dashboards.printing import print_report
from operations.dashboards.questions import Section, sections
from operations.dashboards.spans import Span, length
from operations.dashboards.standing import Standing, standing
from operations.dashboards.wording import statistic, unit_of
from operations.pages.dashboard import page
from operations.pages.retrieval import page as retrieval_page
from operations.reviewing.figures import agreement_of, figures
from operations.stack import Stack
from operations.terminal import Problem, arguments, next_step, out, print_json, run, with_json

# Who judges outreach, unless a company has a judge of its own.
JUDGE = "outreach-judge"


def asked(stack: Stack) -> list[Section]:
    """What the deployed dashboard asks; Problem if the stack is from before there was one."""
    name = stack.outputs.get("OutreachDashboard")
    if name is None:
        raise Problem(f"This stack has no dashboard yet. Deploy it again: scripts/deploy --account {stack.account}")
    return sections(stack.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"])


def document(span: Span, first: Headline, stands: Standing, found: Sequence[AnsweredSection]) -> dict[str, Any]:
    """The report as one document; a question without data has no answers."""
    return {
        "start": span.start.isoformat(),
        "end": span.end.isoformat(),
        "headline": asdict(first),
        "now": {
            "alarms": [_with_text_times(asdict(each)) for each in stands.alarms],
            "queues": [asdict(each) for each in stands.queues],
            "open_executions": stands.open_executions,
            "oldest": stands.oldest and stands.oldest.isoformat(),
            "rollouts": [_with_text_times(asdict(each)) for each in stands.rollouts],
        },
        "sections": [
            {"heading": section.heading, "questions": [_question(each) for each in section.questions]}
            for section in found
        ],
    }


def _with_text_times(of: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in of.items()}


def _question(each: Answered) -> dict[str, Any]:
    answers = [
        {
            "label": answer.label,
            "unit": unit_of(answer, each),
            "statistic": statistic(answer),
            "whole": answer.line.whole,
            "points": {moment.isoformat(): value for moment, value in answer.line.points.items()},
        }
        for answer in each.answers
    ]
    return {"question": each.question.title, "answers": answers}


def _of_the_dashboard(stack: Stack, given: Namespace) -> None:
    now = datetime.now(UTC)
    span = Span.lasting(given.since, now=now)
    cloudwatch, title = stack.client("cloudwatch"), f"Outreach in {stack.profile['stack_name']}"
    stands = standing(stack, span)
    found, first = answered(asked(stack), cloudwatch, span), headline(cloudwatch, span)
    good = good_behind(stack, WORKFLOW, JUDGE, span, now=now)
    first = replace(first, good=good, agreement=_agreement(stack, span))
    if given.html:
        given.html.write_text(page(title, span, first, stands, found), encoding="utf-8")
    if given.json:
        print_json(document(span, first, stands, found))
        return
    print_report(title, span, first, stands, found)
    _say_where(given.html)


def _agreement(stack: Stack, span: Span) -> str | None:
    """How often two reviewers agreed, of any company; None if no message was seen by two."""
    records = ReviewRecords(table=stack.outputs["Reviews"], dynamodb=stack.dynamodb)
    since = iso(span.start)
    found = figures(chain.from_iterable(records.decisions(each, WORKFLOW, since=since) for each in companies(stack)))
    return agreement_of(found) if found.pairs else None


def _of_retrieval(stack: Stack, given: Namespace) -> None:
    now, tenants = datetime.now(UTC), [tenant_of(stack, given.tenant)] if given.tenant else companies(stack)
    found = retrieval_report.retrieval(stack, tenants, now=now)
    if given.html:
        given.html.write_text(retrieval_page(found, stack.profile["stack_name"], now=now), encoding="utf-8")
    if given.json:
        print_json(found)
        return
    for each in found:
        retrieval_report.show(each)
    if not found:
        out.print(retrieval_report.NOTHING_YET)
        next_step("scripts/outcomes list", given.account)
    _say_where(given.html)


def _page(given: str) -> Path:
    """Where a page is to be written; Problem if nothing can be written there, before any work is done for it."""
    path = Path(given)
    if not given or path.is_dir():
        raise Problem(f"--html takes the name of a file, as report.html, and {given or 'nothing'} is none")
    if not path.parent.is_dir():
        raise Problem(f"{path.parent} is no directory")
    return path


def _say_where(html: Path | None) -> None:
    if html:
        next_step(f"open {html} in a browser", "local")


def main(argv: Sequence[str]) -> None:
    """scripts/report."""
    parser = arguments("report", "What outreach's dashboard shows: is it good, fast and sound, and what does it cost?")
    about = "instead: what past cases add, what each is worth, and which are withheld and why"
    parser.add_argument("about", nargs="?", choices=["retrieval"], help=about)
    parser.add_argument("--since", type=length, metavar="24h", help="how far back (default: 24h), as 90m, 24h, 7d, 2w")
    parser.add_argument("--html", type=_page, metavar="FILE", help="write it as one HTML file too, with charts")
    parser.add_argument("--tenant", help="of this company only (retrieval)")
    with_json(parser)
    given = parser.parse_args(argv)
    if given.about and given.since:
        parser.error("retrieval is counted since the first message: without --since")
    if given.tenant and not given.about:
        parser.error("metrics are of all companies together: --tenant is for retrieval")
    given.since = given.since or length("24h")
    (_of_retrieval if given.about else _of_the_dashboard)(Stack(given.account), given)


if __name__ == "__main__":
    run(main)
