"""A judge in production, its next version, and the probes in their bucket; the offline judge answers for the model."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from agent_platform import invocations
from agent_platform.probes.sets import key_of, stored

from local_aws.bedrock_wire.judge import score_email
from operations.agents.probe_files import read
from tests.fakes import completion
from tests.integration.outreach.conftest import ready, script  # noqa: F401 - the agents as they ship
from tests.integration.stack import ROOT
from tests.unit.outreach.writing_cases import data_in

JUDGE = "platform#outreach-judge"
PROBES = read(ROOT / "agents/outreach-judge", ROOT / "brands")


class Asked:
    """The judge's function as the prober asks it: each document as the offline judge scores it."""

    def __init__(self):
        self.documents, self.approves_all = [], False

    def __call__(self, function, document):
        self.documents.append(document)
        faulty = "good" not in document["probe"].split("-")
        return {"approved": self.approves_all or not faulty, "attempts": [{"judge": {"cost_micros": 5}}]}

    @property
    def times(self):
        """How often each probe was asked."""
        return Counter(document["probe"] for document in self.documents)


@pytest.fixture
def judge(ready, monkeypatch):  # noqa: F811 - pytest's way to name a fixture
    """The stack with version 2 of its judge, a draft; `asked` is what the prober asks its function."""
    ready.add_manifest()
    folder = ROOT / "agents/outreach-judge"
    config, prompt = json.loads((folder / "config.json").read_text()), (folder / "prompt.md").read_text()
    made = ready.registry().register(
        config, prompt + "\nBe strict.\n", owner="platform", allowed_models=["amazon.nova-pro-v1:0"],
        now=datetime.now(UTC),
    )  # fmt: skip
    assert made.version == 2
    ready.clients("s3").put_object(Bucket="evaluationsbucket", Key=key_of(JUDGE), Body=stored(PROBES))
    ready.asked = Asked()
    monkeypatch.setattr(invocations, "invoke", ready.asked)
    return ready


def offline(**request):
    """What the offline judge says to a request of the judge."""
    data = data_in(request["messages"][0]["content"][0]["text"])
    return completion(tool_input={"scores": score_email(data)})
