"""scripts/trace: the whole way of one event, put together from the stores, the executions' histories and the logs."""
