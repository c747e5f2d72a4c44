"""The template as a page to read: described, in sections, short enough, and without what belongs elsewhere."""

import json
import re

import pytest
from agent_platform.inference.prices import foundation_model, price_list

from tests.infrastructure.definitions import workflows
from tests.infrastructure.template import ALARMS, PAGE, ROOT, functions, resources, transformed, walk, written

BANNER = re.compile(r"^ *# ═══ Workflow: (\w+) ═+$", re.MULTILINE)
MOST_LINES_OF_THE_PLATFORM = 2240
MOST_LINES_OF_A_WORKFLOW = 1050
MOST_RESOURCES = 350
AGENTS = [json.loads(path.read_text()) for path in ROOT.glob("agents/*/config.json")]


def sections() -> dict[str, str]:
    """The page's text by workflow; what is before the first banner and after the resources is the platform's."""
    text = PAGE.read_text()
    body, outputs = re.split(r"^(?=Outputs:)", text, maxsplit=1, flags=re.MULTILINE)
    platform, *rest = BANNER.split(body)
    return {"platform": platform + outputs} | dict(zip(rest[::2], rest[1::2], strict=True))


def declared() -> dict[str, set[str]]:
    """The resources that stand in each section of the page and of the alarms that it includes."""
    found = {name: declared_in(section) for name, section in sections().items()}
    platform, *rest = BANNER.split(ALARMS.read_text())
    for name, section in (("platform", platform), *zip(rest[::2], rest[1::2], strict=True)):
        found[name] |= declared_in(section)
    return found


def declared_in(section: str) -> set[str]:
    return set(re.findall(r"^(?:  )?(\w+):$", section, re.MULTILINE)) & set(resources())


def test_every_workflow_has_a_section():
    assert set(sections()) == {
        "platform",
        *(definition.word for definition in workflows()),
    }


def test_the_page_stays_readable():
    lines = {name: section.count("\n") for name, section in sections().items()}

    assert lines.pop("platform") <= MOST_LINES_OF_THE_PLATFORM
    assert max(lines.values()) <= MOST_LINES_OF_A_WORKFLOW


def test_the_stack_stays_far_below_cloudformation_s_limit():
    assert len(resources(of=transformed())) <= MOST_RESOURCES


def test_a_workflow_s_resources_have_its_name_and_the_platform_s_have_none():
    found = declared()
    workflows = set(found) - {"platform"}

    assert set.union(*found.values()) == set(resources())
    for workflow in workflows:
        assert all(name.startswith(workflow.title().replace("_", "")) for name in found[workflow])
        # A workflow's layer stands with the other layers.
        assert {name for name in found["platform"] if name.lower().startswith(workflow)} <= {f"{workflow.title()}Layer"}


@pytest.mark.parametrize("part", ["Parameters", "Outputs"])
def test_what_people_see_of_the_stack_is_described(part):
    for name, described in written()[part].items():
        assert re.search(r"\w.*\.$", described.get("Description", "")), f"{part} {name}"


@pytest.mark.parametrize(
    ("name", "output"),
    [("AgentRegistry", "AgentRegistryTable"), ("CustomerFeatures", "FeatureStoreTable")],
)
def test_the_names_that_were_given_are_outputs(name, output):
    assert written()["Outputs"][name]["Value"] == {"Ref": output}


def test_every_store_and_queue_is_an_output():
    shown = {value["Ref"] for output in written()["Outputs"].values() for value in walk(output)
             if isinstance(value, dict) and "Ref" in value}  # fmt: skip
    types = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Serverless::StateMachine")

    assert set(resources(*types)) <= shown


def test_models_are_named_in_their_parameters_only():
    parameters = written()["Parameters"]
    allowed, embedding = (parameters[name]["Default"] for name in ("AllowedModels", "EmbeddingModel"))
    elsewhere = PAGE.read_text().replace(allowed, "").replace(embedding, "")

    assert set(allowed.split(",")) <= set(price_list()["models"]), "registering refuses a model without a price"
    assert not [model for model in price_list()["models"] if model in elsewhere]


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent["agent"])
def test_the_agents_that_ship_may_call_their_models(agent):
    assert foundation_model(agent["model"]) in written()["Parameters"]["AllowedModels"]["Default"].split(",")


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent["agent"])
def test_nothing_of_an_agent_s_version_is_in_the_template(agent):
    """Changing a prompt, a temperature or a threshold is a new version of an agent, never a deployment."""
    of_a_version = {"prompt", *agent["inference"], *agent} - {"agent", "workflow", "role", "model", "output"}
    # Where prompts are kept is no prompt.
    variables = {variable for function in functions() for variable in function.environment} - {"PROMPTS_BUCKET"}
    names = {name.lower().replace("_", "") for name in {*written()["Parameters"], *variables}}

    assert not [word for word in of_a_version for name in names if word.replace("_", "") in name]


def test_no_parameter_and_no_condition_is_unused():
    used = {str(each) for part in ("Conditions", "Globals", "Resources", "Outputs") for each in walk(written()[part])}
    text = " ".join(used)

    assert not [name for name in written()["Parameters"] if f"'{name}'" not in text and f"${{{name}}}" not in text]
    assert not [name for name in written()["Conditions"] if f"'{name}'" not in text and name not in used]
