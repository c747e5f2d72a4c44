"""What the offline judge looks for: each check reads a draft and yields the defects that it finds.

It shares no code with the offline writer, and knows nothing of how a draft came to be.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from local_aws.bedrock_wire.judge_reading import Reading, any_of, known_words

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LITERALS = {
    "a link": re.compile(r"(?:https?://|www\.)\S+|\b[a-z0-9-]+\.(?:com|net|org|io|example|invalid|info|biz)\b", re.I),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "a number": re.compile(r"[$€£¥]?\s?\d[\d.,:/-]*\s?(?:%|[$€£¥])?"),
    "a percentage or currency": re.compile(r"[%$€£¥]|\b(?:percent|per cent|dollars?|euros?|pounds)\b", re.I),
}
_PLACEHOLDER = re.compile(
    r"\[[^\]\n]{1,40}\]|<[A-Za-z][^>\n]{0,40}>|\b(?:TODO|TBD|XXX+)\b|[Ll]orem ipsum"
    r"|\$\{?\w+\}|(?<!\{)\{\w+\}(?!\})|%\w+%"
)
_CAPITALS = re.compile(r"\b[A-ZÄÖÜÀÉÈÁÍÓÚÑ]{5,}\b|\b[A-ZÄÖÜÀÉÈÁÍÓÚÑ]{3,}\s+[A-ZÄÖÜÀÉÈÁÍÓÚÑ]{3,}\b")
# In words.
_LONGEST_UNFINISHED = 8
_REPLY_PREFIX = re.compile(r"^\s*(?:re|fwd?|aw|wg|rv|tr)\s*:", re.I)


@dataclass(frozen=True)
class Defect:
    """Something wrong with a draft: the criterion it counts against, at most how much is left, and why."""

    criterion: str
    at_most: int
    quoted: str
    why: str

    @property
    def reason(self) -> str:
        """The reason as the writer will read it."""
        return f"“{' '.join(self.quoted.split())[:80]}” {self.why}"


def defects(reading: Reading) -> Iterator[Defect]:
    """Every defect of a draft."""
    for check in (
        _invented,
        _untrue,
        _tone,
        _subject,
        _shape,
        _sentences,
        _repetition,
        _purpose,
        _asking,
        _relevance,
        _language,
    ):
        yield from check(reading)


def _invented(reading: Reading) -> Iterator[Defect]:
    for what, pattern in _LITERALS.items():
        if found := pattern.search(reading.prose):
            yield Defect("accuracy", 1, found[0], f"is {what} that no slot stands for: write the slot or leave it out.")
    for name, what in (("calendar", "a date"), ("spelled_number", "a number in words")):
        if found := any_of(name).search(reading.prose):
            yield Defect("accuracy", 1, found[0], f"is {what} that no slot stands for: leave it out.")
    for slot in reading.used:
        if slot not in reading.slots:
            yield Defect("accuracy", 1, f"{{{{{slot}}}}}", "is not one of the slots: write the sentence without it.")
    if found := _PLACEHOLDER.search(reading.prose):
        yield Defect("accuracy", 1, found[0], "is a placeholder that nobody will fill: remove it.")


def _untrue(reading: Reading) -> Iterator[Defect]:
    if found := any_of("promise").search(reading.prose):
        yield Defect("accuracy", 1, found[0], "promises what no fact supports: leave it out.")
    if found := any_of("speaks_to_judge").search(reading.prose):
        yield Defect("accuracy", 1, found[0], "speaks to the judge and not to the customer.")


def _tone(reading: Reading) -> Iterator[Defect]:
    for phrase in reading.never_say:
        if phrase.casefold() in reading.prose.casefold():
            yield Defect("brand_voice", 1, phrase, "is something that the brand never says: find other words.")
    if found := any_of("rude").search(reading.prose):
        yield Defect("brand_voice", 1, found[0], "is no way to speak to a customer.")
    if found := any_of("hype").search(reading.prose):
        yield Defect("brand_voice", 2, found[0], "presses the reader: say it calmly.")
    if found := any_of("gushing").search(reading.prose):
        yield Defect("brand_voice", 2, found[0], "flatters the reader: say it plainly.")
    if "!!" in reading.prose or reading.prose.count("!") > 3:
        yield Defect("brand_voice", 2, "!", "is used for effect: end the sentences with a full stop.")
    if found := _CAPITALS.search(reading.prose):
        yield Defect("brand_voice", 2, found[0], "shouts in capitals: use ordinary letters.")


def _subject(reading: Reading) -> Iterator[Defect]:
    if not reading.subject.strip():
        yield Defect("clarity", 1, "", "is the subject, which is empty: say in a few words what the e-mail is about.")
    length = len(reading.as_read(reading.subject))
    if length > reading.subject_characters:
        why = f"is a subject of {length} characters: {reading.subject_characters} are allowed."
        yield Defect("clarity", 2, reading.subject, why)
    if found := _REPLY_PREFIX.search(reading.subject):
        yield Defect("brand_voice", 2, found[0], "pretends that the e-mail answers something: remove it.")
    if found := any_of("alarming_subject").search(reading.subject):
        yield Defect(
            "accuracy", 1, found[0], "is a subject about something else than the e-mail: say what it is about."
        )


def _shape(reading: Reading) -> Iterator[Defect]:
    count = len(reading.as_read(reading.body).split())
    if not reading.least_words <= count <= reading.most_words:
        allowed = f"{reading.least_words} to {reading.most_words}"
        yield Defect("clarity", 2, reading.body, f"begins a body of {count} words: {allowed} are allowed.")
    first, last = (reading.lines[0], reading.lines[-1]) if reading.lines else ("", "")
    if len(first.split()) > 6 or not first.endswith((",", ":", "!", "–")):
        yield Defect("brand_voice", 2, first, "is how it begins: a greeting on a line of its own is missing.")
    if not _signed(reading):
        yield Defect("brand_voice", 2, last, "is how it ends: a closing with the sender's name is missing.")


def _sentences(reading: Reading) -> Iterator[Defect]:
    for line in reading.lines:
        # A greeting and a signature are shorter.
        if len(line.split()) > _LONGEST_UNFINISHED and line[-1].isalpha():
            yield Defect("clarity", 1, line, "breaks off: finish the sentence.")


def _signed(reading: Reading) -> bool:
    """Whether one of the last lines is short, names the sender or the company, and follows a short closing line."""
    names = [f"{{{{{slot}}}}}" for slot in ("sender.name", "company.name") if slot in reading.slots]
    return any(
        len(line.split()) <= 8 and len(before.split()) <= 6 and (not names or any(name in line for name in names))
        for before, line in pairwise(reading.lines[-5:])
    )


def _repetition(reading: Reading) -> Iterator[Defect]:
    sentences = Counter(" ".join(sentence.casefold().split()) for sentence in re.split(r"[.!?\n]+", reading.body))
    repeated = [sentence for sentence, times in sentences.items() if times > 1 and len(sentence.split()) >= 4]
    runs = Counter(_runs(reading.prose, 5))
    repeated += [" ".join(run) for run, times in runs.items() if times > 2]
    if repeated:
        yield Defect("clarity", 1, repeated[0], "is said more than once.")


def _purpose(reading: Reading) -> Iterator[Defect]:
    spoken_of = any_of("referral").findall(reading.prose)
    if reading.upsell and len(spoken_of) > 1:
        why = "asks for a recommendation, but this e-mail is to propose a service."
        yield Defect("call_to_action", 1, spoken_of[0], why)
    if not reading.upsell and not spoken_of:
        yield Defect("call_to_action", 1, reading.request, "never asks for a recommendation.")
    described = {slot for slot in reading.slots if slot.startswith("offer.")} - {"offer.link", "offer.valid_until"}
    if described and not described & set(reading.used):
        yield Defect("call_to_action", 2, reading.request, "leaves open what is offered: describe the offer.")


def _asking(reading: Reading) -> Iterator[Defect]:
    if not reading.request.strip():
        yield Defect("call_to_action", 1, "", "is the call to action, which is empty: ask for one thing.")
    if "offer.link" in reading.slots and "offer.link" not in reading.used:
        yield Defect("call_to_action", 1, reading.request, "gives no {{offer.link}} to follow.")
    if found := any_of("credentials").search(reading.request):
        yield Defect("call_to_action", 1, found[0], "is nothing that an offer asks for: ask for what was offered.")


def _relevance(reading: Reading) -> Iterator[Defect]:
    personal = {slot for slot in reading.slots if slot.startswith(("customer.", "service."))}
    if personal and not personal & set(reading.used):
        yield Defect("personal_relevance", 2, reading.body, "would fit any customer: use something of this one.")
    copied = set(_runs(reading.prose, 8)) & set(_runs(reading.comment, 8))
    if copied:
        yield Defect("personal_relevance", 1, " ".join(min(copied)), "is the customer's own comment, copied.")


def _language(reading: Reading) -> Iterator[Defect]:
    languages = known_words()["stopwords"]
    if reading.language not in languages:
        return
    counted = Counter(_WORD.findall(reading.prose.casefold()))
    hits = {language: sum(counted[word] for word in words) for language, words in languages.items()}
    likeliest = max(hits, key=lambda language: hits[language])
    if hits[likeliest] > 1.5 * hits[reading.language] + 3:
        why = f"is written in “{likeliest}”: the customer reads “{reading.language}”."
        yield Defect("brand_voice", 1, reading.subject, why)


def _runs(text: str, length: int) -> list[tuple[str, ...]]:
    """Every run of so many words in a text, in small letters."""
    words = _WORD.findall(text.casefold())
    return [tuple(words[start : start + length]) for start in range(len(words) - length + 1)]
