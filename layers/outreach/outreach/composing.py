"""The e-mail as it would be sent: a draft with its slots filled, and below it what no model writes."""

from collections.abc import Sequence

from agent_platform.patterns import lazy_pattern

from outreach.brands import Brand
from outreach.briefing import conditions
from outreach.contracts import BestDraft, Fact, Request
from outreach.mail_law.lines import legal_lines, unsubscribe_link
from outreach.mail_law.mails import Mail, headers
from outreach.mail_law.rule_sets import rules_for
from outreach.mail_law.standing import law_in
from outreach.rendering import as_html, render

_PLACEHOLDER = lazy_pattern(r"\{\{([^{}]*)\}\}")


def compose(best: BestDraft, facts: Sequence[Fact], request: Request, brand: Brand, *, message_id: str) -> Mail:
    """Subject, text, escaped HTML and the headers to unsubscribe by.

    Below the draft stand the offer's conditions and the lines that the law of the reader's country wants.

    A placeholder that is no fact's stays as it was written if the draft wasn't approved, and is an error if it was.
    """
    law, locale, body = law_in(request), request["locale"], body_of(best)
    link = unsubscribe_link(brand, message_id)
    legal = legal_lines(brand, rules_for(law["country"]), basis=law["basis"], locale=locale, link=link)
    footer = "\n".join(line for line in (conditions(request, brand), *legal) if line)
    known = [*facts] if best["approved"] else [*facts, *_as_written(f"{best['subject']}\n{body}", facts)]
    text = f"{render(body, known, locale=locale)}\n\n{footer}"
    ours = [link, brand.company.website, *(fact["value"] for fact in facts if fact["kind"] == "link")]
    return Mail(
        subject=render(best["subject"], known, locale=locale),
        text=text,
        html=as_html(text, links=ours),
        headers=headers(link, one_click=brand.footer.one_click),
        locale=locale,
        unsubscribe_link=link,
    )


def body_of(best: BestDraft) -> str:
    """The body and below it the call to action, with their slots."""
    return f"{best['body']}\n\n{best['call_to_action']}"


def _as_written(text: str, facts: Sequence[Fact]) -> list[Fact]:
    unknown = {name.strip() for name in _PLACEHOLDER.findall(text)} - {fact["slot"] for fact in facts}
    return [{"slot": name, "kind": "text", "value": f"{{{{{name}}}}}"} for name in sorted(unknown)]
