import pytest
from agent_platform.retrieval.ingestion import start_ingestion
from botocore.exceptions import ClientError


class Agent:
    """Bedrock's side of ingestion: it runs one job at a time, or refuses everything by a code."""

    def __init__(self, refuses=None):
        self.running, self.refuses = [], refuses

    def start_ingestion_job(self, **request):
        code = "ConflictException" if self.running else self.refuses
        if code:
            raise ClientError({"Error": {"Code": code}}, "StartIngestionJob")
        self.running.append(request)
        return {"ingestionJob": {"ingestionJobId": "JOB1234567", "status": "STARTING"}}


def test_a_job_is_started_for_the_data_source():
    agent = Agent()

    assert start_ingestion("KB12345678", "DS12345678", agent=agent) == "JOB1234567"
    assert agent.running == [{"knowledgeBaseId": "KB12345678", "dataSourceId": "DS12345678"}]


def test_while_one_runs_no_other_is_started():
    agent = Agent()
    start_ingestion("KB12345678", "DS12345678", agent=agent)

    assert start_ingestion("KB12345678", "DS12345678", agent=agent) is None
    assert start_ingestion("KB12345678", "DS12345678", agent=Agent("ServiceQuotaExceededException")) is None


def test_any_other_refusal_is_raised_as_it_is():
    with pytest.raises(ClientError):
        start_ingestion("KB12345678", "DS12345678", agent=Agent("ResourceNotFoundException"))
