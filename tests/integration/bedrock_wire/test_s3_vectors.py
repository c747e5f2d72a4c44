"""The stand-in for S3 Vectors, asked through botocore's client of the real service."""

import json
import urllib.request

import pytest
from botocore.exceptions import ClientError

from local_aws.bedrock_wire.offline import Offline
from local_aws.bedrock_wire.s3_vectors.vector_buckets import VectorBuckets
from local_aws.bedrock_wire.server import BedrockWireServer
from local_aws.bedrock_wire.service import Service

BUCKET, INDEX = "the-vectors", "customers"
PLACE = {"vectorBucketName": BUCKET, "indexName": INDEX}
SHAPE = {"dataType": "float32", "dimension": 3, "distanceMetric": "cosine"}


@pytest.fixture
def vectors(wire, client):
    return client(wire, "s3vectors")


@pytest.fixture
def index(vectors):
    """A client of an index whose `profile` can't be filtered by."""
    vectors.create_vector_bucket(vectorBucketName=BUCKET)
    vectors.create_index(**PLACE, **SHAPE, metadataConfiguration={"nonFilterableMetadataKeys": ["profile"]})
    return vectors


def put(index, **vectors):
    listed = [
        {"key": key, "data": {"float32": data}, "metadata": metadata} for key, (data, metadata) in vectors.items()
    ]
    index.put_vectors(**PLACE, vectors=listed)


def query(index, data=(1.0, 0.0, 0.0), *, top=10, **more):
    return index.query_vectors(**PLACE, queryVector={"float32": list(data)}, topK=top, **more)["vectors"]


def refused(call, *arguments, **asked):
    with pytest.raises(ClientError) as failure:
        call(*arguments, **asked)
    answer = failure.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def test_what_is_made_is_described_and_listed(index):
    bucket = index.get_vector_bucket(vectorBucketName=BUCKET)["vectorBucket"]
    described = index.get_index(**PLACE)["index"]

    assert bucket["vectorBucketArn"].endswith(f":bucket/{BUCKET}")
    assert described["indexArn"] == f"{bucket['vectorBucketArn']}/index/{INDEX}"
    assert (described["dimension"], described["distanceMetric"]) == (3, "cosine")
    assert described["metadataConfiguration"] == {"nonFilterableMetadataKeys": ["profile"]}
    assert [each["vectorBucketName"] for each in index.list_vector_buckets()["vectorBuckets"]] == [BUCKET]
    assert [each["indexName"] for each in index.list_indexes(vectorBucketName=BUCKET)["indexes"]] == [INDEX]
    assert index.get_index(indexArn=described["indexArn"])["index"] == described


def test_the_nearest_come_first_with_distance_and_metadata_only_if_asked(index):
    put(index, near=([2.0, 0.1, 0.0], {"tenant": "a"}), far=([0.0, 1.0, 0.0], {}), opposite=([-1.0, 0.0, 0.0], {}))

    assert query(index) == [{"key": "near"}, {"key": "far"}, {"key": "opposite"}]
    nearest, _, opposite = query(index, returnDistance=True, returnMetadata=True)
    assert nearest == {"key": "near", "distance": pytest.approx(0.00125, abs=1e-5), "metadata": {"tenant": "a"}}
    assert opposite["distance"] == pytest.approx(2)
    assert len(query(index, top=1)) == 1


def test_a_filter_is_decided_before_the_nearest_are_counted(index):
    others = {f"other{at}": ([1.0, 0.0, 0.0], {"tenant": "other"}) for at in range(5)}
    put(index, **others, own=([0.0, 1.0, 0.0], {"tenant": "own"}))

    assert query(index, top=1, filter={"tenant": {"$eq": "own"}}) == [{"key": "own"}]
    code, status, message = refused(query, index, filter={"profile": "x"})
    assert (code, status) == ("ValidationException", 400)
    assert "non-filterable" in message


