"""People who don't exist, with words that occur nowhere else: where one of them turns up, a person would have."""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Canary:
    """One such person; `comment_word` is a word of theirs that identifies nobody, in everything they wrote."""

    first_name: str
    last_name: str
    mailbox: str
    phone: str
    street: str
    city: str
    customer_id: str
    comment_word: str

    @property
    def email(self) -> str:
        return f"{self.mailbox}@canary-post.example"

    @property
    def comment(self) -> str:
        """What they wrote of a service, with all that people write of themselves."""
        return (
            f"Lovely {self.comment_word} edges! {self.first_name} {self.last_name}, {self.street}. "
            f"Call {self.phone} or write to {self.email}"
        )

    @property
    def identity(self) -> dict[str, str]:
        """What identifies them, by kind."""
        return {
            "first name": self.first_name,
            "last name": self.last_name,
            "e-mail": self.mailbox,
            "phone": self.phone,
            "street": self.street,
            "city": self.city,
            "customer id": self.customer_id,
        }

    def in_place_of_the_customer(self, event: dict[str, Any]) -> dict[str, Any]:
        """A CRM's event, of which every person's field and comment is now the canary's."""
        made = deepcopy(event)
        customer = made["data"]["customer"]
        customer |= {
            "id": self.customer_id,
            "name": f"{self.first_name} {self.last_name}",
            "email": self.email,
            "phone": self.phone,
            "address": {"line1": self.street, "city": self.city, "region": "OH", "postal_code": "45011",
                        "country": "US"},
        }  # fmt: skip
        lines = [*(customer.get("service_history") or []), made["data"].get("service") or {}]
        for line in (line for line in lines if isinstance(line, dict)):
            line["comment"] = self.comment
        return made


def canary(number: int) -> Canary:
    """The canary of a number: all its words are its own."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")
    return Canary(
        first_name=f"Zyph{letters}nia",
        last_name=f"Quorv{letters}xley",
        mailbox=f"heron.{letters}.quill",
        phone=f"+1212555{7000 + number}",
        street=f"{number + 100} Wrexglen{letters} Lane",
        city=f"Ostrav{letters}ton",
        customer_id=f"CANARY-{letters}-{number + 4000}",
        comment_word=f"xantro{letters}plex",
    )


def found_in(text: str, canaries: Iterable[Canary], *, comments: bool = True) -> list[str]:
    """What a text says of the canaries, however written; `comments` counts the word that only their comments have.

    In any case, escaped, percent-encoded, in base64, a phone number with any separators.
    """
    readings = _readings(text)
    return [
        f"{kind} of {each.customer_id}"
        for each in canaries
        for kind, value in (each.identity | ({"comment": each.comment_word} if comments else {})).items()
        if any(re.search(_pattern(kind, value), reading) for reading in readings)
    ]


def _pattern(kind: str, value: str) -> str:
    if kind == "phone":
        return r"\D{0,3}".join(value.removeprefix("+1"))
    return r"[\s+]+".join(re.escape(word) for word in value.casefold().split())


def _readings(text: str) -> list[str]:
    """The text and what it would be read as; escaped text may be escaped again."""
    decoded = [_decoded(token) for token in set(_BASE64.findall(text))]
    plain = "\n".join([text, *filter(None, decoded)])
    return [reading.casefold() for reading in (plain, _ESCAPE.sub(lambda found: chr(int(found[1], 16)), plain),
                                               unquote_plus(plain))]  # fmt: skip


def _decoded(token: str) -> str:
    try:
        padded = token.rstrip("=") + "=" * (-len(token.rstrip("=")) % 4)
        return base64.b64decode(padded, altchars=b"-_" if set(token) & set("-_") else None).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def as_text(value: Any) -> str:
    """Anything that an API answered, as text to look into."""
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
