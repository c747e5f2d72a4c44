"""scripts/features: what is known of a customer, and the filling of a new version beside the one that is read."""

import itertools
import json
import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from agent_platform.errors import TransientError
from agent_platform.features.entries import Entry
from agent_platform.features.history import History
from agent_platform.features.store import FeatureStore
from agent_platform.features.views import Value
from agent_platform.moments import iso
from agent_platform.retrieval.vectors import Vector, VectorIndex
from agent_platform.tenants import customer_reference
from botocore.exceptions import ClientError
from outreach.features import customer
from outreach.features.customer import CUSTOMER
from outreach.neighbourhood import NEIGHBOURHOOD
from outreach.services import service_key

from operations import features
from operations.customer_features import known
from operations.feature_filling import fill, look
from operations.profiles import profiles
from operations.terminal import Problem
from tests.integration.stack import GENERATED

NOW = datetime.now(UTC)
EXPIRY = int((NOW + timedelta(days=30)).timestamp())
SECOND = replace(CUSTOMER, view=replace(CUSTOMER.view, version=2))


def reference(customer_id, tenant="greenedge"):
    return customer_reference(tenant, customer_id, key=GENERATED["ReferenceKey"].encode())


def entry(digest, *, days_ago=10, price=4500, **content):
    at = iso(NOW - timedelta(days=days_ago))
    said = {"date": at, "type": "weekly mow", "price": {"minor": price, "currency": "USD"}, "satisfaction": None}
    return Entry(digest, at, at, {"services": {"job-1": said}, "direct": ["job-1"]} | content)


@pytest.fixture
def account(account, stack, crm, monkeypatch):
    """The stack as scripts/features reaches it."""
    account.reference_key = GENERATED["ReferenceKey"].encode()
    account.outputs |= {"CustomerFeatures": stack.table("FeatureStoreTable"), "Brands": stack.table("BrandsBucket")}
    for tenant in ("greenedge", "brightnest"):
        stack.add_brand(tenant)
    monkeypatch.setattr(features, "Stack", lambda _: account)
    return account


@pytest.fixture
def store(account):
    return FeatureStore(table=account.outputs["CustomerFeatures"], dynamodb=account.dynamodb)


@pytest.fixture
def happened(store):
    """Let an event tell of a customer, as the versions that are kept now."""

    def happened(*entries, of="crm-77", tenant="greenedge", expires_at=EXPIRY):
        customer.materialize(tenant, reference(of, tenant), entries, store=store, now=NOW, expires_at=expires_at)

    return happened


@pytest.fixture
def second(monkeypatch):
    """Declare a second version of the view beside the first."""

    def declare():
        for module in (customer, features):
            monkeypatch.setattr(module, "MATERIALIZED", (CUSTOMER, SECOND))

    return declare


def said(capsys, *argv):
    features.main(argv)
    return " ".join(capsys.readouterr().out.split())


def shown(capsys, *argv):
    features.main(["show", "crm-77", "--json", *argv])
    return json.loads(capsys.readouterr().out)["views"]


def paid(store, of, definition, tenant="greenedge"):
    row = store.read(tenant, reference(of, tenant), definition, now=NOW)
    return row and row.values["lifetime_value"]["value"]


def test_each_feature_is_shown_with_its_unit_time_age_and_what_decides_it_or_why_it_is_not_known(happened, capsys):
    happened(entry("e1", price=123_456_789))
    printed = said(capsys, "show", "crm-77")
    assert f"{reference('crm-77')} of greenedge" in printed
    # At less than 100 columns without the time of the day.
    day = iso(NOW - timedelta(days=10))[:10]
    assert re.search(rf"lifetime_value {day}( \d\d:\d\d)? 10 d fold USD 123456789 \(minor units by currency\)", printed)
    assert "response_rate fold unknown: never_written_to" in printed
    assert "days_since_last_service on demand 10 (days)" in printed
    assert "crm-77" not in printed
    assert "neighbourhood@1: nothing was computed yet" in printed