def test_a_vector_is_replaced_read_listed_and_deleted(index):
    put(index, one=([1.0, 0.0, 0.0], {"a": 1}), two=([0.0, 1.0, 0.0], {}))
    put(index, one=([0.0, 0.5, 0.5], {"a": [True, "x"]}))

    [one] = index.get_vectors(**PLACE, keys=["one", "absent"], returnData=True, returnMetadata=True)["vectors"]
    assert one == {"key": "one", "data": {"float32": [0.0, 0.5, 0.5]}, "metadata": {"a": [True, "x"]}}
    pages = index.get_paginator("list_vectors").paginate(**PLACE, PaginationConfig={"PageSize": 1})
    assert [each["key"] for page in pages for each in page["vectors"]] == ["one", "two"]

    index.delete_vectors(**PLACE, keys=["one", "absent"])
    assert [each["key"] for each in index.list_vectors(**PLACE)["vectors"]] == ["two"]


def test_the_parts_of_an_index_hold_every_vector_once(index):
    put(index, **{f"v{at}": ([1.0, 0.0, 0.0], {}) for at in range(50)})

    pages = [index.list_vectors(**PLACE, segmentCount=4, segmentIndex=part)["vectors"] for part in range(4)]

    assert all(pages)
    assert sorted(each["key"] for page in pages for each in page) == sorted(f"v{at}" for at in range(50))
    for asked in ({"segmentCount": 4}, {"segmentIndex": 0}, {"segmentCount": 4, "segmentIndex": 4}):
        assert refused(index.list_vectors, **PLACE, **asked)[:2] == ("ValidationException", 400)


@pytest.mark.parametrize(
    ("data", "metadata", "said"),
    [
        ([1.0, 2.0], {}, "length 3"),
        ([0.0, 0.0, 0.0], {}, "zero norm"),
        ([1.0, 0.0, 0.0], {"long": "x" * 2048}, "Filterable metadata must have at most 2048 bytes"),
        ([1.0, 0.0, 0.0], {"profile": "x" * 41_000}, "at most 40960 bytes"),
        ([1.0, 0.0, 0.0], {f"key{at}": at for at in range(51)}, "at most 50 keys"),
        ([1.0, 0.0, 0.0], {"nested": {"a": 1}}, "strings, numbers, booleans"),
    ],
)
def test_a_vector_that_breaks_a_limit_refuses_its_whole_request(index, data, metadata, said):
    code, status, message = refused(put, index, good=([1.0, 0.0, 0.0], {}), bad=(data, metadata))

    assert (code, status) == ("ValidationException", 400)
    assert message.startswith("Invalid record for key 'bad'")
    assert said in message
    assert index.list_vectors(**PLACE)["vectors"] == []


def test_metadata_that_no_filter_reads_may_be_longer(index):
    put(index, one=([1.0, 0.0, 0.0], {"profile": "x" * 30_000}))
    assert query(index) == [{"key": "one"}]


def test_too_many_are_refused(index):
    assert refused(query, index, top=101)[0] == "ValidationException"
    assert refused(index.get_vectors, **PLACE, keys=["x"] * 101)[0] == "ValidationException"
    assert refused(index.delete_vectors, **PLACE, keys=["x"] * 501)[0] == "ValidationException"
    many = {f"v{at}": ([1.0, 0.0, 0.0], {}) for at in range(501)}
    assert refused(put, index, **many)[0] == "ValidationException"


