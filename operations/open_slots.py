"""Who holds the slots of each workflow now, and who waits for one."""

import time
from collections.abc import Mapping
from typing import Any

from agent_platform.ingest.slot_board import Board
from agent_platform.ingest.slots import Slots

from operations.stack import Stack
from operations.terminal import out, plain, print_json, table


def boards_of(stack: Stack) -> dict[str, Board]:
    """The board of every workflow that ever took a slot."""
    return Slots(table=stack.outputs["Admission"], dynamodb=stack.dynamodb, pause=time.sleep).boards()


def show(boards: Mapping[str, Board], *, most: int, now: int, as_json: bool) -> None:
    """Each workflow with its tenants: how many runs they have open, and whether they wait."""
    rows = [row for word, board in boards.items() for row in _tenants(word, board, now)]
    if as_json:
        print_json({"most": most, "tenants": rows})
        return
    cells = [(row["workflow"], row["tenant"], str(row["open"]), "yes" if row["waits"] else "") for row in rows]
    table("Slots", ("workflow", "tenant", "open runs", "waits"), cells)
    limit = f"of {most}" if most else "(no limit)"
    for word, board in boards.items():
        out.print(plain(f"{word}: {board.taken} {limit} slots are taken. More: MaxOpenExecutions in samconfig.toml."))


def _tenants(word: str, board: Board, now: int) -> list[dict[str, Any]]:
    waiting = {tenant for tenant, until in board.waiting.items() if until > now}
    return [
        {"workflow": word, "tenant": tenant, "open": board.held.get(tenant, 0), "waits": tenant in waiting}
        for tenant in sorted({*board.held, *waiting})
    ]
