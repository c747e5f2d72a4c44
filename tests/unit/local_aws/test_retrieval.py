import json

import pytest

from local_aws.bedrock_wire.case_sources import FolderSource, read_all
from local_aws.bedrock_wire.knowledge_bases import KnowledgeBases
from local_aws.bedrock_wire.lexical import scores
from local_aws.bedrock_wire.metadata_filters import matches
from local_aws.bedrock_wire.wire import WireError

METADATA = {"tenant": "greenedge", "purpose": "referral", "year": 2024, "tags": ["lawn", "pets"]}


def eq(key, value):
    return {"equals": {"key": key, "value": value}}


@pytest.mark.parametrize(
    ("condition", "passes"),
    [
        (eq("tenant", "greenedge"), True),
        (eq("tenant", "brightnest"), False),
        (eq("absent", "x"), False),
        ({"notEquals": {"key": "tenant", "value": "brightnest"}}, True),
        ({"notEquals": {"key": "absent", "value": "x"}}, True),
        ({"in": {"key": "purpose", "value": ["referral", "upsell"]}}, True),
        ({"in": {"key": "purpose", "value": []}}, False),
        ({"notIn": {"key": "purpose", "value": ["upsell"]}}, True),
        ({"startsWith": {"key": "tenant", "value": "green"}}, True),
        ({"startsWith": {"key": "year", "value": "20"}}, False),
        ({"stringContains": {"key": "tenant", "value": "edge"}}, True),
        ({"listContains": {"key": "tags", "value": "pets"}}, True),
        ({"listContains": {"key": "tenant", "value": "green"}}, False),
        ({"greaterThan": {"key": "year", "value": 2023}}, True),
        ({"lessThanOrEquals": {"key": "year", "value": 2023}}, False),
        ({"lessThan": {"key": "tenant", "value": 3}}, False),
        ({"andAll": [eq("tenant", "greenedge"), eq("purpose", "referral")]}, True),
        ({"andAll": [eq("tenant", "greenedge"), eq("purpose", "upsell")]}, False),
        ({"orAll": [eq("tenant", "brightnest"), eq("purpose", "referral")]}, True),
        ({"orAll": [{"andAll": [eq("tenant", "x"), eq("year", 2024)]}, eq("year", 2023)]}, False),
    ],
)
def test_filter_operators(condition, passes):
    assert matches(METADATA, condition) is passes


@pytest.mark.parametrize(
    "condition",
    [
        {},
        [],
        {"equals": {"key": "a"}},
        {"like": {"key": "a", "value": "b"}},
        {"in": {"key": "a", "value": "b"}},
        {"startsWith": {"key": "a", "value": 1}},
        {"andAll": [eq("tenant", "x")]},
        {"orAll": [eq("tenant", "greenedge"), {"like": {}}]},
        eq("a", 1) | {"orAll": []},
    ],
)
def test_a_malformed_filter_is_refused_like_the_service_refuses_it(condition):
    with pytest.raises(WireError) as refusal:
        matches(METADATA, condition)
    assert refusal.value.code == "ValidationException"


def test_nearness_is_between_0_and_1_and_follows_shared_words():
    texts = ["a dog in the garden", "snow on the roof", ""]
    near, far, empty = scores("Dog, garden!", texts)
    assert 0 < near < 1
    assert far == empty == 0
    assert scores("a dog in the garden", texts)[0] == 1


@pytest.fixture
def cases(tmp_path):
    def write(name, text, attributes):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.with_name(path.name + ".metadata.json").write_text(json.dumps({"metadataAttributes": attributes}))

    write("greenedge/dog.md", "The customer's dog and a tidy lawn.", {"tenant": "greenedge", "purpose": "referral"})
    write("greenedge/lawn.md", "A lawn after aeration.", {"tenant": "greenedge", "purpose": "upsell"})
    write("brightnest/oven.md", "An oven, a dog, a lawn.", {"tenant": "brightnest", "purpose": "referral"})
    (tmp_path / "README.txt").write_text("not a case")
    return tmp_path


def found(bases, query, **search):
    request = {"retrievalQuery": {"text": query}, "retrievalConfiguration": {"vectorSearchConfiguration": search}}
    results = json.loads(bases.retrieve("LOCALCASES", request).content)["retrievalResults"]
    return [result["location"]["s3Location"]["uri"].rsplit("/", 1)[-1] for result in results]