def test_what_is_missing_or_there_already_is_said(index):
    nowhere = PLACE | {"indexName": "nowhere"}
    assert refused(index.get_index, **nowhere)[:2] == ("NotFoundException", 404)
    assert refused(index.get_vectors, **nowhere, keys=["x"])[0] == "NotFoundException"
    assert refused(index.create_vector_bucket, vectorBucketName=BUCKET)[:2] == ("ConflictException", 409)
    assert refused(index.create_index, **PLACE, **SHAPE)[0] == "ConflictException"
    assert refused(index.delete_vector_bucket, vectorBucketName=BUCKET)[0] == "ConflictException"
    assert refused(index.create_index, **nowhere, **SHAPE | {"dimension": 4097})[0] == "ValidationException"
    assert refused(index.create_index, **PLACE | {"indexName": "No_Name"}, **SHAPE)[0] == "ValidationException"

    index.delete_index(**PLACE)
    index.delete_vector_bucket(vectorBucketName=BUCKET)
    assert index.list_vector_buckets()["vectorBuckets"] == []


def test_what_is_not_imitated_is_refused_in_words(index):
    texts = [{"text": "x", "metadataKey": "profile"}]
    code, _, message = refused(index.query_vectors, **PLACE, topK=1, queryTexts=texts)
    assert (code, "stand-in" in message) == ("ValidationException", True)
    assert "stand-in" in refused(index.create_index, **PLACE, **SHAPE | {"distanceMetric": "euclidean"})[2]


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        ("throttle", "TooManyRequestsException", 429),
        ("timeout", "RequestTimeoutException", 408),
        ("server_error", "InternalServerException", 500),
        ("unavailable", "ServiceUnavailableException", 503),
        ("access_denied", "AccessDeniedException", 403),
    ],
)
def test_a_fault_has_the_name_that_s3_vectors_gives_it(wire, index, kind, code, status):
    fault = json.dumps([{"kind": kind, "operation": "PutVectors", "times": 1}]).encode()
    urllib.request.urlopen(f"{wire.url}/_control/faults", data=fault, timeout=5).close()

    assert refused(put, index, one=([1.0, 0.0, 0.0], {}))[:2] == (code, status)
    put(index, one=([1.0, 0.0, 0.0], {}))


def test_what_is_kept_is_there_again_and_what_was_deleted_is_not(serve, client, tmp_path):
    def started():
        vectors = VectorBuckets(kept=tmp_path / "vectors.sqlite")
        return client(serve(BedrockWireServer(0, Service(Offline(), vectors=vectors))), "s3vectors")

    first = started()
    for name in (BUCKET, "emptied"):
        first.create_vector_bucket(vectorBucketName=name)
        for own in (INDEX, "dropped"):
            first.create_index(vectorBucketName=name, indexName=own, **SHAPE)
    put(first, one=([1.0, 2.0, 3.0], {"tenant": "a"}), two=([1.0, 0.0, 0.0], {}))
    first.delete_vectors(**PLACE, keys=["two"])
    first.delete_index(vectorBucketName=BUCKET, indexName="dropped")
    for own in (INDEX, "dropped"):
        first.delete_index(vectorBucketName="emptied", indexName=own)
    first.delete_vector_bucket(vectorBucketName="emptied")

    again = started()
    assert [each["vectorBucketName"] for each in again.list_vector_buckets()["vectorBuckets"]] == [BUCKET]
    assert [each["indexName"] for each in again.list_indexes(vectorBucketName=BUCKET)["indexes"]] == [INDEX]
    assert again.get_index(**PLACE)["index"] == first.get_index(**PLACE)["index"]
    assert again.list_vectors(**PLACE, returnData=True, returnMetadata=True)["vectors"] == [
        {"key": "one", "data": {"float32": [1.0, 2.0, 3.0]}, "metadata": {"tenant": "a"}}
    ]


def test_the_control_endpoint_empties_it_and_says_who_answers(wire, index):
    put(index, one=([1.0, 0.0, 0.0], {}))
    request = urllib.request.Request(f"{wire.url}/_control/vectors", method="DELETE")
    urllib.request.urlopen(request, timeout=5).close()

    assert index.list_vector_buckets()["vectorBuckets"] == []
    with urllib.request.urlopen(f"{wire.url}/_ready", timeout=5) as ready:
        assert "stand-in for Amazon S3 Vectors" in json.load(ready)["vectors"]
