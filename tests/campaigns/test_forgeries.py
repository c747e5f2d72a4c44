"""Bits flipped in every part of a signed request: none of them is accepted, and every request as it was signed is."""

import base64
import binascii
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from tests.builders import varied_events
from tests.campaigns.front_door import FrontDoor, Request, make_front_door, signed

__all__ = ["make_front_door"]

PARTS = ["id", "timestamp", "signature", "body", "secret"]
BODIES = [json.dumps(event, ensure_ascii=False) for event in varied_events()]


def flipped(content: bytes, random: Random) -> bytes:
    """The content with one to eight of its bits flipped, mostly one."""
    places = random.sample(range(len(content) * 8), random.choice([1, 1, 1, 1, 2, 3, 8]))
    changed = bytearray(content)
    for place in places:
        changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


def flipped_text(text: str, random: Random) -> str:
    return flipped(text.encode(), random).decode("latin-1")


def forged(request: Request, part: str, secret: str, random: Random) -> Request:
    """The request with this part changed; with another secret it is signed anew."""
    match part:
        case "id":
            return replace(request, event_id=flipped_text(request.event_id, random))
        case "timestamp":
            return replace(request, timestamp=flipped_text(request.timestamp, random))
        case "signature":
            return replace(request, signature=flipped_text(request.signature, random))
        case "body":
            return replace(request, body=flipped(request.body, random))
    key = flipped(base64.b64decode(secret.removeprefix("whsec_")), random)
    return signed(request.body.decode(), event_id=request.event_id, secret="whsec_" + base64.b64encode(key).decode())


def same_bytes(one: str, other: str) -> bool:
    """Whether two signatures differ in bits only that base64 ignores: then the second is no forgery."""
    try:
        return one[:3] == other[:3] and base64.b64decode(one[3:]) == base64.b64decode(other[3:])
    except (binascii.Error, ValueError):
        return False


def test_no_forgery_is_accepted_and_every_valid_request_is(
    make_front_door: Callable[[], FrontDoor],
    trials: Callable[[int, int], int],
    seed: int,
    tell: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    door, refused, spelled = make_front_door(), Counter[str](), 0
    count = trials(200, 2000)
    for number in range(count):
        # Its own draws, so that a trial is the same again whatever the clock made of those before it.
        random = Random(f"{seed} {number}")
        part, secret = PARTS[number % len(PARTS)], random.choice(door.secrets)
        late = timedelta(seconds=random.randint(-290, 290))
        valid = signed(random.choice(BODIES), event_id=f"msg_{random.getrandbits(64):016x}", secret=secret, late=late)
        forgery = forged(valid, part, secret, random)
        while part == "signature" and same_bytes(forgery.signature, valid.signature):
            forgery, spelled = forged(valid, part, secret, random), spelled + 1

        if sent_before := random.random() < 0.5:
            assert door.status(valid) == 202
        kept = door.kept()
        status = door.status(forgery)

        assert status in {400, 401}, (seed, number, part)
        assert door.kept() == kept, (seed, number, part)
        if not sent_before:
            assert door.status(valid) == 202, (seed, number, part)
        refused[f"{part} {status}"] += 1
    assert door.kept() == (count, count)
    logged = capsys.readouterr().out
    assert logged.count('"refused"') == count
    assert not [word for word in ("Maria", "Elm Court", "crm-77", "Lucía") if word in logged]
    tell(f"{count} forgeries, none accepted: {dict(sorted(refused.items()))}")
    tell(f"{count} valid requests, all accepted; {spelled} other spellings of a valid signature left out; seed {seed}")
