"""What travels between the states of outreach: each state reads the document and adds exactly one key.

No identity is in here. Names, addresses, comments and the raw history stay with the event record
(`agent_platform.ingest.events`); the document speaks of a customer reference and of facts.
"""

from typing import Any, Literal, NotRequired, TypedDict

from outreach.findings import Finding

Purpose = Literal["referral", "upsell"]

SkipReason = Literal[
    "no_consent",
    "consent_not_enough",
    "no_email",
    "suppressed",
    "contacted_recently",
    "satisfaction_too_low",
    "satisfaction_unknown",
    "no_such_offer",
    "offer_not_valid",
    "over_budget",
]

FactKind = Literal["name", "text", "money", "date", "number", "percent", "link", "phone", "email"]


class Money(TypedDict):
    """An amount in the currency's smallest unit, so that no amount is ever a float."""

    minor: int
    currency: str


class Fact(TypedDict):
    """One thing a draft may speak of, by its slot; `value` is Money, an ISO date, a number or a text, as by `kind`."""

    slot: str
    kind: FactKind
    value: Any


class Repair(TypedDict):
    """What preparation mended: where (JSON pointer into the event), what, from which kind to which; never a value."""

    pointer: str
    what: str
    change: str


class Skip(TypedDict):
    """Why nothing is written to this customer now, in a word for machines and a sentence for people."""

    reason: SkipReason
    detail: str


class AgentReference(TypedDict):
    """The one version of an agent that this run entered with, and its place in the rollout if one is open.

    `bucket` is the customer's place among 10,000; the candidate's arm are the places below `share`.
    """

    agent_id: str
    version: int
    rollout: NotRequired[int]
    arm: NotRequired[Literal["production", "baseline", "candidate"]]
    bucket: NotRequired[int]
    share: NotRequired[int]


class Agents(TypedDict):
    """Who writes and who judges, resolved once by Validate."""

    writer: AgentReference
    judge: AgentReference


class BrandReference(TypedDict):
    """The brand file as it was when the run began: its S3 key and version id."""

    key: str
    version_id: str


class ReviewPolicy(TypedDict, total=False):
    """What of its work a person must see, as the writer's version says; shares are drawn by the hash of the message id.

    `uncertain` is {"below": score}; `new_segments` is how many of a segment's first messages are seen.
    """

    all: bool
    share: float
    findings: bool
    uncertain: dict[str, float]
    new_segments: int
    second_share: float
    lease_minutes: int


class LawReference(TypedDict):
    """The rule set that a message is held against, its version, for which country, and the basis of the consent."""

    rules: str
    version: str
    country: str | None
    basis: str


class Request(TypedDict):
    """Validate's key: who is written to (by reference), why, with which facts, by whom."""

    as_of: str
    decision: Literal["write", "skip"]
    skip: Skip | None
    customer: str
    locale: str
    time_zone: str
    country: str | None
    purpose: Purpose
    offer_id: str | None
    brand: BrandReference
    # Absent from requests of releases that knew no law.
    law: NotRequired[LawReference]
    agents: NotRequired[Agents]
    # Without one nobody must see what is written.
    review: NotRequired[ReviewPolicy]
    facts: list[Fact]
    # Slots whose values are identity (a first name, a city, a crew): the values stay with the event record.
    identity_slots: list[str]
    has_comment: bool
    history_length: int
    repairs: list[Repair]


class FeatureValue(TypedDict):
    """A number or a text, or None with the reason why it is not known."""

    value: Any
    reason: str | None


class Features(TypedDict):
    """Enrich's key: the customer's features as of the run's time."""

    view: str
    version: int
    as_of: str
    source: Literal["event", "store", "none"]
    values: dict[str, FeatureValue]


class Passage(TypedDict):
    """One past case: its id, how near it is (0-1), and its text, redacted and cut."""

    source: str
    score: float
    text: str


class Passages(TypedDict):
    """Retrieve's key: at most three passages, or the reason why there are none."""

    # held_out: the customer is in the arm that is written to without past cases.
    status: Literal["found", "none_found", "not_configured", "held_out"]
    items: list[Passage]


class Usage(TypedDict):
    """What model calls consumed: tokens, USD in millionths, milliseconds, and how many calls."""

    model: str
    input_tokens: int
    output_tokens: int
    cost_micros: int
    latency_ms: int
    calls: int


class Draft(TypedDict):
    """Generate's key: one attempt, its literals turned into slots where they equal exactly one fact."""

    attempt: int
    subject: str
    body: str
    call_to_action: str
    findings: list[Finding]
    usage: Usage
    repaired: bool


class OverBudgetDraft(TypedDict):
    """Generate's key where a cap had no room for the call: no model was asked, or none once more."""

    skip: Literal["over_budget"]


class Score(TypedDict):
    """One criterion of the rubric: 1-5, and the judge's reason with a quotation."""

    criterion: str
    score: int
    reason: str


class JudgedClaims(TypedDict):
    """What a judge took for claims: how many quotes, how many of them stand nowhere, and those that no rule read."""

    quoted: int
    nowhere: int
    unread: list[str]


class Attempt(TypedDict):
    """What is kept of every attempt: its result and the findings that stopped it, never its text."""

    attempt: int
    approved: bool
    score: float
    scores: list[Score]
    findings: list[Finding]
    generate: Usage
    judge: Usage
    # Only where the judge's version asks for claims.
    claims: NotRequired[JudgedClaims]


class BestDraft(TypedDict):
    """The best draft so far, which Store keeps whatever the last one was."""

    attempt: int
    subject: str
    body: str
    call_to_action: str
    approved: bool
    score: float


class Verdict(TypedDict):
    """Judge's key. `approved` and `score` (1-5) are the best draft's; `findings` and `feedback` the last one's."""

    approved: bool
    score: float
    feedback: list[str]
    findings: list[Finding]
    best: BestDraft
    attempts: list[Attempt]
    decision: Literal["store", "rewrite"]


class OverBudgetVerdict(TypedDict):
    """Judge's key where a cap had no room for its call or for the writer's: Store records the skip."""

    skip: Literal["over_budget"]
    attempts: list[Attempt]
    decision: Literal["store"]


class StoredMessage(TypedDict):
    """Store's key: where the message is, never its text."""

    message_id: str
    # approved | pending_review | rejected | skipped, and of a repeated Store whatever the message has become since:
    # declined, by a person, or superseded. Only an approved one is ever sent.
    status: str


class Started(TypedDict):
    """The input of an execution: a reference to one recorded event."""

    tenant: str
    source: str
    event_id: str
    event_type: str
    run: int


class Validated(Started):
    """What Enrich reads."""

    request: Request


class Enriched(Validated):
    """What Retrieve reads."""

    features: Features


class Retrieved(Enriched):
    """What Generate reads; on a second attempt the draft and its verdict are there too."""

    passages: Passages
    draft: NotRequired[Draft]
    verdict: NotRequired[Verdict]


class Drafted(Enriched):
    """What Judge reads; on a second attempt with the verdict before."""

    passages: Passages
    draft: Draft | OverBudgetDraft
    verdict: NotRequired[Verdict]


class Judged(Validated):
    """What Store reads; a skipped request has no further keys."""

    features: NotRequired[Features]
    passages: NotRequired[Passages]
    draft: NotRequired[Draft | OverBudgetDraft]
    verdict: NotRequired[Verdict | OverBudgetVerdict]


class Stored(Judged):
    """What an execution ends with."""

    message: StoredMessage
