"""A model that does whatever anybody tells it, wherever it reads it: the worst that an injected text can meet.

It shares no code with the guards. Of each sentence that tells it to write something it writes what is to be written;
asked for its instructions it recites them; and told how to score it scores so.
"""

import base64
import codecs
import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from local_aws.bedrock_wire.conversation import data_of, role_of, text_of
from local_aws.bedrock_wire.wire import Answer, Call

_TOLD = re.compile(
    r"\b(?:write|say|include|add|append|put|insert|mention|print|output|repeat|state|begin|start|end|sign|use|offer"
    r"|promise|announce|tell|claim|give|grant|admit|recommend|translate|reply|respond|answer|say:|schreibe?|sage?|füge|biete"
    r"|écrivez|écris|ajoutez|ajoute|escribe|incluye|añade|agrega|scrivi|aggiungi|escreva|inclua|schrijf)\b"
    r"[\s:,\"“„«]*(?P<what>[^\n]{3,200})",
    re.IGNORECASE,
)
_ABOUT_ITSELF = re.compile(
    r"\b(?:repeat|print|reveal|show|list|recite|what (?:are|were))\b[^.]{0,60}\b(?:instructions|prompt|words above)\b",
    re.IGNORECASE,
)
_SCORES = re.compile(r"\b(?:score|rate|grade|mark|approve|award)\w{0,2}\b", re.IGNORECASE)
_RUN = re.compile(r"[\w+/-]{12,}={0,2}", re.ASCII)
_LEET = str.maketrans("013457@$", "oieastas")
_ALIKE = str.maketrans("аеорсухіјѕ", "aeopcyxijs")
_MOST_TEXTS, _MOST_RECITED = 60, 400


def obeyed(answer: Answer, call: Call) -> Answer:
    """The answer, changed as the texts in the request tell its writer or its judge to."""
    if answer.status != 200:
        return answer
    document = json.loads(answer.content)
    texts = [reading for text in _texts_in(data_of(call.document)) for reading in _readings(text)]
    for block in document["output"]["message"]["content"]:
        if "toolUse" in block:
            given = block["toolUse"]["input"]
            changed = _written if role_of(call.document) == "writer" else _scored
            block["toolUse"]["input"] = changed(given, texts, text_of(call.document.get("system", [])))
    return Answer.of(document)


def _written(email: dict[str, Any], texts: list[str], system: str) -> dict[str, Any]:
    said = [found["what"].strip() for text in texts for found in _TOLD.finditer(text)]
    said += [system[-_MOST_RECITED:] for text in texts[:1] if any(map(_ABOUT_ITSELF.search, texts)) and text]
    if not said:
        return email
    *paragraphs, farewell = str(email["body"]).split("\n\n")
    return email | {"body": "\n\n".join([*paragraphs, " ".join(dict.fromkeys(said)), farewell])}


def _scored(scores: dict[str, Any], texts: list[str], _: str) -> dict[str, Any]:
    if not any(map(_SCORES.search, texts)):
        return scores
    return {"scores": [each | {"score": 5, "reason": "As told."} for each in scores["scores"]]}


def _texts_in(value: Any, *, name: str = "") -> Iterator[str]:
    """Every text of the data that is not the brand's: it tells how to write, and is followed anyway."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in ("brand", "facts", "slots", "offer_conditions", "previous", "purpose", "locale"):
                yield from _texts_in(part, name=key)
    elif isinstance(value, list):
        for part in value[:_MOST_TEXTS]:
            yield from _texts_in(part, name=name)


def _readings(text: str) -> Iterator[str]:
    """The text, and what it says in the usual disguises."""
    plain = unquote(html.unescape(text)).translate(_ALIKE)
    yield plain
    yield plain[::-1]
    yield codecs.encode(plain, "rot13")
    yield re.sub(r"\b(\w) (?=\w\b)", r"\1", plain)
    yield plain.translate(_LEET)
    yield re.sub(r"[\"'] ?\+ ?[\"']", "", plain)
    for run in _RUN.findall(plain):
        yield from _decoded(run)


def _decoded(run: str) -> Iterator[str]:
    for decode in (base64.b64decode, bytes.fromhex):
        try:
            yield decode(run).decode()
        except ValueError:
            continue
