import pytest
from agent_platform.retrieval.knowledge_base import MAX_CHARACTERS, retrieve


class KnowledgeBase:
    """A Knowledge Base whose filter is only as good as it is told to be."""

    def __init__(self, *results, filters=True):
        self.results, self.filters, self.asked = results, filters, []

    def retrieve(self, **request):
        self.asked.append(request)
        search = request["retrievalConfiguration"]["vectorSearchConfiguration"]
        wanted = {each["equals"]["key"]: each["equals"]["value"] for each in search["filter"]["andAll"]}
        found = [
            result
            for result in self.results
            if not self.filters or wanted.items() <= result.get("metadata", {}).items()
        ]
        return {"retrievalResults": found[: search["numberOfResults"]]}


def result(text="A good case.", *, tenant="greenedge", purpose="referral", name="case-1.md", score=0.8):
    return {
        "content": {"text": text, "type": "TEXT"},
        "location": {"type": "S3", "s3Location": {"uri": f"s3://cases/{tenant}/{name}"}},
        "score": score,
        "metadata": {"tenant": tenant, "purpose": purpose},
    }


def ask(base):
    return retrieve("KB1", "referral weekly mow", tenant="greenedge", purpose="referral", runtime=base)


def test_passages_of_the_same_tenant_and_purpose_come_back_with_source_and_score():
    base = KnowledgeBase(result(), result(tenant="brightnest"), result(purpose="upsell"))
    (passage,) = ask(base)
    assert (passage.source, passage.score, passage.text) == ("case-1.md", 0.8, "A good case.")
    assert base.asked[0]["knowledgeBaseId"] == "KB1"
    assert base.asked[0]["retrievalQuery"] == {"text": "referral weekly mow"}


def test_what_another_tenant_wrote_is_dropped_though_the_filter_let_it_pass():
    base = KnowledgeBase(result(tenant="brightnest"), {"content": {"text": "whose?"}}, result(), filters=False)
    assert [passage.source for passage in ask(base)] == ["case-1.md"]


def test_there_are_never_more_than_three():
    base = KnowledgeBase(*(result(name=f"case-{number}.md") for number in range(9)))
    assert len(ask(base)) == 3


def test_a_passage_is_redacted_and_then_cut():
    (passage,) = ask(KnowledgeBase(result("Write to marisol@mail.example. " + "word " * 5000)))
    assert passage.text.startswith("Write to [email].")
    assert len(passage.text) == MAX_CHARACTERS


def test_no_half_of_an_address_is_left_at_the_cut():
    (passage,) = ask(KnowledgeBase(result("x" * (MAX_CHARACTERS - 8) + " marisol@mail.example")))
    assert "maris" not in passage.text


@pytest.mark.parametrize("missing", ["location", "score"])
def test_what_a_result_does_not_say_is_not_made_up(missing):
    bare = {name: value for name, value in result().items() if name != missing}
    (passage,) = ask(KnowledgeBase(bare))
    assert passage == type(passage)(*{"location": ("unknown", 0.8), "score": ("case-1.md", 0.0)}[missing], passage.text)
