"""Similar entities: what is compared, what never is, and why two are alike; against the stand-in for S3 Vectors."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from agent_platform.errors import MalformedOutput
from agent_platform.retrieval import vectors
from agent_platform.retrieval.embeddings import Embedding, embed, space_of
from agent_platform.retrieval.expiry import delete_expired
from agent_platform.retrieval.neighbours import NON_FILTERABLE, Neighbours, Profile
from agent_platform.retrieval.vectors import Hit, Vector, VectorIndex

from local_aws.bedrock_wire.offline import Offline
from local_aws.bedrock_wire.service import Service
from tests import wire
from tests.mutations import mutate

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
INDEX = "arn:aws:s3vectors:us-east-1:123456789012:bucket/the-vectors/index/customers"
LATER = int((NOW + timedelta(days=30)).timestamp())
MOWS = Profile(("visits: 3 to 5", "home: house"), ("weekly mow", "leaf removal"))
MOWS_TOO = Profile(("visits: 3 to 5", "home: villa"), ("weekly mow",))
OVEN = Profile(("visits: 1", "home: flat"), ("oven cleaning",))
TITAN = "amazon.titan-embed-text-v2:0"
HERE = space_of(TITAN, 256)


class Embedded:
    """Texts made vectors by the wire's stand-in for Titan, as one model or another is called; `texts` has each one."""

    def __init__(self, service, space=HERE):
        self.texts, self._space = [], space
        self._runtime = wire.client(service, "bedrock-runtime")

    def __call__(self, text):
        self.texts.append(text)
        return Embedding(embed(text, model=TITAN, dimensions=256, runtime=self._runtime).data, self._space)


@pytest.fixture
def service():
    return Service(Offline())


@pytest.fixture
def s3vectors(service):
    made = wire.client(service, "s3vectors")
    made.create_vector_bucket(vectorBucketName="the-vectors")
    made.create_index(
        vectorBucketName="the-vectors", indexName="customers", dataType="float32", dimension=256,
        distanceMetric="cosine", metadataConfiguration={"nonFilterableMetadataKeys": list(NON_FILTERABLE)},
    )  # fmt: skip
    return made


@pytest.fixture
def index(s3vectors):
    return VectorIndex(INDEX, s3vectors)


@pytest.fixture
def embedded(service):
    return Embedded(service)


@pytest.fixture
def profiles(index, embedded):
    return Neighbours(index, embedded=embedded, space=HERE)


def keep(profiles, tenant="greenedge", **by_entity):
    for entity, profile in by_entity.items():
        profiles.keep(tenant, entity, profile, expires_at=LATER)


def similar(profiles, entity="ada", *, tenant="greenedge", most=10, now=NOW):
    return [each.entity for each in profiles.similar(tenant, entity, most=most, now=now)]


class Unfiltering(VectorIndex):
    """An index that ignores every filter, as a wrong one might."""

    def nearest(self, data, *, most, where):
        return super().nearest(data, most=most, where={"tenant": {"$exists": True}})


def test_the_likest_come_first_with_what_both_share(profiles):
    keep(profiles, ada=MOWS, ben=OVEN, cleo=MOWS_TOO)

    likest, other = profiles.similar("greenedge", "ada", most=10, now=NOW)

    assert (likest.entity, likest.shared, likest.has) == ("cleo", ("visits: 3 to 5",), ("weekly mow",))
    assert (other.entity, other.shared) == ("ben", ())
    assert 1 > likest.similarity > other.similarity
    assert similar(profiles, most=1) == ["cleo"]


def test_an_entity_without_a_vector_is_like_nobody(profiles):
    keep(profiles, ben=MOWS)
    assert similar(profiles, "ada") == []
    assert similar(profiles, "ben") == []


# What keeps a stranger out, in the query and of its answer, as the code has it.
FILTERS = {
    "tenant": '{"tenant": {"$eq": tenant}}, ',
    "space": '{"space": {"$eq": self._space}}, ',
    "expires_at": ", live",
}
CHECKS = {
    "tenant": 'metadata.get("tenant") == tenant',
    "space": 'metadata.get("space") == self._space',
    "expires_at": 'int(metadata.get("expiresAt", 0)) > now.timestamp()',
}
STRANGER = {"tenant": "brightnest", "space": space_of(TITAN, 512), "expires_at": int(NOW.timestamp())}


@pytest.fixture
def strangers(index, service, profiles):
    """Ada and Ben, and five who lie nearer to Ada and must not be compared with her, because of one attribute."""
    keep(profiles, ada=MOWS, ben=OVEN)

    def strangers(attribute):
        own = {"tenant": "greenedge", "space": HERE, "expires_at": LATER} | {attribute: STRANGER[attribute]}
        others = Neighbours(index, embedded=Embedded(service, own["space"]), space=own["space"])
        for at in range(5):
            others.keep(own["tenant"], f"stranger{at}", MOWS, expires_at=own["expires_at"])

    return strangers


@pytest.mark.parametrize("attribute", FILTERS)
def test_strangers_take_no_place_in_the_query(profiles, strangers, attribute):
    strangers(attribute)
    assert similar(profiles, most=1) == ["ben"]


@pytest.mark.parametrize("attribute", FILTERS)
def test_without_its_filter_strangers_would_take_the_places(profiles, strangers, attribute, monkeypatch):
    strangers(attribute)
    mutate(monkeypatch, Neighbours.similar, FILTERS[attribute], "")
    assert similar(profiles, most=1) == []


@pytest.mark.parametrize("attribute", CHECKS)
def test_strangers_that_a_filter_let_through_are_kept_out_of_the_answer(
    profiles, s3vectors, strangers, attribute, monkeypatch
):
    strangers(attribute)
    monkeypatch.setattr(profiles, "_index", Unfiltering(INDEX, s3vectors))
    assert similar(profiles) == ["ben"]


