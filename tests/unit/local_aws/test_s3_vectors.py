"""The stand-in for S3 Vectors beside the API as botocore describes it, its filters, its search, and what is kept."""

import math
import re
from array import array

import botocore.session
import pytest
from agent_platform.retrieval.vectors import PARTS
from hypothesis import given
from hypothesis import strategies as st

from local_aws.bedrock_wire import wire
from local_aws.bedrock_wire.s3_vectors import requests
from local_aws.bedrock_wire.s3_vectors.filters import read_filter
from local_aws.bedrock_wire.s3_vectors.index import Vector, nearest
from local_aws.bedrock_wire.wire import WireError, read_call

MODEL = botocore.session.get_session().get_service_model("s3vectors")
MOWS = {"tenant": "greenedge", "visits": 3, "loyal": True, "services": ["weekly mow", "leaf removal"]}


def passes(condition, metadata=MOWS, non_filterable=()):
    return read_filter(condition, non_filterable=non_filterable)(metadata)


@pytest.mark.parametrize("operation", wire.OF_S3_VECTORS)
def test_every_operation_is_where_the_api_has_it(operation):
    http = MODEL.operation_model(operation).http
    assert read_call(http["requestUri"], b"{}", method=http["method"]).operation == operation


@pytest.mark.parametrize(
    ("shape", "bound", "limit"),
    [
        ("PutVectorsInputList", "max", requests.MOST_PUT),
        ("DeleteVectorsInputList", "max", requests.MOST_DELETED),
        ("GetVectorsInputList", "max", requests.MOST_GOT),
        ("ListVectorsMaxResults", "max", requests.MOST_LISTED_VECTORS),
        ("ListIndexesMaxResults", "max", requests.MOST_LISTED),
        ("ListVectorBucketsMaxResults", "max", requests.MOST_LISTED),
        ("NonFilterableMetadataKeys", "max", requests.MOST_NON_FILTERABLE_KEYS),
        ("Dimension", "max", requests.LARGEST_DIMENSION),
        ("VectorKey", "max", requests.LONGEST_KEY),
        ("ListVectorsSegmentCount", "max", requests.MOST_PARTS),
        ("ListVectorsSegmentCount", "max", PARTS),
    ],
)
def test_the_limits_are_the_apis(shape, bound, limit):
    assert MODEL.shape_for(shape).metadata[bound] == limit


def test_every_error_has_the_status_that_the_api_gives_it():
    errors = {shape.name: shape.metadata["error"]["httpStatusCode"] for shape in MODEL.error_shapes
              if shape.name in wire.STATUS_OF and "error" in shape.metadata}  # fmt: skip
    assert {"NotFoundException", "ConflictException", "TooManyRequestsException"} <= errors.keys()
    assert errors == {name: wire.STATUS_OF[name] for name in errors}


@pytest.mark.parametrize(
    "condition",
    [
        {"tenant": "greenedge"},
        {"tenant": {"$eq": "greenedge"}},
        {"services": "leaf removal"},
        {"services": {"$in": ["snow", "weekly mow"]}},
        {"services": {"$nin": ["snow"]}},
        {"tenant": {"$ne": "brightnest"}},
        {"unknown": {"$ne": "x"}},
        {"unknown": {"$nin": ["x"]}},
        {"unknown": {"$exists": False}},
        {"visits": {"$exists": True}},
        {"visits": {"$gt": 2, "$lt": 4}},
        {"visits": {"$gte": 3, "$lte": 3}},
        {"loyal": True},
        {"$and": [{"tenant": "greenedge"}, {"visits": {"$gt": 1}}]},
        {"$or": [{"tenant": "brightnest"}, {"visits": 3}]},
        {"$and": [{"visits": 3}, {"$or": [{"loyal": True}, {"loyal": False}]}]},
    ],
)
def test_a_filter_passes(condition):
    assert passes(condition)


@pytest.mark.parametrize(
    "condition",
    [
        {"tenant": "brightnest"},
        {"tenant": {"$ne": "greenedge"}},
        {"services": {"$nin": ["weekly mow"]}},
        {"services": {"$ne": "weekly mow"}},
        {"unknown": "x"},
        {"unknown": {"$gt": 0}},
        {"unknown": {"$exists": True}},
        {"visits": {"$exists": False}},
        {"visits": {"$gt": 3}},
        {"tenant": {"$gt": 3}},
        {"loyal": 1},
        {"visits": True},
        {"$and": [{"tenant": "greenedge"}, {"visits": 4}]},
        {"$or": [{"tenant": "brightnest"}, {"visits": 4}]},
    ],
)
def test_a_filter_does_not_pass(condition):
    assert not passes(condition)


@pytest.mark.parametrize(
    "condition",
    [
        {},
        "tenant",
        {"$and": []},
        {"$or": {"tenant": "x"}},
        {"$not": [{"tenant": "x"}]},
        {"tenant": {}},
        {"tenant": {"$like": "x"}},
        {"tenant": {"$in": []}},
        {"tenant": {"$in": "greenedge"}},
        {"visits": {"$gt": "3"}},
        {"visits": {"$exists": "yes"}},
        {"tenant": ["greenedge"]},
        {"profile": "x"},
        {"$and": [{"tenant": "x"}, {"profile": "x"}]},
        {"tenant": {"$eq": "greenedge"}, "visits": {"$gt": 2}},
        {"visits": 3, "$or": [{"loyal": True}]},
        {"$and": [{"tenant": "greenedge", "visits": 3}]},
    ],
)
def test_a_filter_that_the_service_refuses_is_refused(condition):
    with pytest.raises(WireError, match="Invalid query filter"):
        passes(condition, non_filterable=("profile",))


numbers = st.floats(-1, 1, width=32)
vectors = st.lists(numbers, min_size=4, max_size=4).filter(lambda data: math.hypot(*data) > 1e-3)


@given(st.lists(vectors, min_size=1, max_size=12), vectors, st.integers(1, 12))
def test_the_nearest_are_those_with_the_largest_cosine(stored, query, most):
    held = [Vector(f"{at:02}", array("f", data), {}) for at, data in enumerate(stored)]
    found = nearest(held, array("f", query), most=most)

    def cosine(data):
        return sum(a * b for a, b in zip(data, query, strict=True)) / (math.hypot(*data) * math.hypot(*query))

    best = sorted(1 - cosine(data) for data in stored)[:most]
    assert [distance for distance, _ in found] == pytest.approx(best, abs=1e-6)
    assert [distance for distance, _ in found] == sorted(distance for distance, _ in found)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"float32": [1.0, 2.0]}, "must have length 3, but has length 2"),
        ({"float32": [0.0, 0.0, 0.0]}, "zero norm"),
        ({"float32": [1.0, 2.0, float("nan")]}, "not finite"),
        ({"float32": ["1", "2", "3"]}, "float32 numbers"),
        ({"float64": [1.0, 2.0, 3.0]}, "float32 numbers"),
    ],
)
def test_a_vector_that_can_not_be_searched_is_refused(data, problem):
    with pytest.raises(ValueError, match=re.escape(problem)):
        requests.vector(data, dimension=3)
