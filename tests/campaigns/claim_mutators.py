"""What can be wrong with a draft, by name: each mutator makes one good draft say one thing that isn't so."""

from collections.abc import Callable
from random import Random

from tests.campaigns import claim_later_kinds, claim_newer_offer_kinds, claim_newer_people_kinds
from tests.campaigns.claim_drafts import Parts
from tests.campaigns.claim_sentences import SENTENCES, TURNED
from tests.campaigns.claim_worlds import World

# None where a draft has nothing that this mutator changes.
type Mutator = Callable[[Parts, World, Random], Parts | None]

_NUMBERS = {30: "thirty", 40: "forty", 50: "fifty", 75: "seventy-five", 60: "sixty", 35: "thirty-five"}
_WORDS_OF = {"USD": "dollars", "GBP": "pounds"}
_SIGNS = {"USD": "$", "GBP": "£"}
_OTHER_SIGNS = {"USD": ("€", "£", "C$", "¥"), "GBP": ("$", "€", "CHF ", "₹")}
_OTHER_WORDS = {"USD": ("euros", "pounds", "EUR", "GBP"), "GBP": ("dollars", "euros", "USD", "EUR")}
_LOOK_ALIKES = str.maketrans("aeopcxiy", "аеорсхіу")
_FULL_WIDTH = str.maketrans("0123456789$%", "０１２３４５６７８９＄％")


def is_held_out(name: str) -> bool:
    """The newer kinds, over a third of all: somebody wrote them who didn't know the rules; none was mended for them.

    The first and the later kinds are all known: those of them that were held out showed what the rules missed, and
    the rules were mended for them.
    """
    return name in NEWER


def instead_of(slot: str, literals: Callable[[World, Random], str]) -> Mutator:
    """A literal where the slot stood."""

    def mutate(parts: Parts, world: World, random: Random) -> Parts | None:
        known = slot in world.values
        return _replaced(parts, f"{{{{{slot}}}}}", literals(world, random), random) if known else None

    return mutate


def one_of(*literals: str) -> Callable[[World, Random], str]:
    """Any of these literals."""
    return lambda _, random: random.choice(literals)


def with_sentence(*sentences: str) -> Mutator:
    """One more sentence, at the end of a paragraph or as one of its own."""

    def mutate(parts: Parts, world: World, random: Random) -> Parts:
        said = random.choice(sentences).replace("§", _SIGNS[world.currency])
        paragraphs = parts["body"].split("\n\n")
        place = random.randrange(1, max(2, len(paragraphs) - 1))
        if random.random() < 0.5:
            paragraphs.insert(place, said)
        else:
            paragraphs[place] = f"{paragraphs[place]} {said}"
        return parts | {"body": "\n\n".join(paragraphs)}

    return mutate


def _replaced(parts: Parts, old: str, new: str, random: Random) -> Parts | None:
    """One of the places in which a text stands says something else."""
    wheres = [where for where in ("subject", "body") if old in parts[where]]
    if not wheres:
        return None
    where = random.choice(wheres)
    return parts | {where: parts[where].replace(old, new, 1)}


def _changed(*pairs: tuple[str, str]) -> Mutator:
    """One of the phrases that stand in the draft is turned into another."""

    def mutate(parts: Parts, world: World, random: Random) -> Parts | None:
        there = [pair for pair in pairs if any(pair[0] in text for text in parts.values())]
        return _replaced(parts, *random.choice(there), random) if there else None

    return mutate


def _swapped(one: str, other: str) -> Mutator:
    def mutate(parts: Parts, world: World, random: Random) -> Parts | None:
        first, second = f"{{{{{one}}}}}", f"{{{{{other}}}}}"
        if first not in parts["body"] or second not in parts["body"]:
            return None
        body = parts["body"].replace(first, "\0").replace(second, first).replace("\0", second)
        return parts | {"body": body}

    return mutate


def _wrong_figure(random: Random) -> int:
    return random.choice(list(_NUMBERS))


def _amount(world: World, random: Random) -> str:
    sign = _SIGNS[world.currency]
    figure = _wrong_figure(random)
    return random.choice([f"{sign}{figure}", f"{sign}{figure}.00", f"{figure} {_WORDS_OF[world.currency]}"])


def _cents_off(world: World, random: Random) -> str:
    minor = world.values["offer.amount"]["minor"] + random.choice((-1, 1, 50, 99))
    return f"{_SIGNS[world.currency]}{minor / 100:.2f}"


def _other_currency(world: World, random: Random) -> str:
    figure = world.values["offer.amount"]["minor"] // 100
    sign, word = random.choice(_OTHER_SIGNS[world.currency]), random.choice(_OTHER_WORDS[world.currency])
    return random.choice([f"{sign}{figure}", f"{figure} {word}"])


def _off_by_one(world: World, random: Random) -> str:
    return f"{world.values['offer.percent'] + random.choice((-1, 1))}{random.choice(('%', ' %', ' percent'))}"


def _look_alike_figure(world: World, random: Random) -> str:
    return f"{_SIGNS[world.currency]}{_wrong_figure(random)}".translate(_FULL_WIDTH)


def _look_alike_words(world: World, random: Random) -> str:
    return f"{_NUMBERS[_wrong_figure(random)]} {_WORDS_OF[world.currency]}".translate(_LOOK_ALIKES)


def _zero_width(world: World, random: Random) -> str:
    unseen = random.choice(("\u200b", "\u2060", "\u00ad", "\ufeff", "\u200d"))
    return unseen.join(f"{_SIGNS[world.currency]}{_wrong_figure(random)}")


