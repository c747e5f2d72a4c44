"""A Python function on the local AWS behaves as it would under Lambda."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

TASK = {"Type": "Task", "End": True}


def test_a_catch_matches_the_class_that_was_raised_by_its_name(account):
    function = account.deploy(
        """
        class NoSuchOffer(Exception):
            pass

        def lambda_handler(event, context):
            raise NoSuchOffer("spring is over")
        """
    )
    catch = [
        {"ErrorEquals": ["Exception"], "Next": "Wrong"},
        {"ErrorEquals": ["NoSuchOffer"], "Next": "Caught", "ResultPath": "$.failure"},
    ]

    execution = account.execute(
        {
            "Look": TASK | {"Resource": function.arn, "Catch": catch},
            "Caught": {"Type": "Succeed"},
            "Wrong": {"Type": "Fail"},
        },
        start_at="Look",
        given={"tenant": "greenedge"},
    )

    assert execution["status"] == "SUCCEEDED"
    output = json.loads(execution["output"])
    cause = json.loads(output["failure"]["Cause"])
    assert output["failure"]["Error"] == cause["errorType"] == "NoSuchOffer"
    assert cause["errorMessage"] == "spring is over"
    assert "raise NoSuchOffer" in "".join(cause["stackTrace"])
    assert output["tenant"] == "greenedge"


def test_a_retry_by_name_tries_again_in_the_same_environment(account):
    function = account.deploy(
        """
        attempts = 0

        class TransientError(Exception):
            pass

        def lambda_handler(event, context):
            global attempts
            attempts += 1
            if attempts < 3:
                raise TransientError("not yet")
            return {"attempts": attempts}
        """
    )
    retry = [{"ErrorEquals": ["TransientError"], "IntervalSeconds": 1, "MaxAttempts": 2}]

    execution = account.execute({"Try": TASK | {"Resource": function.arn, "Retry": retry}}, start_at="Try")

    assert json.loads(execution["output"]) == {"attempts": 3}


def test_a_missing_dependency_fails_as_on_lambda_and_its_log_is_kept(account):
    function = account.deploy("import aws_lambda_powertools\n\ndef lambda_handler(event, context): ...")

    answer = account.invoke(function)

    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "Runtime.ImportModuleError"
    assert answer.payload["errorMessage"] == "Unable to import module 'app': No module named 'aws_lambda_powertools'"
    assert any("Runtime.ImportModuleError" in line for line in account.log_lines(function.name))


def test_a_function_that_takes_too_long_is_sandbox_timedout(account):
    function = account.deploy(
        "import time\n\ndef lambda_handler(event, context):\n    print('I begin')\n    time.sleep(30)", Timeout=1
    )

    execution = account.execute({"Wait": TASK | {"Resource": function.arn}}, start_at="Wait")

    assert execution["error"] == "Sandbox.Timedout"
    assert json.loads(execution["cause"])["errorMessage"] == "Task timed out after 1.00 seconds"
    assert "I begin" in account.log_lines(function.name)


def test_a_function_that_is_killed_is_runtime_exiterror_and_the_next_event_gets_a_new_process(account):
    function = account.deploy(
        """
        import os, signal

        def lambda_handler(event, context):
            if event.get("die"):
                os.kill(os.getpid(), signal.SIGKILL)
            return os.getpid()
        """
    )

    first = account.invoke(function)
    killed = account.invoke(function, {"die": True})
    after = account.invoke(function)

    assert killed.error == "Unhandled"
    assert killed.payload["errorType"] == "Runtime.ExitError"
    assert first.payload != after.payload


def test_a_function_that_exits_while_it_starts_is_runtime_exiterror(account):
    function = account.deploy("print('no key'); raise SystemExit(3)")

    answer = account.invoke(function)

    assert answer.payload["errorType"] == "Runtime.ExitError"
    assert "code 3" in answer.payload["errorMessage"]
    assert "no key" in account.log_lines(function.name)


def test_a_function_sees_nothing_of_the_host(account, host):
    function = account.deploy(
        """
        import importlib.util, os, sys

        def lambda_handler(event, context):
            found = [name for name in ("ministack", "local_aws", "boto3") if importlib.util.find_spec(name)]
            return {"environment": dict(os.environ), "path": sys.path, "found": found}
        """,
        Environment={"Variables": {"TABLE": "messages"}},
    )

    seen = account.invoke(function).payload

    code = seen["environment"].pop("LAMBDA_TASK_ROOT")
    assert seen["found"] == []
    assert seen["path"][0] == code
    assert not any("ministack/" in path or ".venvs/local-aws" in path for path in seen["path"])
    assert not host.keys() & seen["environment"].keys() - {"PYTHONPATH"}
    assert not set(host.values()) & set(seen["environment"].values())
    assert seen["environment"].keys() == {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        "AWS_ENDPOINT_URL_BEDROCK_AGENT",
        "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME",
        "AWS_ENDPOINT_URL_S3VECTORS",
        "AWS_DISABLE_HOST_PREFIX_INJECTION",
        "HOME",
        "LANG",
        "PATH",
        "PWD",
        "PYTHONPATH",
        "TABLE",
        "TMPDIR",
        "TZ",
        "_HANDLER",
    }


def test_a_function_reaches_the_local_aws_with_what_lambda_gives_it(account):
    function = account.deploy(
        """
        import os

        def lambda_handler(event, context):
            names = ("AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "TZ", "AWS_EXECUTION_ENV")
            return [os.environ[name] for name in names]
        """
    )

    assert account.invoke(function).payload == [
        "us-local-1",
        account.running.endpoint,
        account.running.model_endpoint,
        ":UTC",
        "AWS_Lambda_python3.13",
    ]


def test_the_functions_own_module_hides_a_layers_and_a_later_layer_an_earlier_one(account):
    layers = [
        account.layer({"python/who.py": "NAME = 'first'", "python/only_first.py": ""}),
        account.layer({"python/who.py": "NAME = 'second'", "python/app_settings.py": "NAME = 'layer'"}),
    ]
    function = account.deploy(
        """
        import app_settings, only_first, who

        def lambda_handler(event, context):
            return [who.NAME, app_settings.NAME]
        """,
        Layers=layers,
        files={"app_settings.py": "NAME = 'function'"},
    )

    assert account.invoke(function).payload == ["second", "function"]


def test_nothing_is_compiled_into_the_functions_code(account):
    function = account.deploy(
        """
        import pathlib, rooms

        def lambda_handler(event, context):
            here = pathlib.Path(__file__).parent
            layer = pathlib.Path(rooms.__file__).parent
            return [str(path) for folder in (here, layer) for path in folder.rglob("*.pyc")]
        """,
        Layers=[account.layer({"python/rooms/__init__.py": "", "python/rooms/one.py": ""})],
    )

    assert account.invoke(function).payload == []


def test_json_logging_is_what_the_functions_configuration_says(account):
    function = account.deploy(
        """
        import logging

        def lambda_handler(event, context):
            logging.getLogger().info("quiet")
            logging.getLogger().warning("written")
            return context.log_group_name
        """,
        LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "WARN"},
    )

    group = account.invoke(function).payload

    logged = [json.loads(line) for line in account.log_lines(function.name) if line.startswith("{")]
    assert group == f"/aws/lambda/{function.name}"
    assert [(line["level"], line["message"]) for line in logged] == [("WARNING", "written")]


def test_no_line_is_lost_or_late_however_many_a_function_writes(account):
    function = account.deploy(
        """
        def lambda_handler(event, context):
            for number in range(event["lines"]):
                print(f"{context.aws_request_id} line {number}")
            return context.aws_request_id
        """
    )

    with ThreadPoolExecutor(8) as pool:
        events = [{"lines": lines} for lines in (1, 3000, 0, 2, *[60] * 60)]
        request_ids = [answer.payload for answer in pool.map(lambda event: account.invoke(function, event), events)]

    written_during = streams_by_request(account, function)
    for event, request_id in zip(events, request_ids, strict=True):
        assert written_during[request_id] == [f"{request_id} line {number}" for number in range(event["lines"])]


def streams_by_request(account, function):
    """What is between each invocation's START and END, by its request id."""
    logs, group = account.client("logs"), f"/aws/lambda/{function.name}"
    found = {}
    for stream in logs.get_paginator("describe_log_streams").paginate(logGroupName=group).search("logStreams[]"):
        events = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True)
        first, *lines, _, _ = [event["message"] for event in events["events"]]
        found[first.split()[2]] = lines
    return found


