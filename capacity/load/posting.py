"""What locust runs, in an environment of its own: posts, each at its moment, and their answers."""

import json
import os
import random
import time
from pathlib import Path
from typing import Any

import gevent
from locust import HttpUser, task
from locust.exception import StopUser

# Until every user is there.
_HEAD_START_SECONDS = 2
_POSTS = json.loads(Path(os.environ["LOAD_POSTS"]).read_text(encoding="utf-8"))
_BEGINS = time.time() + _HEAD_START_SECONDS
_FOR_NOW = (429, 503)
_left = iter(_POSTS)
_answered: list[dict[str, Any]] = []


class Sender(HttpUser):  # type: ignore[misc]  # locust isn't where types are checked
    """One of several, so that a slow answer makes no event late."""

    host = "http://127.0.0.1"

    @task  # type: ignore[untyped-decorator]
    def post_next(self) -> None:
        """Wait for the moment of the next post; whoever has the last answer ends it all."""
        post = next(_left, None)
        if post is None:
            raise StopUser
        due = _BEGINS + post["at"]
        gevent.sleep(max(0.0, due - time.time()))
        # From when it was due: a sender that comes late because of slow answers hides none of them.
        _answered.append({"due": due} | self._accepted(post))
        if len(_answered) == len(_POSTS):
            Path(os.environ["LOAD_ANSWERS"]).write_text(json.dumps(_answered), encoding="utf-8")
            self.environment.runner.quit()

    def _accepted(self, post: dict[str, Any]) -> dict[str, Any]:
        """The answer; what is refused for now is sent again, each time after twice as long."""
        pause, said = post["again_after"], post["body"].encode()
        while True:
            with self.client.post(
                post["url"], data=said, headers=post["headers"], name="webhook", catch_response=True
            ) as answer:
                answer.success()
            if answer.status_code not in _FOR_NOW:
                return {"status": answer.status_code, "said": answer.text}
            gevent.sleep(random.uniform(pause / 2, pause))  # noqa: S311
            pause *= 2
