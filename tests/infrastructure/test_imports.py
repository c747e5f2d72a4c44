"""Who may import whom, as the map draws it."""

import ast
import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.infrastructure import template
from tests.infrastructure.sources import LAYERS, ROOT, Module, below, is_below, modules, reachable

OURS = {*LAYERS, "functions", "operations", "local_aws", "capacity"}
WORKFLOWS = {path.name.partition(".")[0] for path in ROOT.glob("statemachines/*.asl.json")}

# For each package, which others of ours it may import.
MAY_IMPORT = {
    # Evaluations and rollouts weigh what they recorded; who doesn't compare has no such layer, as is tested below.
    "agent_platform": {"measurement"},
    "event_contracts": set(),
    "measurement": set(),
    **{workflow: {"agent_platform"} for workflow in WORKFLOWS},
    "functions": set(LAYERS),
    "local_aws": set(),
    # Doors start the local AWS and ask it for its address; it knows none of them.
    "operations": {*LAYERS, "local_aws"},
    "capacity": {*LAYERS, "operations"},
}

# Inside agent_platform rooms stand on the single modules; between rooms only this, each with its reason. The map allows
# two more, when they are needed: experiments → registry and retrieval → inference.
BETWEEN_ROOMS = {
    ("registry", "inference"): "a model without a price can't be registered",
    ("evaluations", "registry"): "the versions that are compared, and which one is in production",
    ("evaluations", "inference"): "what an evaluation may cost",
    ("evaluations", "guardrails"): "causes are redacted before they are kept",
    ("experiments", "registry"): "a rollout moves an agent's alias",
    ("retrieval", "guardrails"): "passages are redacted before anybody sees them",
    ("probes", "registry"): "the version that is probed, and where its figures are kept",
    ("probes", "inference"): "what a probing may cost",
    ("uploads", "ingest"): "a line of a file is an event like a webhook's",
    ("synthetic", "registry"): "a workflow's manifest says what is sent, and where its messages are",
    ("drift", "registry"): "which versions are in production, and since when",
    ("failures", "guardrails"): "causes are redacted before they are kept",
}

# The words, and the functions, that may have the numbers' layer.
MEASURE = {"agent_evaluation", "agent_rollout", "judge_probe", "drift/compare", "outreach/settle_outcomes"}

# Runs in an environment of its own, which only a load test makes.
OF_LOCUST = "capacity.load.posting"

EVERY_MODULE = pytest.mark.parametrize("module", modules().values(), ids=str)
DEPLOYED = [module for module in modules().values() if module.top in {*LAYERS, "functions"}]
EVERY_DEPLOYED = pytest.mark.parametrize("module", DEPLOYED, ids=str)


def pinned(layer: str) -> set[str]:
    """The names that a layer's packages are imported by; a layer of the standard library alone has no list."""
    requirements = ROOT / "layers" / layer / "requirements.txt"
    names = re.findall(r"^([\w.-]+)==", requirements.read_text() if requirements.exists() else "", re.MULTILINE)
    wanted = {name.lower().replace("_", "-") for name in names}
    by_import = packages_distributions()
    return {imported for imported, distributions in by_import.items()
            if wanted & {each.lower().replace("_", "-") for each in distributions}}  # fmt: skip


def others_code(module: Module) -> set[str]:
    """The top-level packages that a module imports which are neither ours nor Python's."""
    return {name.partition(".")[0] for name in module.imports} - OURS - sys.stdlib_module_names


def test_every_package_is_on_the_map():
    assert set(LAYERS) <= set(MAY_IMPORT)


@EVERY_MODULE
def test_a_module_imports_only_the_packages_below_its_own(module):
    ours = {name.partition(".")[0] for name in module.imports} & OURS

    if module.top == "functions":
        assert not (ours - MAY_IMPORT["functions"]), "functions never import each other"
    else:
        assert ours <= {module.top} | MAY_IMPORT[module.top]


@pytest.mark.parametrize("function", template.functions(), ids=str)
def test_a_function_imports_only_what_its_layers_hold(function):
    names = reachable(".".join((*function.folder.relative_to(ROOT).parts, "app")))
    packages = {name.partition(".")[0] for name in names} - {"functions"}
    others = {each for name in names for each in others_code(modules()[name])}

    assert packages <= function.packages
    assert others <= {each for layer in function.packages for each in pinned(layer)}


@pytest.mark.parametrize("function", template.functions(), ids=str)
def test_a_function_has_no_layer_that_it_doesn_t_import(function):
    names = reachable(".".join((*function.folder.relative_to(ROOT).parts, "app")))

    assert function.packages - {"agent_platform"} <= {name.partition(".")[0] for name in names}