def test_as_json_by_reference_and_with_the_neighbourhoods_shares(happened, store, capsys):
    happened(entry("e1"))
    shares = {"bought_nearby": Value({"aeration": 0.4}, None, iso(NOW))}
    store.write("greenedge", reference("crm-77"), NEIGHBOURHOOD.view, shares, event_time=iso(NOW), expires_at=EXPIRY)
    before = datetime.now(UTC)
    features.main(["show", reference("crm-77"), "--json"])
    happened_at = datetime.fromisoformat(iso(NOW - timedelta(days=10)))
    ages = [int((moment - happened_at).total_seconds()) for moment in (before, datetime.now(UTC))]
    views = json.loads(capsys.readouterr().out)["views"]
    assert views.keys() == {"customer@1", "neighbourhood@1"}
    assert views["neighbourhood@1"]["features"]["bought_nearby"]["value"] == {"aeration": 0.4}
    service_count = views["customer@1"]["features"]["service_count"]
    assert ages[0] <= service_count.pop("age_seconds") <= ages[1]
    assert service_count == {
        "value": 1, "reason": None, "unit": "services", "event_time": iso(NOW - timedelta(days=10)),
        "decided_by": "fold",
    }  # fmt: skip


def test_what_depends_on_the_brand_is_as_the_brand_is_now(happened, capsys):
    happened(entry("e1"))
    never_bought = shown(capsys)["customer@1"]["features"]["services_never_bought"]["value"]
    assert "fall aeration" in never_bought
    assert "weekly mow" not in never_bought


def test_services_never_bought_stand_in_the_order_in_which_a_run_is_given_them(happened, store, capsys):
    happened(entry("e1"))
    last = shown(capsys)["customer@1"]["features"]["services_never_bought"]["value"][-1]
    shares = {"bought_nearby": Value({service_key(last): 0.4}, None, iso(NOW))}
    store.write("greenedge", reference("crm-77"), NEIGHBOURHOOD.view, shares, event_time=iso(NOW), expires_at=EXPIRY)
    assert shown(capsys)["customer@1"]["features"]["services_never_bought"]["value"][0] == last


def test_while_the_row_is_over_with_its_oldest_event_what_the_younger_ones_said_is_shown(account, happened):
    happened(entry("e1"), expires_at=int(NOW.timestamp()) + 1)
    happened(entry("e2", days_ago=2, price=9000))
    later = NOW + timedelta(seconds=2)
    view = known(account, "greenedge", reference("crm-77"), now=later, as_of=None)["views"]["customer@1"]
    assert (view["features"]["lifetime_value"]["value"], view["revision"]) == ({"USD": 9000}, None)


def test_what_was_known_at_a_time_is_what_is_shown_as_of_it(happened, capsys):
    happened(entry("e1", days_ago=10), entry("e2", days_ago=2, price=9000))
    now, then = (shown(capsys, *argv)["customer@1"] for argv in ([], ["--as-of", iso(NOW - timedelta(days=5))]))
    assert [each["features"]["lifetime_value"]["value"]["USD"] for each in (now, then)] == [9000, 4500]
    assert (now["revision"] is None, then["revision"]) == (False, None)
    with pytest.raises(Problem, match=r"Nothing is known .* as of"):
        features.main(["show", "crm-77", "--as-of", iso(NOW - timedelta(days=11))])


def test_a_customer_of_whom_nothing_is_known_is_said(account):
    with pytest.raises(Problem, match=r"Nothing is known of this customer of greenedge: .*Next: scripts/executions"):
        features.main(["show", "crm-77"])


def test_whose_customer_it_is_must_be_clear(happened, other_crm):
    happened(entry("e1"))
    with pytest.raises(Problem, match="Whose customer"):
        features.main(["show", "crm-77"])
    with pytest.raises(Problem, match="Nothing is known of this customer of brightnest"):
        features.main(["show", "crm-77", "--tenant", "brightnest"])


@pytest.mark.parametrize("view", ["customer@2", "neighbourhood@1", "customer"])
def test_only_a_declared_view_that_is_folded_can_be_filled(account, view):
    with pytest.raises(Problem, match=rf"no view {view} that is folded.*There are: customer@1"):
        features.main(["rebuild", view])


