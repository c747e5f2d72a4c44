"""What the simulation forecasts, a stack that runs does: three rates on the local AWS, and the error of each figure."""

from capacity.document import held
from capacity.load import trial
from capacity.load.figures import rates
from capacity.load.forecast import predicted
from tests.campaigns.conftest import whole_only
from tests.workflow.deployed import Deployed


@whole_only
def test_every_event_comes_to_its_message_about_when_the_simulation_says(deployed: Deployed, tell):
    """All are stored, or the trial fails. How near the times are is told: a busy laptop may need twice as long."""
    found = trial.run(deployed.stack)
    tell(f"{found['bench']['cpus']} CPUs, load average {found['load_average']} before it began")
    tell(" | ".join(held.HEAD))
    for row in held.rows(found):
        tell(" | ".join(row))
    for rate in rates(found):
        said = predicted(rate.a_second, found["bench"])
        assert 1 / 3 < said.median / rate.figures.median < 3
        assert 1 / 2 < said.a_minute / rate.figures.a_minute < 2