def test_between_rooms_of_the_platform_only_what_is_listed_and_needed():
    rooms = {module.name.split(".")[1] for module in below("agent_platform") if module.name.count(".") > 1}
    pairs = {
        (module.name.split(".")[1], imported.split(".")[1])
        for module in below("agent_platform")
        for imported in module.imports_below("agent_platform")
        if "." in module.name and "." in imported
    }

    assert {(one, other) for one, other in pairs if one != other and other in rooms} == set(BETWEEN_ROOMS)


@pytest.mark.parametrize("module", below("outreach.claims"), ids=str)
def test_claims_stand_on_the_standard_library_and_on_what_a_finding_is(module):
    ours = {name for name in module.imports if name.partition(".")[0] in OURS if not is_below(name, "outreach.claims")}

    assert ours <= {"outreach.contracts", "outreach.findings", "agent_platform.patterns"}
    assert not others_code(module)


@pytest.mark.parametrize("function", template.functions(), ids=str)
def test_only_who_weighs_what_came_of_it_has_numbers_to_compare(function):
    """What writes a message never waits for the layer's modules, and never decides by them."""
    word, folder = function.folder.parent.name, function.folder.name
    assert "measurement" not in function.packages or word in MEASURE or f"{word}/{folder}" in MEASURE


@pytest.mark.parametrize("module", below("measurement"), ids=str)
def test_measurement_stands_on_the_standard_library(module):
    assert not others_code(module)


@EVERY_DEPLOYED
def test_aws_is_called_through_one_module(module):
    """Exceptions are allowed everywhere: who handles a conditional check's failure must be able to name it."""
    sdk = {name for name in module.imports if name.partition(".")[0] in {"boto3", "botocore"}}

    if module.name != "agent_platform.aws":
        assert all(is_below(name, "botocore.exceptions") for name in sdk)
    assert not any(is_below(name, "boto3") for name in sdk), "the layer ships botocore without boto3"


@EVERY_DEPLOYED
def test_the_environment_is_read_in_one_place(module):
    used = {ast.unparse(node) for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)} | module.imports
    readers = {"os.environ", "os.environb", "os.getenv", "os.getenvb"}

    assert not used & readers or module.name == "agent_platform.settings"


@pytest.mark.parametrize("module", [module for module in DEPLOYED if module.top != "functions"], ids=str)
def test_layers_have_no_clock(module):
    """The time is an argument. Elapsed time is not the time of day: time.monotonic is allowed."""
    read = {ast.unparse(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)}

    assert not {call for call in read if re.search(r"\b(date|datetime)\.(now|utcnow|today)$|\btime\.time(_ns)?$", call)}


def test_the_door_to_the_local_aws_runs_before_any_environment_is_made():
    imported = {name for each in reachable("local_aws.__main__") for name in modules()[each].imports}

    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names | {"local_aws"}


@pytest.mark.parametrize(
    ("requirements", "package"), [("dev.txt", "operations"), ("dev.txt", "capacity"), ("local-aws.txt", "local_aws")]
)
def test_what_runs_on_a_desk_imports_only_what_its_environment_has(requirements, package):
    names = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / requirements).read_text(), re.MULTILINE)
    here = [module for module in below(package) if module.name != OF_LOCUST]

    assert {each for module in here for each in others_code(module)} <= {
        name.lower().replace("-", "_") for name in names
    }


def test_what_locust_runs_imports_only_what_locust_s_environment_has():
    """Nothing of ours either, for it isn't there."""
    [posting] = [module for module in below("capacity") if module.name == OF_LOCUST]
    listed = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "load.txt").read_text(), re.MULTILINE)

    assert {name.partition(".")[0] for name in posting.imports} <= sys.stdlib_module_names | set(listed)
    assert not [module.name for module in modules().values() if OF_LOCUST in module.imports]


@pytest.mark.parametrize("module", below("operations.pages"), ids=str)
def test_pages_know_nobody_who_asks_for_them(module):
    assert not {name for name in module.imports if is_below(name, "operations.agents")}


def test_no_modules_import_each_other_in_a_circle():
    graph = {name: module.imports & set(modules()) for name, module in modules().items()}
    done: set[str] = set()

    def circle(name: str, path: tuple[str, ...]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for imported in sorted(graph[name]):
            if found := circle(imported, (*path, name)):
                return found
        done.add(name)
        return []

    circles = [found for name in graph if (found := circle(name, ()))]
    assert not circles, [" → ".join(each) for each in circles]
