"""What MiniStack's Step Functions lack and the bridge adds."""


def test_a_distributed_map_runs_as_many_at_once_as_its_input_says(account):
    children = {"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}}
    states = {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "MaxConcurrencyPath": "$.limits.at_once",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **children},
            "End": True,
        }
    }
    ended = account.execute(states, start_at="Each", given={"items": [1, 2, 3], "limits": {"at_once": 2}})
    step_functions = account.client("stepfunctions")
    [run] = step_functions.list_map_runs(executionArn=ended["executionArn"])["mapRuns"]

    assert ended["status"] == "SUCCEEDED"
    assert step_functions.describe_map_run(mapRunArn=run["mapRunArn"])["maxConcurrency"] == 2
