"""Two companies whose CRMs use the same ids: nothing of the one is ever found with the other's key."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from agent_platform import recordings
from agent_platform.errors import EventUnavailable
from agent_platform.features.partition import Partition
from agent_platform.features.store import FeatureStore
from agent_platform.ingest.events import EventRecords
from agent_platform.references import EventReference
from agent_platform.registry.resolution import Resolution
from agent_platform.retrieval.knowledge_base import Scope
from agent_platform.tenants import customer_reference
from outreach import brand_files, storing
from outreach.contacts import Contacts
from outreach.features.customer import CUSTOMER
from outreach.messages import Messages

from tests.builders import service_completed
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.traces import message
from tests.integration.stack import GENERATED
from tests.mutations import mutate

GREEN, BRIGHT = "greenedge", "brightnest"
KEY = GENERATED["ReferenceKey"].encode()
MATERIAL = "Written for {} alone."


def _case(tenant):
    return {
        "content": {"text": MATERIAL.format(tenant)},
        "location": {"s3Location": {"uri": f"s3://cases/{tenant}/referral.md"}},
        "metadata": {"tenant": tenant, "purpose": "referral", "season": "any"},
        "score": 0.9,
    }


@pytest.fixture
def both(ready, registry, begin, script, crm, other_crm):
    """Run the same event of the same customer, under the same id, for both companies; gives each one's document."""
    config, prompt = _agent_of_the_platform(registry)
    for tenant in (GREEN, BRIGHT):
        inference = config["inference"] | {"max_tokens": 700 + len(tenant)}
        changed = config | {"tenant": tenant, "inference": inference}
        ready.release(changed, prompt, owner=tenant, now=datetime(2026, 11, 1, tzinfo=UTC))
    name = ready.environment("OutreachRetrieveFunction")["KNOWLEDGE_BASE_PARAMETER"]
    ready.clients("ssm").put_parameter(Name=name, Value="ABCDEFGHIJ", Type="String", Overwrite=True)

    def run():
        documents = {}
        for tenant, sender in ((GREEN, crm), (BRIGHT, other_crm)):
            # A Knowledge Base that forgets its filter: what it gives has to be checked.
            found = {"retrievalResults": [_case(GREEN), _case(BRIGHT)]}
            ready.clients.answer("bedrock-agent-runtime:Retrieve", found)
            script(draft(), scores(5))
            documents[tenant] = ready.run(begin(service_completed(), sender=sender, event_id="msg_same"))
        return documents

    return run


def _agent_of_the_platform(registry):
    writer = registry.version("platform#outreach-writer", 1)
    return writer.config, writer.prompt


def _stores(stack):
    dynamodb = stack.clients("dynamodb")
    records = EventRecords(table=stack.table("EventRecordsTable"), retention_days=30, dynamodb=dynamodb)
    contacts = Contacts(table=stack.table("OutreachContactsTable"), dynamodb=dynamodb)
    features = FeatureStore(table=stack.table("FeatureStoreTable"), dynamodb=dynamodb)
    tables = SimpleNamespace(messages_table="OutreachMessagesTable", recordings_table="RecordingsTable")
    return records, contacts, features, Messages(tables, dynamodb=dynamodb, records=records, contacts=contacts)


def check_apart(stack, documents):
    """Each finds its own, and nothing with a key in which only the company's name is another."""
    records, contacts, features, messages = _stores(stack)
    now = datetime.now(UTC)
    for tenant, other in ((GREEN, BRIGHT), (BRIGHT, GREEN)):
        document = documents[tenant]
        own = EventReference.of(document)
        strange = replace(own, tenant=other)
        customer = document["request"]["customer"]
        assert customer == customer_reference(tenant, "crm-77", key=KEY)
        assert records.receipt(own.record)["outcome"]["status"] == "approved"
        assert records.receipt(strange.record) is None
        # Twice told: the prefix is for people and policies, the hash for keys that no choice of names can make alike.
        assert own.record.startswith(f"{tenant}#")
        assert own.record.partition("#")[2] != strange.record.partition("#")[2]
        assert own.execution_name != strange.execution_name
        for read in (records.body, records.prepared):
            assert read(own, now=now)
            with pytest.raises(EventUnavailable):
                read(strange, now=now)
        assert contacts.find(tenant, customer).last_written_at
        assert contacts.find(other, customer).last_written_at is None
        assert features.read(tenant, customer, CUSTOMER, now=now)
        assert features.read(other, customer, CUSTOMER, now=now) is None
        assert messages.find(tenant, own.execution_name) is not None
        assert messages.find(other, own.execution_name) is None
        check_documents(stack, document, tenant=tenant, other=other)
    assert documents[GREEN]["request"]["customer"] != documents[BRIGHT]["request"]["customer"]


def check_documents(stack, document, *, tenant, other):
    """The run's message, recording, agent, brand and passages are its own company's."""
    stored, message_id = message(stack, document), document["message"]["message_id"]
    keys = {
        "message": {item["message"] for item in stack.items("OutreachMessagesTable")},
        "recording": {item["recording"] for item in stack.items("RecordingsTable")},
    }
    for found in keys.values():
        assert f"{tenant}#{message_id}" in found
        assert f"{other}#{message_id}" not in found
    assert stored["status"] == "approved"
    assert (stored["tenant"], stored["agents"]["writer"]["agent_id"]) == (tenant, f"{tenant}#outreach-writer")
    assert stored["brand"]["key"] == f"{tenant}/brand.json"
    series = {item["series"] for item in stack.items("RecordingsTable") if item["recording"].endswith(message_id)}
    assert series == {f"{tenant}#outreach#referral"}
    assert [item["text"] for item in document["passages"]["items"]] == [MATERIAL.format(tenant)]
    material = json.dumps([item for item in stack.items("RecordingsTable") if item["recording"].startswith(tenant)])
    assert MATERIAL.format(other) not in material


def test_the_same_ids_of_two_companies_never_meet(ready, both):
    check_apart(ready, both())


PREFIXES = {
    "the record's key": (EventReference.record.fget, '{self.tenant}#', ""),
    "the record's hash": (EventReference.digest.fget, "_digest(self.tenant, ", "_digest("),
    "the message's id": (EventReference.execution_name.fget, "_digest(self.tenant, ", "_digest("),
    "the customer's reference": (customer_reference, "{tenant}\\0", ""),
    "the contact, read": (Contacts.find, "{tenant}#{customer}", "{customer}"),
    "the contact, written": (Contacts.written, "{message['tenant']}#", ""),
    "the features": (Partition.__init__, "{tenant}#{entity}", "{entity}"),
    "the message, read": (Messages.find, "{tenant}#{message_id}", "{message_id}"),
    "the message, written": (storing.message_of, "{reference.tenant}#", ""),
    "the recording": (recordings.put_recording, '"recording": f"{recording.tenant}#', '"recording": f"'),
    "the recording's series": (recordings.put_recording, '"series": f"{recording.tenant}#', '"series": f"'),
    "the agent": (Resolution._read, "(tenant, PLATFORM)", "(PLATFORM,)"),
    "the brand file": (brand_files.brand_in_force, "{tenant}/brand.json", "greenedge/brand.json"),
    "the passages": (Scope.admits, '.get("tenant") == self.tenant', '.get("tenant")'),
}  # fmt: skip


@pytest.mark.parametrize("prefix", PREFIXES)
def test_each_tenant_prefix_is_missed_when_it_is_gone(ready, both, monkeypatch, prefix):
    function, old, new = PREFIXES[prefix]
    mutate(monkeypatch, function, old, new)
    documents = both()
    with pytest.raises(AssertionError):
        check_apart(ready, documents)
