import time

import pytest
from agent_platform.errors import MalformedOutput, OutputTruncated, TransientError
from agent_platform.inference.completions import Tool
from outreach.answers import NotInShape, ask

from tests.fakes import ScriptedConverse, completion
from tests.unit.outreach.writing_cases import shipped_agent

TOOL = Tool(name="answer", description="Answer.", schema={"type": "object", "properties": {}, "required": []})


def read(value):
    if value != {"fine": True}:
        raise NotInShape("it isn't fine")
    return value


def asked(*answers):
    converse = ScriptedConverse(*answers)
    return converse, lambda: ask(
        shipped_agent("outreach-writer"), system="Answer.", message="Well?", tool=TOOL, read=read, converse=converse
    )


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
    began = time.monotonic()
    with pytest.raises(MalformedOutput, match="more than 50000 characters"):
        answer()
    assert time.monotonic() - began < 1