@pytest.fixture
def bases(cases):
    made = KnowledgeBases()
    made.set({"id": "LOCALCASES", "folder": str(cases)})
    made.ingest("LOCALCASES")
    return made


def test_the_nearest_come_first_and_no_more_than_wanted(bases):
    assert found(bases, "tidy dog lawn")[0] == "dog.md"
    assert len(found(bases, "tidy dog lawn")) == 3
    assert found(bases, "tidy dog lawn", numberOfResults=1) == ["dog.md"]


def test_a_filter_keeps_tenants_apart(bases):
    assert found(bases, "oven dog", filter=eq("tenant", "greenedge")) == ["dog.md", "lawn.md"]
    assert found(bases, "oven", filter=eq("tenant", "nobody")) == []


def test_an_unknown_id_is_not_found(bases):
    with pytest.raises(WireError) as refusal:
        bases.retrieve("ABCDEFGHIJ", {"retrievalQuery": {"text": "x"}})
    assert refusal.value.code == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"retrievalQuery": {"text": " "}},
        {
            "retrievalQuery": {"text": "x"},
            "retrievalConfiguration": {"vectorSearchConfiguration": {"numberOfResults": 101}},
        },
        {
            "retrievalQuery": {"text": "x"},
            "retrievalConfiguration": {"vectorSearchConfiguration": {"overrideSearchType": "HYBRID"}},
        },
    ],
)
def test_a_malformed_request_is_refused(bases, request_):
    with pytest.raises(WireError) as refusal:
        bases.retrieve("LOCALCASES", request_)
    assert refusal.value.code == "ValidationException"


@pytest.mark.parametrize(
    "described",
    [
        {"id": "short", "folder": "."},
        {"id": "LOCALCASES", "folder": ".", "data_source": "short"},
        {"id": "LOCALCASES"},
        {"id": "LOCALCASES", "folder": ".", "bucket": "b"},
        {"id": "LOCALCASES", "bucket": "would-be-looked-for-on-aws"},
    ],
)
def test_a_knowledge_base_without_a_place_of_its_own_is_refused(described):
    with pytest.raises(WireError):
        KnowledgeBases().set(described)


def test_attributes_are_read_bare_or_with_their_type(tmp_path):
    typed = {
        "tenant": {"value": {"type": "STRING", "stringValue": "greenedge"}, "includeForEmbedding": True},
        "year": 2024,
    }
    (tmp_path / "a.md").write_text("text")
    (tmp_path / "a.md.metadata.json").write_text(json.dumps({"metadataAttributes": typed}))
    [document] = read_all(FolderSource(tmp_path)).documents
    assert document.metadata["tenant"] == "greenedge"
    assert document.metadata["year"] == 2024


def test_a_broken_metadata_file_leaves_its_case_out_and_is_named(cases):
    (cases / "greenedge/dog.md.metadata.json").write_text("{")
    reading = read_all(FolderSource(cases))
    assert [document.uri.rsplit("/", 1)[-1] for document in reading.documents] == ["oven.md", "lawn.md"]
    assert reading.problems == ["greenedge/dog.md.metadata.json is not a metadata file."]


def test_what_is_new_is_found_once_it_is_ingested(cases, bases):
    (cases / "new.md").write_text("A zeppelin.")
    assert "new.md" not in found(bases, "zeppelin")
    bases.ingest("LOCALCASES")
    assert found(bases, "zeppelin")[0] == "new.md"


def test_describing_a_knowledge_base_again_as_it_is_forgets_nothing(cases, bases):
    bases.set({"id": "LOCALCASES", "folder": str(cases)})
    assert len(found(bases, "dog")) == 3


def test_what_was_ingested_outlives_a_stop(cases, tmp_path_factory):
    kept = tmp_path_factory.mktemp("kept") / "knowledge-bases.json"
    before = KnowledgeBases(kept=kept)
    before.set({"id": "LOCALCASES", "folder": str(cases)})
    before.ingest("LOCALCASES")
    (cases / "new.md").write_text("A zeppelin.")

    after = KnowledgeBases(kept=kept)

    assert found(after, "tidy dog lawn zeppelin", filter=eq("tenant", "greenedge")) == ["dog.md", "lawn.md"]
    assert len(found(after, "zeppelin")) == 3