def test_concurrent_events_get_processes_of_their_own(account):
    function = account.deploy(
        """
        import os, pathlib, tempfile, time, uuid

        def lambda_handler(event, context):
            # Nobody goes before all have come.
            meeting = pathlib.Path(tempfile.gettempdir(), event["meeting"])
            meeting.mkdir(exist_ok=True)
            (meeting / uuid.uuid4().hex).touch()
            while len(list(meeting.iterdir())) < 8:
                time.sleep(0.01)
            return os.getpid()
        """,
        Timeout=60,
    )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: account.invoke(function, {"meeting": function.name}), range(8)))

    assert len({answer.payload for answer in answers}) == 8


def test_an_execution_starts_without_a_pause(account):
    executions = [account.execute({"Done": {"Type": "Succeed"}}, start_at="Done") for _ in range(10)]

    # The least of many, so that a busy machine can't fail it.
    assert min(each["stopDate"] - each["startDate"] for each in executions) < timedelta(seconds=0.1)


def test_a_warm_invocation_waits_for_no_delayed_acknowledgement(account):
    function = account.deploy("def lambda_handler(event, context): ...")
    client = account.client("lambda")

    def seconds():
        started = time.perf_counter()
        client.invoke(FunctionName=function.name)
        return time.perf_counter() - started

    # The least of many, so that a busy machine can't fail it; Nagle's algorithm adds 40 ms to every one.
    assert min(seconds() for _ in range(20)) < 0.03


def test_the_functions_interpreter_is_the_one_that_lambda_has(account):
    function = account.deploy("import sys\n\ndef lambda_handler(event, context):\n    return sys.version_info[:2]")

    assert account.invoke(function).payload == list(sys.version_info[:2])


def test_so_many_functions_run_at_once_and_the_others_wait_for_their_turn(account):
    function = account.deploy(
        """
        import time

        def lambda_handler(event, context):
            began = time.monotonic()
            time.sleep(0.2)
            return [began, time.monotonic()]
        """
    )
    task = TASK | {"Resource": function.arn, "TimeoutSeconds": 60}
    each = {
        "Type": "Map",
        "ItemProcessor": {"StartAt": "Run", "States": {"Run": task}},
        "MaxConcurrency": 60,
        "End": True,
    }

    execution = account.execute({"Each": each}, start_at="Each", given=list(range(60)), seconds=60)

    runs = json.loads(execution["output"])
    at_once = max(sum(began <= start < ended for began, ended in runs) for start, _ in runs)
    assert len(runs) == 60
    assert 1 < at_once <= 24