def _entities(world: World, random: Random) -> str:
    said = f"{_SIGNS[world.currency]}{_wrong_figure(random)}"
    form = random.choice(("&#{};", "&#x{:x};", "&#0{};"))
    return "".join(form.format(ord(each)) for each in said)


def _amount_in_words(world: World, random: Random) -> str:
    return f"{_NUMBERS[_wrong_figure(random)]} {_WORDS_OF[world.currency]}"


def _range(world: World, random: Random) -> str:
    sign, figure = _SIGNS[world.currency], world.values["offer.amount"]["minor"] // 100
    low, high = random.choice([(figure, figure + 25), (figure - 5, figure + 5), (figure - 10, figure)])
    return random.choice([f"{sign}{low}-{sign}{high}", f"{sign}{low} to {sign}{high}", f"{sign}{low}–{high}"])


def _day(off: tuple[int, ...]) -> Callable[[World, Random], str]:
    def date_of(world: World, random: Random) -> str:
        day = 12 + random.choice(off)
        british = world.locale == "en-GB"
        return random.choice(
            [f"2026-10-{day:02}", f"{day} October 2026" if british else f"October {day}, 2026", f"{day} October"]
        )

    return date_of


def _link(world: World, random: Random) -> str:
    host = str(world.values["company.website"]).removeprefix("https://")
    look_alike = host.replace("e", "е")
    return random.choice(
        (
            f"https://{host}.evil.test/refer",
            "https://bit.ly/3xYz",
            f"https://{host}/refer?to=evil",
            "evil.test/offer",
            f"https://{look_alike}.co/refer",
            f"http://{host}@evil.test/",
            f"https://{host}/other",
        )
    )


def _other_link(parts: Parts, world: World, random: Random) -> Parts:
    action = parts["call_to_action"].replace("{{offer.link}}", _link(world, random))
    return parts | {"call_to_action": action}


def _added_link(parts: Parts, world: World, random: Random) -> Parts | None:
    return with_sentence(f"Read more at {_link(world, random)} today.")(parts, world, random)


def _other_sign(world: World, random: Random) -> str:
    return f"{random.choice(_OTHER_SIGNS[world.currency])}{{{{offer.amount}}}}"


def _kinds(
    instead: dict[str, tuple[str, str]], sentences: dict[str, str], turned: dict[str, str]
) -> dict[str, Mutator]:
    """The mutators of written kinds: what stands in a slot's place, what is added, and which words are changed."""
    return {
        **{name: instead_of(slot, one_of(*_lines(text))) for name, (slot, text) in instead.items()},
        **{name: with_sentence(*_lines(text)) for name, text in sentences.items()},
        **{name: _changed(*_pairs(text)) for name, text in turned.items()},
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = [line.replace("⏎", "\n").split(" | ") for line in _lines(text)]
    return [(old, new) for old, new in pairs]


_LAST_DAYS = ("November 30", "2027-01-31", "January 15, 2027", "31 October 2026", "December 30")
_WEEKDAYS = tuple(f"{day}, {{{{service.last_date}}}}" for day in ("Tuesday", "Friday", "Sunday"))
_LATER = _kinds(claim_later_kinds.INSTEAD, claim_later_kinds.SENTENCES, claim_later_kinds.TURNED)
NEWER = {
    name: mutator
    for kinds in (claim_newer_offer_kinds, claim_newer_people_kinds)
    for name, mutator in _kinds(kinds.INSTEAD, kinds.SENTENCES, kinds.TURNED).items()
}
MUTATORS: dict[str, Mutator] = {
    "wrong amount": instead_of("offer.amount", _amount),
    "wrong friend's amount": instead_of("offer.friend_amount", _amount),
    "amount off by cents": instead_of("offer.amount", _cents_off),
    "wrong currency": instead_of("offer.amount", _other_currency),
    "amount in words": instead_of("offer.amount", _amount_in_words),
    "amount as a range": instead_of("offer.amount", _range),
    "full-width figures": instead_of("offer.amount", _look_alike_figure),
    "look-alike letters": instead_of("offer.amount", _look_alike_words),
    "zero-width characters": instead_of("offer.amount", _zero_width),
    "HTML entities": instead_of("offer.amount", _entities),
    "currency beside a slot": instead_of("offer.amount", _other_sign),
    "percent off by one": instead_of("offer.percent", _off_by_one),
    "percent in words": instead_of("offer.percent", one_of("twenty percent", "thirty per cent", "twelve percent")),
    "wrong date": instead_of("service.last_date", _day((-9, 5, 14))),
    "date off by a day": instead_of("service.last_date", _day((-1, 1))),
    "wrong weekday": instead_of("service.last_date", one_of(*_WEEKDAYS)),
    "wrong last day": instead_of("offer.valid_until", one_of(*_LAST_DAYS)),
    "wrong first year": instead_of("service.since", one_of("2019", "2021", "May 2022", "2024")),
    "wrong crew": instead_of("service.crew", one_of("Marcus", "Gertrude", "Bob and Tim", "Ramón")),
    "wrong city": instead_of("customer.city", one_of("Dallas", "Springfield", "Leeds", "San Antonio", "Brighton")),
    "wrong link": _other_link,
    "an added link": _added_link,
    "swapped amounts": _swapped("offer.amount", "offer.friend_amount"),
    **_kinds({}, SENTENCES, TURNED),
    **_LATER,
    **NEWER,
}
