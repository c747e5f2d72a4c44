"""scripts/similar: who is like a customer and why, by references; and the index that scripts/seed makes locally."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.features.entries import Entry
from agent_platform.features.store import FeatureStore
from agent_platform.ingest.sources import Sources
from agent_platform.retrieval.neighbours import Profile
from agent_platform.tenants import customer_reference
from outreach.features.customer import materialize

from operations import similar
from operations.profiles import make_local_index, profiles
from operations.terminal import Problem
from tests.integration.stack import GENERATED

LATER = int((datetime.now(UTC) + timedelta(days=30)).timestamp())
MOWS = Profile(("visits: 3 to 5", "satisfaction: high"), ("weekly mow",))
MOWS_TOO = Profile(("visits: 3 to 5", "satisfaction: low"), ("aeration", "weekly mow"))


def reference(customer_id, tenant="greenedge"):
    return customer_reference(tenant, customer_id, key=GENERATED["ReferenceKey"].encode())


@pytest.fixture
def account(account, stack, crm, monkeypatch):
    """The stack as scripts/similar reaches it."""
    clients, account.reference_key = account.client, GENERATED["ReferenceKey"].encode()
    account.outputs |= {
        "ProfilesIndexArn": stack.profiles_index,
        "EmbeddingSpace": "amazon.titan-embed-text-v2:0/256",
        "CustomerFeatures": stack.table("FeatureStoreTable"),
    }
    account.sources = Sources(
        table="SourcesTable", dummy_secret_arn="", dynamodb=clients("dynamodb"), secrets_manager=None
    )
    monkeypatch.setattr(similar, "Stack", lambda _: account)
    return account


@pytest.fixture
def known(account):
    """Keep the profile of a customer."""
    held = profiles(account)
    return lambda customer_id, profile, tenant="greenedge": held.keep(
        tenant, reference(customer_id, tenant), profile, expires_at=LATER
    )


def said(capsys):
    return " ".join(capsys.readouterr().out.split())


def test_the_likest_are_listed_with_why_and_without_a_name(known, capsys):
    known("crm-77", MOWS)
    known("crm-81", MOWS_TOO)

    similar.main(["crm-77"])

    printed = capsys.readouterr().out
    assert reference("crm-81")[:20] in printed
    assert "visits: 3 to 5; buys aeration, weekly mow" in " ".join(printed.split())
    assert "crm-" not in printed


def test_as_json_and_by_reference(known, capsys):
    known("crm-77", MOWS)
    known("crm-81", MOWS_TOO)

    similar.main([reference("crm-77"), "--tenant", "greenedge", "-n", "1", "--json"])

    [found] = json.loads(capsys.readouterr().out)
    assert found.pop("similarity") > 0.5
    assert found == {
        "entity": reference("crm-81"), "has": ["aeration", "weekly mow"], "shared": ["visits: 3 to 5"],
    }  # fmt: skip


def test_another_tenants_customers_are_not_listed(known, other_crm, capsys):
    known("crm-77", MOWS)
    known("crm-81", MOWS, tenant="brightnest")

    similar.main(["crm-77", "--tenant", "greenedge"])

    assert said(capsys) == "Nothing is known of any other customer of greenedge."


@pytest.mark.parametrize(("given", "sentence"), [([], "Whose customer"), (["--tenant", "acme"], "no tenant acme")])
def test_the_tenant_must_be_clear(account, other_crm, given, sentence):
    with pytest.raises(Problem, match=rf"{sentence}.* brightnest, greenedge.*--tenant"):
        similar.main(["crm-77", *given])


def test_a_customer_of_whom_nothing_is_known_is_said(account):
    with pytest.raises(Problem, match="Nothing is known of this customer"):
        similar.main(["crm-77"])


@pytest.fixture
def features(account):
    """Let an entry of this content be what is known of the customer crm-77, as after a backfill."""
    store = FeatureStore(table=account.outputs["CustomerFeatures"], dynamodb=account.dynamodb)

    def features(content):
        entry = Entry("e1", "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", content)
        materialize("greenedge", reference("crm-77"), [entry], store=store, now=datetime.now(UTC), expires_at=LATER)

    return features


MOWED = {"services": {"s-1": {"date": "2026-01-02T00:00:00Z", "type": "mow", "price": None, "satisfaction": 4.0}}}


def test_a_customer_whose_features_are_known_but_who_has_no_vector_is_said_with_what_makes_it(features):
    features(MOWED)
    with pytest.raises(Problem, match=r"features .* are known.*Next: scripts/features rebuild --profiles --tenant gre"):
        similar.main(["crm-77"])


def test_a_vector_of_another_model_is_none(features, known, account):
    features(MOWED)
    known("crm-77", MOWS)
    account.outputs["EmbeddingSpace"] = "amazon.titan-embed-text-v2:0/512"
    with pytest.raises(Problem, match="no vector of this model"):
        similar.main(["crm-77"])


def test_a_customer_of_whom_too_little_is_known_to_compare_is_said(features):
    features({"direct": []})
    with pytest.raises(Problem, match=r"Too little is known.*Next: scripts/features show c-"):
        similar.main(["crm-77"])


@pytest.mark.parametrize("number", ["0", "100"])
def test_how_many_is_bounded(account, number, capsys):
    with pytest.raises(SystemExit):
        similar.main(["crm-77", "-n", number])
    assert "-n is from 1 to 99" in capsys.readouterr().err


def test_the_local_index_is_made_once_as_the_template_s_is(account, stack):
    vectors = stack.clients("s3vectors")
    made_from_template = vectors.get_index(indexArn=stack.profiles_index)["index"]
    stack.clients.wire.vectors.clear()

    assert make_local_index(account) == make_local_index(account)

    made = vectors.get_index(indexArn=stack.profiles_index)["index"]
    assert made | {"creationTime": None} == made_from_template | {"creationTime": None}