def test_a_new_version_is_filled_from_the_history_beside_the_one_that_is_read(happened, second, store, capsys):
    happened(entry("e1"), of="ada")
    happened(entry("e1"), of="ben")
    second()
    happened(entry("e2", days_ago=1, price=7000), of="ben")
    assert (paid(store, "ada", SECOND), paid(store, "ben", SECOND)) == (None, {"USD": 7000})

    assert said(capsys, "rebuild", "customer@2") == (
        "customer@2: 1 customer filled from their history, 1 had it already"
    )

    assert paid(store, "ada", SECOND) == paid(store, "ada", CUSTOMER) == {"USD": 4500}
    assert paid(store, "ben", SECOND) == paid(store, "ben", CUSTOMER) == {"USD": 7000}
    assert "0 customers filled" in said(capsys, "rebuild", "customer@2")


def test_events_that_go_on_while_it_is_filled_are_in_both_versions(happened, second, store, monkeypatch):
    people = {reference(f"crm-{number}"): f"crm-{number}" for number in range(30)}
    for each in people.values():
        happened(entry("e1"), of=each)
    second()
    prices = itertools.count(1)
    # Every second one's next event comes between the reading of their history and the writing of their row.
    between, held = set(list(people)[::2]), History.held
    # The others' come when somebody is done: of some who are filled already, are being filled, or will be.
    coming = random.Random(6).sample([each for each in people if each not in between], len(people) // 2)

    def interrupted(self, tenant, customer, **kwargs):
        found = held(self, tenant, customer, **kwargs)
        if customer in between:
            between.remove(customer)
            happened(entry("e2", days_ago=1, price=next(prices)), of=people[customer])
        return found

    def going_on(*args, **kwargs):
        for done in fill(*args, **kwargs):
            if coming:
                happened(entry("e2", days_ago=1, price=next(prices)), of=people[coming.pop()])
            yield done

    monkeypatch.setattr(History, "held", interrupted)
    monkeypatch.setattr(features, "fill", going_on)
    assert features.main(["rebuild", "customer@2"]) == 0

    first, filled = (
        [paid(store, each, definition)["USD"] for each in people.values()] for definition in (CUSTOMER, SECOND)
    )
    assert first == filled
    assert sorted(first) == list(range(1, len(people) + 1))


def test_who_could_not_be_filled_is_listed_and_filled_by_the_next_try(happened, second, store, monkeypatch, capsys):
    for each in ("ada", "ben"):
        happened(entry("e1"), of=each)
    second()
    rebuild, failing = FeatureStore.rebuild, [reference("ada")]

    def throttled(self, tenant, entity, *args, **kwargs):
        if entity in failing:
            raise TransientError("Query: throttled")
        return rebuild(self, tenant, entity, *args, **kwargs)

    monkeypatch.setattr(FeatureStore, "rebuild", throttled)
    assert features.main(["rebuild", "customer@2", "--tenant", "greenedge"]) == 1
    printed = capsys.readouterr()
    assert "1 customer filled from their history, 0 had it already" in printed.out
    assert f"✗ {reference('ada')} of greenedge: Query: throttled" in printed.out
    assert "Next: scripts/features rebuild customer@2 --tenant greenedge" in printed.err

    failing.clear()
    assert features.main(["rebuild", "customer@2"]) == 0
    assert "1 customer filled from their history, 1 had it already" in capsys.readouterr().out
    assert paid(store, "ada", SECOND) == paid(store, "ben", SECOND) == {"USD": 4500}


def test_what_will_not_pass_by_itself_ends_it(happened, second, stack):
    happened(entry("e1"))
    second()
    stack.clients.fail("dynamodb:Query", "AccessDeniedException", 400)
    with pytest.raises(ClientError, match="AccessDenied"):
        features.main(["rebuild", "customer@2"])


def test_one_company_s_customers_can_be_filled_alone(happened, second, store, other_crm, capsys):
    happened(entry("e1"))
    happened(entry("e1"), tenant="brightnest")
    second()
    assert "1 customer filled" in said(capsys, "rebuild", "customer@2", "--tenant", "brightnest")
    assert paid(store, "crm-77", SECOND) is None
    assert paid(store, "crm-77", SECOND, tenant="brightnest") == {"USD": 4500}
    with pytest.raises(Problem, match="no tenant acme"):
        features.main(["rebuild", "customer@2", "--tenant", "acme"])


def test_what_is_not_kept_any_more_is_not_filled(happened, second, account):
    happened(entry("e1"), expires_at=int(NOW.timestamp()) + 1)
    second()
    later = NOW + timedelta(seconds=2)
    found = look(account.dynamodb, account.outputs["CustomerFeatures"], SECOND, tenant=None, now=later)
    assert (found.left, found.filled) == ([], 0)


@pytest.fixture
def compared(account, stack):
    """The vectors of the stack, which the account reaches."""
    account.outputs |= {
        "ProfilesIndexArn": stack.profiles_index,
        "EmbeddingSpace": "amazon.titan-embed-text-v2:0/256",
    }
    return profiles(account)


PEOPLE = [f"crm-{number}" for number in range(7)]


def nearby(store, of, tenant="greenedge"):
    row = store.read(tenant, reference(of, tenant), NEIGHBOURHOOD, now=datetime.now(UTC))
    return row and row.values["bought_nearby"]["value"]


def test_everybody_whose_features_are_known_gets_a_vector_and_a_neighbourhood(happened, store, compared, capsys):
    for each in PEOPLE:
        happened(entry("e1"), of=each)
    assert said(capsys, "rebuild", "--profiles", "--per-second", "1000") == (
        "profiles: 7 customers compared with those like them"
    )
    # Also the first, though nobody else had a vector when theirs was made.
    assert {json.dumps(nearby(store, each)) for each in PEOPLE} == {'{"weekly mow": 1.0}'}


def test_what_is_there_is_not_paid_for_again_and_what_is_missing_or_of_another_model_is_made(
    happened, compared, stack, capsys
):
    def embedded(*argv):
        before = [str(call) for call in stack.clients.calls].count("bedrock-runtime:InvokeModel")
        said(capsys, "rebuild", "--profiles", "--per-second", "1000", *argv)
        return [str(call) for call in stack.clients.calls].count("bedrock-runtime:InvokeModel") - before

    for each in PEOPLE[:3]:
        happened(entry("e1"), of=each)
    assert (embedded(), embedded()) == (3, 0)
    happened(entry("e1"), of=PEOPLE[3])
    assert embedded() == 1
    index, key = VectorIndex(stack.profiles_index, stack.clients("s3vectors")), f"greenedge#{reference(PEOPLE[0])}"
    held = index.get(key)
    index.put(Vector(key, held.data, {**held.metadata, "space": "another/256"}))
    assert embedded() == 1


def test_one_company_s_profiles_can_be_made_alone(happened, compared, other_crm, capsys):
    happened(entry("e1"))
    happened(entry("e1"), tenant="brightnest")
    assert "1 customer compared" in said(capsys, "rebuild", "--profiles", "--tenant", "brightnest")
    assert compared.export("greenedge", reference("crm-77")) is None
    assert compared.export("brightnest", reference("crm-77", "brightnest"))


def test_whose_profile_could_not_be_made_is_listed_and_made_by_the_next_try(happened, compared, stack, capsys):
    for each in PEOPLE[:3]:
        happened(entry("e1"), of=each)
    stack.clients.fail("bedrock-runtime:InvokeModel", "ThrottlingException", 429)
    assert features.main(["rebuild", "--profiles", "--tenant", "greenedge", "--per-second", "1000"]) == 1
    printed = capsys.readouterr()
    assert "2 customers compared" in printed.out
    assert len(re.findall("✗ c-", printed.out)) == 1
    assert "Next: scripts/features rebuild --profiles --tenant greenedge" in printed.err
    assert features.main(["rebuild", "--profiles"]) == 0


def test_profiles_are_made_at_a_pace(happened, compared, monkeypatch):
    for each in PEOPLE[:3]:
        happened(entry("e1"), of=each)
    asked = []
    monkeypatch.setattr(features, "Pace", lambda per_second: SimpleNamespace(
        wait=lambda number: asked.append((per_second, number))))  # fmt: skip
    features.main(["rebuild", "--profiles", "--per-second", "7"])
    assert asked == [(7, 1)] * 6


@pytest.mark.parametrize("argv", [[], ["customer@1", "--profiles"], ["--profiles", "--per-second", "0"]])
def test_either_a_view_or_the_profiles_are_made_anew(account, argv):
    with pytest.raises(SystemExit):
        features.main(["rebuild", *argv])
