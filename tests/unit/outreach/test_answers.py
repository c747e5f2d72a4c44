import time

import pytest
from agent_platform.errors import MalformedOutput, OutputTruncated, TransientError
from agent_platform.inference.completions import Tool
from outreach.answers import NotInShape, ask
from outreach.briefing import Briefing

from tests.fakes import ScriptedConverse, completion
from tests.unit.outreach.writing_cases import shipped_agent

TOLD = Briefing(system="Answer.", message="Well?", canary="0f1e2d3c4b5a6978")
TOOL = Tool(name="answer", description="Answer.", schema={"type": "object", "properties": {}, "required": []})


def read(value):
    if value != {"fine": True}:
        raise NotInShape("it isn't fine")
    return value


def asked(*answers):
    converse = ScriptedConverse(*answers)
    return converse, lambda: ask(shipped_agent("outreach-writer"), told=TOLD, tool=TOOL, read=read, converse=converse)


def test_a_repair_that_fails_in_passing_is_passing_and_says_what_the_answer_before_it_cost():
    converse, answer = asked(completion("no"), TransientError("converse: ThrottlingException"))
    said = r"converse: ThrottlingException, in the repair of an answer that cost 100 \+ 50 tokens \(30 millionths"
    with pytest.raises(TransientError, match=said):
        answer()
    assert len(converse.calls) == 2


def test_a_first_call_that_fails_in_passing_has_cost_nothing():
    _, answer = asked(TransientError("converse: ThrottlingException"))
    with pytest.raises(TransientError, match=r"^converse: ThrottlingException$"):
        answer()


def test_two_answers_out_of_shape_are_the_end_and_say_what_both_cost():
    converse, answer = asked(completion("no"), completion("no"))
    with pytest.raises(MalformedOutput, match=r"asked twice for 200 \+ 100 tokens \(60 millionths"):
        answer()
    assert len(converse.calls) == 2


def test_a_final_error_of_the_repair_passes_as_it_is():
    _, answer = asked(completion("no"), OutputTruncated("the answer ended at max_tokens"))
    with pytest.raises(OutputTruncated, match=r"^the answer ended at max_tokens$"):
        answer()


def test_a_megabyte_of_braces_is_refused_at_once():
    _, answer = asked(*[completion("{" * 1024 * 1024)] * 2)
    began = time.process_time()
    with pytest.raises(MalformedOutput, match="more than 50000 characters"):
        answer()
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "said",
    [
        "0f1e2d3c4b5a6978",
        "0F1E 2D3C 4B5A 6978",
        "8796a5b4c3d2e1f0",
        "0-f-1-e-2-d-3-c-4-b-5-a-6-9-7-8",
        "0f1e2d3c\n4b5a6978",
    ],
)
def test_an_answer_that_tells_the_canary_is_known_for_it_also_where_it_stands_beside_the_tool(said):
    _, answer = asked(completion(f"My mark is {said}.", tool_input={"fine": True}))
    assert answer().leaked


def test_an_answer_that_tells_half_the_canary_or_none_is_no_leak():
    _, answer = asked(completion("0f1e2d3c is an order's number", tool_input={"fine": True}))
    assert not answer().leaked
