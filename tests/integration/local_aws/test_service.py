"""Starting, stopping and finding the local AWS."""

import http.client
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from local_aws import __main__, client_environment, ports, processes, servers, service

DOOR = servers.ROOT / "scripts/local-aws"


def door(*arguments):
    return subprocess.run([DOOR, *arguments], capture_output=True, text=True, check=False)


def asked_of_the_model_server(running, method, path, document=None):
    connection = http.client.HTTPConnection("127.0.0.1", running.ports["bedrock_wire"])
    connection.request(method, path, json.dumps(document))
    answer = connection.getresponse()
    content = json.loads(answer.read())
    assert answer.status == 200, content
    return content


def listening_addresses(pid):
    """The local addresses on which a process listens, as the kernel writes them."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    lines = [line.split() for table in ("tcp", "tcp6") for line in Path("/proc/net", table).read_text().splitlines()]
    return {line[1].partition(":")[0] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in links}


def test_up_remembers_what_runs_where(home):
    running = service.up()

    written = json.loads((home / "state.json").read_text())
    assert service.state() == running
    assert written["model"] == "offline"
    assert written["ports"] == running.ports
    assert written["started_at"].startswith("20")
    assert {name: process["pid"] for name, process in written["processes"].items()} == {
        name: process.pid for name, process in running.processes.items()
    }
    assert servers.status(running.ports["emulator"], "GET", "/_ministack/ready") == 200
    assert servers.status(running.ports["bedrock_wire"], "GET", "/_ready") == 200


def test_nothing_listens_beyond_this_machine(home):
    running = service.up()

    for process in running.processes.values():
        assert listening_addresses(process.pid) == {"0100007F"}


def test_a_second_up_says_so_and_changes_nothing(home):
    first = door("up")
    remembered = service.state()
    second = door("up")

    assert (first.returncode, second.returncode) == (0, 0)
    assert "The local AWS is up." in first.stdout
    assert "The local AWS is already up." in second.stdout
    assert remembered.endpoint in second.stdout
    assert service.state() == remembered


def test_two_ups_at_once_start_one(home):
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: service.up(), range(2))

    assert one == other
    assert len(processes.of_instance(home / "tmp")) == 2


def test_another_model_is_not_silently_ignored(home):
    service.up("offline")

    refused = door("up", "--model", "http://127.0.0.1:11434/v1")

    assert refused.returncode == 1
    assert "It is up with --model offline. Next: scripts/local-aws down" in refused.stderr


def test_an_unknown_model_is_refused(home):
    with pytest.raises(service.LocalAwsError, match="No such model: gpt"):
        service.up("gpt")


def test_status_says_whether_it_is_up(home):
    assert door("status").returncode == 1

    running = service.up()

    status = door("status")
    assert status.returncode == 0
    assert running.endpoint in status.stdout
    assert "model: offline" in status.stdout


def test_down_ends_functions_and_what_they_started_and_nothing_else(home, account_in, account):
    here = account_in(service.up())
    function = here.deploy(
        """
        import os, subprocess

        def lambda_handler(event, context):
            return [os.getpid(), subprocess.Popen(["sleep", "300"], start_new_session=True).pid]
        """
    )
    pids = [*here.invoke(function).payload, *(process.pid for process in here.running.processes.values())]
    assert all(map(processes.identify, pids))

    ended = door("down")

    assert ended.returncode == 0
    assert [pid for pid in pids if processes.identify(pid)] == []
    assert processes.of_instance(home / "tmp") == []
    assert service.state() is None
    assert sorted(path.name for path in home.iterdir()) == ["lock", "logs"]
    assert all(process.alive for process in account.running.processes.values())


def test_down_of_what_is_not_up_is_no_error(home):
    ended = door("down")

    assert ended.returncode == 0
    assert "was not up" in ended.stdout


@pytest.fixture
def stranger():
    """A process that is not of any local AWS."""
    with subprocess.Popen(["sleep", "300"]) as process:
        yield processes.identify(process.pid)
        process.kill()


@pytest.mark.parametrize("ticks", [0, 1])
def test_a_process_that_took_over_a_remembered_id_is_left_alone(home, stranger, ticks):
    running = service.up()
    service.down()
    taken_over = {name: {"pid": stranger.pid, "started": stranger.started - ticks} for name in running.processes}
    (home / "state.json").write_text(json.dumps({**vars(running), "processes": taken_over}))

    service.down()

    assert stranger.alive


def test_a_remembered_id_with_another_start_time_is_not_up(home, stranger):
    running = service.up()
    emulator = {"emulator": {"pid": stranger.pid, "started": stranger.started - 1}}
    (home / "state.json").write_text(json.dumps({**vars(running), "processes": emulator}))

    assert service.state() is None


def test_after_a_crash_up_ends_what_is_left_and_starts_anew(home):
    crashed = service.up()
    os.kill(crashed.processes["emulator"].pid, 9)
    while crashed.processes["emulator"].alive:
        time.sleep(0.01)

    assert service.state() is None
    assert "down" in door("status").stdout
    running = service.up()

    assert running != crashed
    assert not crashed.processes["bedrock_wire"].alive
    assert all(process.alive for process in running.processes.values())


def test_a_start_that_fails_shows_the_last_lines_and_leaves_nothing(home, monkeypatch, tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'the ground is missing' >&2; exit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(servers, "SERVER_PYTHON", broken)

    with pytest.raises(service.LocalAwsError, match="the ground is missing") as failed:
        service.up()

    assert f"Next: less {home}/logs/" in str(failed.value)
    assert processes.of_instance(home / "tmp") == []
    assert service.state() is None


def test_a_missing_environment_is_named_with_the_command_that_makes_it(home, monkeypatch, tmp_path):
    monkeypatch.setattr(servers, "FUNCTION_PYTHON", tmp_path / "no-python")

    with pytest.raises(
        service.LocalAwsError, match=r"-m venv \.venvs/lambda-runtime && .* requirements/lambda-runtime"
    ):
        service.up()


def test_env_leads_a_shell_to_the_local_aws_and_away_from_profiles(home, monkeypatch):
    running = service.up()
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://s3.example")
    monkeypatch.setenv("NO_PROXY", "mirror.example")

    shell = subprocess.run(
        ["sh", "-c", f'eval "$({shlex.quote(str(DOOR))} env)" && env'], capture_output=True, text=True, check=True
    )

    seen = dict(line.split("=", 1) for line in shell.stdout.splitlines())
    assert seen["AWS_ENDPOINT_URL"] == running.endpoint
    assert seen["AWS_REGION"] == seen["AWS_DEFAULT_REGION"] == "us-local-1"
    assert seen["NO_PROXY"] == "mirror.example,127.0.0.1"
    assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL_S3"} & seen.keys()
    assert client_environment.variables(running).items() <= seen.items()
    assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL_S3"} & client_environment.of_subprocess(running).keys()


def test_env_of_what_is_not_up_says_what_to_type(home):
    refused = door("env")

    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "Next: scripts/local-aws up" in refused.stderr


def test_logs_shows_both_servers(home):
    service.up()

    logs = door("logs", "--lines", "20")

    assert logs.returncode == 0
    assert "emulator.log" in logs.stdout
    assert "bedrock_wire.log" in logs.stdout


def test_reset_empties_the_account_and_ends_its_functions(home, account_in):
    here = account_in(service.up())
    pid = here.invoke(here.deploy("import os\n\ndef lambda_handler(event, context): return os.getpid()")).payload

    asked_of_the_model_server(here.running, "POST", "/_control/faults", [{"kind": "throttle"}])
    asked_of_the_model_server(here.running, "POST", "/CreateVectorBucket", {"vectorBucketName": "emptied"})

    assert door("reset").returncode == 0

    assert here.client("lambda").list_functions()["Functions"] == []
    assert processes.identify(pid) is None
    assert asked_of_the_model_server(here.running, "GET", "/_control/faults") == {"faults": []}
    assert asked_of_the_model_server(here.running, "POST", "/ListVectorBuckets", {}) == {"vectorBuckets": []}
    assert service.state() == here.running


def test_state_outlives_a_stop_if_told_to(home, monkeypatch, account_in):
    monkeypatch.setenv("PERSIST_STATE", "1")
    before = account_in(service.up())
    function = before.deploy("def lambda_handler(event, context): return 'still here'")
    before.client("s3").create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "us-local-1"})
    before.client("s3").put_object(Bucket="kept", Key="case.md", Body=b"a case")

    service.down()
    after = account_in(service.up())

    assert after.invoke(function).payload == "still here"
    assert after.client("s3").get_object(Bucket="kept", Key="case.md")["Body"].read() == b"a case"


@pytest.fixture
def kept(home, monkeypatch, account_in):
    """What a stop keeps: a queue with a function behind it, a knowledge base, and a vector bucket."""
    monkeypatch.setenv("PERSIST_STATE", "1")
    here = account_in(service.up())
    service.note_deployment("referral-email-system-local")
    function = here.deploy("def lambda_handler(event, context): print('took', event['Records'][0]['body'])")
    queue = here.client("sqs").create_queue(QueueName="kept")["QueueUrl"]
    here.client("lambda").create_event_source_mapping(
        FunctionName=function.name, EventSourceArn=f"arn:aws:sqs:us-local-1:{servers.ACCOUNT}:kept"
    )
    bases = {"id": "LOCALCASES", "folder": str(home)}
    asked_of_the_model_server(here.running, "POST", "/_control/knowledge-base", bases)
    asked_of_the_model_server(here.running, "POST", "/CreateVectorBucket", {"vectorBucketName": "kept"})
    service.down()
    return SimpleNamespace(ports=here.running.ports, function=function, queue=queue)


def test_a_queue_is_still_consumed_after_a_stop(kept, account_in, until):
    after = account_in(service.up())
    after.client("sqs").send_message(QueueUrl=kept.queue, MessageBody="an event")

    assert after.running.ports == kept.ports
    assert until(lambda: [line for line in after.log_lines(kept.function.name) if "took an event" in line])


def test_a_knowledge_base_still_answers_after_a_stop(kept):
    question = {"retrievalQuery": {"text": "a case"}}

    found = asked_of_the_model_server(service.up(), "POST", "/knowledgebases/LOCALCASES/retrieve", question)

    assert found["retrievalResults"] == []


def test_a_vector_bucket_is_still_there_after_a_stop(kept):
    listed = asked_of_the_model_server(service.up(), "POST", "/ListVectorBuckets", {})

    assert [each["vectorBucketName"] for each in listed["vectorBuckets"]] == ["kept"]


def test_a_kept_port_that_is_taken_is_named_with_what_to_do(kept):
    port = kept.ports["emulator"]
    with socket.create_server(("127.0.0.1", port)):
        refused = door("up")

    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert f"Next: end that process (ss -ltnp 'sport = :{port}')" in refused.stderr
    assert door("up").returncode == 0


def test_what_stood_there_is_remembered_over_a_stop_that_keeps_it(kept, doors):
    kill(service.up())

    assert __main__.main(["up"]) == 0

    assert (doors / "called").read_text().split() == ["deploy", "seed"]


def test_ctrl_c_is_one_sentence(home):
    service.up()
    following = subprocess.Popen([DOOR, "logs", "--follow"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 start_new_session=True)  # fmt: skip
    assert following.stdout.readline()

    os.killpg(following.pid, signal.SIGINT)
    error = following.communicate(timeout=10)[1]

    assert following.returncode == 130
    assert error == "interrupted\n"


def test_waits_of_a_state_machine_take_a_fifth_of_their_time_by_default(home, account_in):
    here = account_in(service.up())

    execution = here.execute({"Wait": {"Type": "Wait", "Seconds": 2, "End": True}}, start_at="Wait")

    assert 0.4 <= (execution["stopDate"] - execution["startDate"]).total_seconds() < 1.5


@pytest.mark.parametrize(
    "switch", ["SFN_WAIT_SCALE", "PERSIST_STATE", "AUTH", "IAM_DECISIONS", "LAMBDA_ACCOUNT_CONCURRENCY"]
)
def test_ministacks_own_switches_are_passed_on(switch, monkeypatch, tmp_path):
    monkeypatch.setenv(switch, "17")

    emulator = servers.emulator(port=1, model_port=2, temporary=tmp_path, data=tmp_path)

    assert emulator.environment[switch] == "17"


@pytest.mark.parametrize("service_id", ["BEDROCK_AGENT", "BEDROCK_AGENT_RUNTIME", "BEDROCK_RUNTIME", "S3VECTORS"])
def test_what_the_wire_server_answers_leads_to_it_and_all_else_to_the_emulator(service_id, tmp_path):
    emulator = servers.emulator(port=1, model_port=2, temporary=tmp_path, data=tmp_path).environment
    running = SimpleNamespace(endpoint="http://127.0.0.1:1", model_endpoint="http://127.0.0.1:2", region="us-local-1")

    for environment in (emulator, client_environment.variables(running)):
        assert environment[f"AWS_ENDPOINT_URL_{service_id}"] == "http://127.0.0.1:2"
        assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("model", "profile"), [("offline", None), ("http://127.0.0.1:11434/v1", None), ("bedrock", "team")]
)
def test_credentials_reach_the_model_server_only_for_real_bedrock(model, profile, monkeypatch, tmp_path):
    monkeypatch.setenv("BEDROCK_PROFILE", "team")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_PROFILE", "production")

    server = servers.bedrock_wire(port=1, model=model, emulator_port=2, temporary=tmp_path, data=tmp_path)

    assert server.environment.get("BEDROCK_PROFILE") == profile
    assert not {"AWS_PROFILE", "AWS_ACCESS_KEY_ID"} & server.environment.keys()
    assert server.environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:2"


def test_real_bedrock_without_credentials_is_refused_in_words(home, monkeypatch):
    for name in [name for name in os.environ if name.startswith("BEDROCK_")]:
        monkeypatch.delenv(name)

    with pytest.raises(service.LocalAwsError, match="BEDROCK_PROFILE"):
        service.up("bedrock")


def test_the_control_side_needs_the_standard_library_only(home):
    imported = subprocess.run(
        [sys.executable, "-S", "-c", "import local_aws.__main__, sys; print(*sys.modules)"],
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    outside = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - {"__main__", "local_aws"}
    assert outside == set()


def kill(running, name="emulator"):
    """End one of its servers as the machine would that has no memory left."""
    os.kill(running.processes[name].pid, 9)
    while running.processes[name].alive:
        time.sleep(0.01)


def test_after_a_crash_up_says_what_is_lost_and_what_to_type(home):
    kill(service.up())

    again = door("up")

    assert again.returncode == 0
    assert "stacks, data and runs since its start are gone" in again.stdout
    assert "Next: scripts/deploy && scripts/seed" in again.stdout
    assert "gone" not in door("up").stdout


@pytest.fixture
def doors(tmp_path_factory, monkeypatch):
    """The doors that `up` would call, which note their names instead."""
    root = tmp_path_factory.mktemp("project")
    (root / "scripts").mkdir()
    for name in ("deploy", "seed"):
        (root / "scripts" / name).write_text(f"#!/bin/sh\necho {name} >> {root}/called\n")
        (root / "scripts" / name).chmod(0o755)
    monkeypatch.setattr(__main__, "DOORS", root / "scripts")
    return root


def test_after_a_crash_up_deploys_and_seeds_again_what_stood_there(home, doors, capsys):
    running = service.up()
    service.note_deployment("referral-email-system-local")
    kill(running, "bedrock_wire")

    assert __main__.main(["up"]) == 0

    assert (doors / "called").read_text().split() == ["deploy", "seed"]
    assert "referral-email-system-local is deployed and seeded again" in capsys.readouterr().out


def test_after_a_stop_or_a_reset_up_deploys_nothing(home, doors):
    service.up()
    service.note_deployment("referral-email-system-local")
    service.reset()
    assert service.deployment() is None

    service.note_deployment("referral-email-system-local")
    service.down()
    assert __main__.main(["up"]) == 0

    assert not (doors / "called").exists()


def test_a_port_that_is_taken_meanwhile_is_exchanged(home, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        choose, chosen = ports.free, []

        def free_ports(count):
            chosen.append([taken, *choose(count - 1)] if not chosen else choose(count))
            return chosen[-1]

        monkeypatch.setattr(ports, "free", free_ports)
        running = service.up()

    assert len(chosen) == 2
    assert taken not in running.ports.values()
    assert all(process.alive for process in running.processes.values())
    assert len(processes.of_instance(home / "tmp")) == 2
