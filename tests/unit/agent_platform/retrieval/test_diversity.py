from agent_platform.retrieval.diversity import diverse
from agent_platform.retrieval.knowledge_base import RetrievedPassage
from hypothesis import given
from hypothesis import strategies as st

MOWING = "The crew came on Tuesday and the edges were praised, so the mail named the edges first and the offer second."
SNOW = "After the heavy snowfall at night the driveway was clear before breakfast, and the mail spoke of that."
WORDS = ("lawn", "snow", "crew", "roof", "leaf", "oven", "door", "edge", "seed", "path", "gate", "dog")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


def passages(*texts):
    return [RetrievedPassage(f"case-{number}", 0.9, text) for number, text in enumerate(texts)]


def kept(*texts):
    return [passage.source for passage in diverse(passages(*texts))]


def test_of_three_copies_the_first_stays():
    assert kept(MOWING, SNOW, MOWING, MOWING) == ["case-0", "case-1"]


def test_a_copy_in_other_capitals_and_marks_or_with_a_few_other_words_is_a_copy():
    changed = MOWING.replace("on Tuesday", "on Friday").upper().replace(",", " -")

    assert kept(MOWING, changed) == ["case-0"]


def test_a_part_of_a_text_is_a_copy_of_it():
    assert kept(f"{MOWING} {SNOW}", SNOW) == ["case-0"]


def test_what_is_built_alike_but_says_something_else_stays():
    one = "# A loyal customer\n\n## What came of it\n\nOne household was referred within a week."
    other = "# A lapsed customer\n\n## What came of it\n\nBooked aeration again, and mowing in the spring."

    assert kept(one, other) == ["case-0", "case-1"]


def case(written, came_of_it="The customer referred somebody."):
    around = "# A loyal customer, weekly mow\n\n## Situation\n\nA customer for over three years, content throughout."
    return f"{around}\n\n## What was written\n\n> {written}\n\n## What came of it\n\n{came_of_it}"


def test_cases_of_one_kind_are_told_apart_by_what_was_written():
    assert kept(case(MOWING), case(SNOW)) == ["case-0", "case-1"]
    assert kept(case(MOWING), case(MOWING, "They booked.")) == ["case-0"]


def test_texts_of_a_word_or_of_none_are_compared_as_they_are():
    assert kept("snow", "snow", "lawn", "", "") == ["case-0", "case-2", "case-3", "case-4"]


@given(st.lists(TEXTS, max_size=8))
def test_what_stays_keeps_its_order_and_to_choose_again_changes_nothing(texts):
    once = diverse(passages(*texts))

    assert [passage for passage in passages(*texts) if passage in once] == once
    assert diverse(once) == once
    assert bool(once) == bool(texts)


@given(st.lists(TEXTS.filter(bool), min_size=1, max_size=6), st.integers(min_value=0))
def test_a_second_copy_of_any_of_them_never_stays(texts, which):
    copy = texts[which % len(texts)]

    assert kept(*texts, copy) == kept(*texts)
