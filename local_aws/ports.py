"""Which ports an instance takes: free ones, and again the same where its data holds addresses with them."""

import json
import socket
from pathlib import Path

_HOST = "127.0.0.1"


def free(count: int) -> list[int]:
    """Ports that nothing uses now, held together so that they differ."""
    sockets = [socket.create_server((_HOST, 0)) for _ in range(count)]
    try:
        return [int(held.getsockname()[1]) for held in sockets]
    finally:
        for held in sockets:
            held.close()


def taken(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_server((_HOST, port)).close()
    except OSError:
        return True
    return False


def kept(data: Path) -> list[int] | None:
    """The ports under which kept data was written; None if there is no such data."""
    try:
        ports: list[int] = json.loads(_file(data).read_text())
    except FileNotFoundError:
        return None
    return ports


def keep(data: Path, ports: list[int]) -> None:
    """Remember them beside the data: the URL of a queue holds the port, and no other is found again."""
    data.mkdir(parents=True, exist_ok=True)
    _file(data).write_text(json.dumps(ports))


def _file(data: Path) -> Path:
    return data / "ports.json"
