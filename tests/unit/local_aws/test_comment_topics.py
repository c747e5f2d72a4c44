import pytest

from local_aws.bedrock_wire.comment_topics import topics_of


@pytest.mark.parametrize(
    ("comment", "topics"),
    [
        ("Notre chat vous salue.", ["pet"]),
        ("Our cats liked the crew.", ["pet", "crew"]),
        ("A proper chat about the hedge.", []),
        ("The dog loved you, but you were late.", []),
        (None, []),
    ],
)
def test_a_comment_is_about_what_it_says_in_its_own_language(comment, topics):
    assert topics_of(comment) == topics
