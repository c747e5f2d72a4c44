"""The door of the local AWS: up, down, status, logs, reset, env."""

import argparse
import shlex
import subprocess
import sys
from collections.abc import Callable

from local_aws import client_environment, servers, service
from local_aws.service import LocalAwsError, State

DOORS = servers.ROOT / "scripts"


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; 0 if it was done."""
    options = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = options.run
        return command(options)
    except LocalAwsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/local-aws", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start it; with PERSIST_STATE=1 its data outlives a stop")
    up.add_argument("--model", help="who answers for Bedrock: offline (default), bedrock, or an OpenAI-compatible URL")
    up.set_defaults(run=_up)
    commands.add_parser("down", help="end it, with every function").set_defaults(run=_down)
    commands.add_parser("status", help="what runs; exit 1 if nothing does").set_defaults(run=_status)
    logs = commands.add_parser("logs", help="the last lines of its servers")
    logs.add_argument("server", nargs="?", choices=list(service.logs()), help="one of the two only")
    logs.add_argument("--lines", type=int, default=50)
    logs.add_argument("--follow", action="store_true", help="go on as they are written")
    logs.set_defaults(run=_logs)
    commands.add_parser("reset", help="empty it: no stack is left").set_defaults(run=_reset)
    commands.add_parser("env", help='for a shell: eval "$(scripts/local-aws env)"').set_defaults(run=_env)
    return parser


def _up(options: argparse.Namespace) -> int:
    before, crashed, stack = service.state(), service.crashed(), service.deployment()
    running = service.up(options.model)
    sys.stdout.write("The local AWS is already up.\n" if running == before else "The local AWS is up.\n")
    sys.stdout.write(_described(running))
    return _put_back(stack) if crashed else 0


def _put_back(stack: str | None) -> int:
    """After a crash: say what is gone, and deploy and seed the stack again that stood there."""
    sys.stdout.write(
        "It had been killed and not stopped: stacks, data and runs since its start are gone (with PERSIST_STATE=1, "
        "since its last stop).\n"
    )
    if stack is None:
        sys.stdout.write("Next: scripts/deploy && scripts/seed\n")
        return 0
    sys.stdout.write(f"{stack} is deployed and seeded again; a source that is gone gets a new secret.\n")
    sys.stdout.flush()
    for door in ("deploy", "seed"):
        # By their doors: what stands behind them has an environment of its own.
        if code := subprocess.run([DOORS / door], check=False).returncode:
            return code
    return 0


def _down(_: argparse.Namespace) -> int:
    sys.stdout.write("The local AWS is down.\n" if service.down() else "The local AWS was not up.\n")
    return 0


def _status(_: argparse.Namespace) -> int:
    running = service.state()
    sys.stdout.write(_described(running) if running else "The local AWS is down. Next: scripts/local-aws up\n")
    return 0 if running else 1


def _logs(options: argparse.Namespace) -> int:
    files = [path for name, path in service.logs().items() if options.server in (None, name) and path.exists()]
    if not files:
        raise LocalAwsError("There is no log yet. Next: scripts/local-aws up")
    follow = ["-f"] if options.follow else []
    return subprocess.run(["tail", "-n", str(options.lines), *follow, *map(str, files)], check=False).returncode


def _reset(_: argparse.Namespace) -> int:
    service.reset()
    sys.stdout.write("The local AWS is empty.\n")
    return 0


def _env(_: argparse.Namespace) -> int:
    running = service.state()
    if running is None:
        raise LocalAwsError("The local AWS is down. Next: scripts/local-aws up")
    exports = client_environment.variables(running)
    sys.stdout.writelines(f"unset {name}\n" for name in client_environment.astray(running))
    sys.stdout.writelines(f"export {name}={shlex.quote(value)}\n" for name, value in exports.items())
    return 0


def _described(running: State) -> str:
    return (
        f"  endpoint  {running.endpoint}  (region {running.region}, account {running.account})\n"
        f"  Bedrock   {running.model_endpoint}  (model: {running.model})\n"
        f"  since     {running.started_at}\n"
        f"  logs      {service.home() / 'logs'}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
