import json
import math

import pytest

from local_aws.bedrock_wire.embeddings import embed, invoke_titan
from local_aws.bedrock_wire.wire import WireError

TITAN = "amazon.titan-embed-text-v2:0"


def cosine(one, other):
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_vectors_have_length_1_and_are_the_same_every_time():
    vector = embed("A tidy lawn", 256)
    assert math.isclose(math.hypot(*vector), 1.0)
    assert vector == embed("  a TIDY   lawn ", 256)


def test_texts_that_share_spelling_are_nearer_than_others():
    base = embed("weekly lawn mowing", 1024)
    assert cosine(base, embed("lawn mowing every week", 1024)) > 0.3
    assert abs(cosine(base, embed("oven cleaning", 1024))) < 0.2


@pytest.mark.parametrize("dimensions", [256, 512, 1024])
def test_an_answer_has_titans_shape(dimensions):
    request = {"inputText": "grass", "dimensions": dimensions, "embeddingTypes": ["float", "binary"]}
    answer = json.loads(invoke_titan(TITAN, request).content)
    assert len(answer["embedding"]) == dimensions
    assert answer["embeddingsByType"]["float"] == answer["embedding"]
    assert set(answer["embeddingsByType"]["binary"]) == {0, 1}
    assert answer["inputTextTokenCount"] == 1


@pytest.mark.parametrize(
    ("model", "request_"),
    [
        (TITAN, {"inputText": ""}),
        (TITAN, {}),
        (TITAN, {"inputText": "x", "dimensions": 100}),
        (TITAN, {"inputText": "x", "embeddingTypes": ["int8"]}),
        ("amazon.nova-lite-v1:0", {"inputText": "x"}),
    ],
)
def test_what_titan_refuses_and_other_models_are_refused(model, request_):
    with pytest.raises(WireError) as refusal:
        invoke_titan(model, request_)
    assert refusal.value.code == "ValidationException"