@pytest.mark.parametrize("attribute", CHECKS)
def test_without_its_check_strangers_would_be_in_the_answer(profiles, s3vectors, strangers, attribute, monkeypatch):
    strangers(attribute)
    monkeypatch.setattr(profiles, "_index", Unfiltering(INDEX, s3vectors))
    mutate(monkeypatch, Neighbours._comparable, CHECKS[attribute], "True")
    assert len(similar(profiles)) == 6


def test_an_own_vector_of_another_model_is_not_compared_either(index, service, profiles):
    elsewhere = Neighbours(index, embedded=Embedded(service, "another-model/256"), space="another-model/256")
    keep(elsewhere, ada=MOWS)
    keep(profiles, ben=MOWS)
    assert similar(profiles, "ada") == []


def test_an_own_vector_is_not_read_after_its_retention(profiles):
    keep(profiles, ada=MOWS, ben=MOWS)
    assert similar(profiles, now=NOW + timedelta(days=31)) == []


def test_only_a_profile_that_changed_is_embedded_again(profiles, embedded):
    assert profiles.keep("greenedge", "ada", MOWS, expires_at=LATER)
    assert not profiles.keep("greenedge", "ada", MOWS, expires_at=LATER)
    assert profiles.keep("greenedge", "ada", MOWS, expires_at=LATER + 60)
    assert embedded.texts == [MOWS.text]
    assert profiles.export("greenedge", "ada")["expiresAt"] == LATER + 60

    assert profiles.keep("greenedge", "ada", MOWS_TOO, expires_at=LATER)
    assert embedded.texts == [MOWS.text, MOWS_TOO.text]


def test_a_new_model_embeds_every_profile_again(index, service, profiles):
    keep(profiles, ada=MOWS, ben=MOWS)
    elsewhere = Neighbours(index, embedded=Embedded(service, "another-model/256"), space="another-model/256")

    assert elsewhere.keep("greenedge", "ada", MOWS, expires_at=LATER)
    assert similar(elsewhere, "ada") == []
    assert elsewhere.keep("greenedge", "ben", MOWS, expires_at=LATER)
    assert similar(elsewhere, "ada") == ["ben"]


def test_who_is_forgotten_is_found_by_nobody(profiles):
    keep(profiles, ada=MOWS, ben=MOWS)
    keep(profiles, "brightnest", ben=MOWS)

    profiles.forget("greenedge", "ben")
    profiles.forget("greenedge", "ben")

    assert similar(profiles) == []
    assert profiles.export("greenedge", "ben") is None
    assert profiles.export("brightnest", "ben")["has"] == list(MOWS.has)


def test_what_has_expired_is_deleted_and_nothing_else(profiles, index, monkeypatch):
    monkeypatch.setattr(vectors, "MOST_DELETED", 2)
    for at in range(5):
        profiles.keep("greenedge", f"gone{at}", MOWS, expires_at=int(NOW.timestamp()))
    keep(profiles, ada=MOWS)

    assert delete_expired(index, now=NOW) == 5
    assert [key for key, _ in index.all()] == ["greenedge#ada"]
    assert delete_expired(index, now=NOW) == 0


def test_each_day_another_part_of_the_index_is_looked_through_first_and_every_part_is(profiles, index):
    for at in range(100):
        keep(profiles, **{f"entity{at}": MOWS})
    [*first], [*second] = (key for key, _ in index.all(first=3)), (key for key, _ in index.all(first=4))
    assert (len(first), set(first)) == (100, set(second))
    assert first != second

    firsts = []

    class Listed:
        def all(self, *, first):
            firsts.append(first)
            return []

        def delete(self, keys):
            return len(list(keys))

    for day in range(vectors.PARTS):
        delete_expired(Listed(), now=NOW + timedelta(days=day))
    assert sorted(firsts) == list(range(vectors.PARTS))


def test_a_vector_says_whose_it_is_of_which_model_and_nothing_but_the_profile(profiles):
    keep(profiles, ada=Profile(("visits: 1",), ()))
    held = profiles.export("greenedge", "ada")
    assert held.pop("digest")
    assert held == {"tenant": "greenedge", "space": HERE, "expiresAt": LATER, "traits": ["visits: 1"]}


def test_a_query_never_asks_for_more_than_s3_vectors_gives(index, profiles):
    keep(profiles, ada=MOWS)
    assert similar(profiles, most=500) == []


@pytest.mark.parametrize("dimensions", [256, 512, 1024])
def test_a_text_becomes_a_vector_of_length_one_and_of_a_named_space(service, dimensions):
    made = embed("weekly mow", model=TITAN, dimensions=dimensions, runtime=wire.client(service, "bedrock-runtime"))
    assert made.space == f"{TITAN}/{dimensions}"
    assert len(made.data) == dimensions
    assert sum(part * part for part in made.data) == pytest.approx(1)


@pytest.mark.parametrize("answer", [b"{}", b'{"embedding": [1.0, 2.0]}', b'{"embedding": "none"}'])
def test_an_answer_that_is_no_such_vector_is_refused(answer):
    runtime = SimpleNamespace(invoke_model=lambda **_: {"body": SimpleNamespace(read=lambda: answer)})
    with pytest.raises(MalformedOutput, match="256"):
        embed("weekly mow", model=TITAN, dimensions=256, runtime=runtime)


def test_a_hit_is_as_similar_as_its_angle(index):
    index.put(Vector("one", [1.0] + [0.0] * 255, {"tenant": "greenedge"}))
    assert index.nearest([0.0, 1.0] + [0.0] * 254, most=1, where={"tenant": "greenedge"}) == [
        Hit("one", pytest.approx(0), {"tenant": "greenedge"})
    ]
