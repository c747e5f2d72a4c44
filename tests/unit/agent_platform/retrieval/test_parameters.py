import pytest
from agent_platform import aws
from agent_platform.retrieval import parameters
from agent_platform.retrieval.parameters import configured
from botocore.exceptions import ClientError


class Ssm:
    """A parameter whose values are read one after the other; an error among them is raised."""

    def __init__(self, *values):
        self.values = list(values)

    def get_parameter(self, **_):
        value = self.values.pop(0)
        if isinstance(value, str):
            return {"Parameter": {"Value": value}}
        raise value


def refusal(code):
    return ClientError({"Error": {"Code": code}}, "GetParameter")


@pytest.fixture
def values(monkeypatch):
    """Let the parameter have these values, from read to read."""
    parameters._read.cache_clear()

    def have(*given):
        ssm = Ssm(*given)
        monkeypatch.setattr(aws, "client", lambda service: ssm)

    yield have
    parameters._read.cache_clear()


def test_a_value_is_read_again_after_a_minute(values):
    values("none", "KB12345678")

    assert [configured("/any", clock=lambda at=at: at) for at in (0, 59, 60)] == [None, None, "KB12345678"]


def test_two_parameters_are_two_values(values):
    values("KB12345678", "DS12345678")

    assert (configured("/one"), configured("/other")) == ("KB12345678", "DS12345678")


def test_a_parameter_that_nobody_made_is_nothing_configured(values):
    values(refusal("ParameterNotFound"))

    assert configured("/any") is None


def test_what_can_t_be_read_is_not_taken_for_nothing(values):
    values(refusal("AccessDeniedException"))

    with pytest.raises(ClientError):
        configured("/any")
