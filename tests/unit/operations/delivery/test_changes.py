"""What a change set would do, in words."""

import pytest

from operations.delivery import changes
from operations.delivery.changes import Change

TABLE, FUNCTION = "AWS::DynamoDB::Table", "AWS::Lambda::Function"


def entry(**said):
    """An entry of a change set, as CloudFormation writes it."""
    return {"Type": "Resource", "ResourceChange": {"LogicalResourceId": "Thing", "ResourceType": TABLE} | said}


def target(name, recreation, attribute="Properties"):
    return {"Target": {"Attribute": attribute, "RequiresRecreation": recreation} | ({"Name": name} if name else {})}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change("Remove", "T", FUNCTION), "is DELETED"),
        (Change("Remove", "T", TABLE), "is DELETED, WITH ITS DATA: items"),
        (Change("Remove", "T", TABLE, policy="Delete"), "is DELETED, WITH ITS DATA: items"),
        (Change("Remove", "T", TABLE, policy="Retain"), "leaves the stack and is kept"),
        (Change("Remove", "T", TABLE, policy="Snapshot"), "leaves the stack and is kept"),
        (Change("Modify", "T", FUNCTION, "True", causes=("FunctionName",)),
         "is REPLACED, because of FunctionName"),
        (Change("Modify", "T", TABLE, "True", "ReplaceAndDelete", ("KeySchema",)),
         "is REPLACED, because of KeySchema, WITH ITS DATA: items"),
        (Change("Modify", "T", TABLE, "True", "ReplaceAndRetain", ("KeySchema",)),
         "is REPLACED, because of KeySchema; the old one is kept"),
        (Change("Modify", "T", "AWS::SQS::Queue", "Conditional", causes=("QueueName",)),
         "may be REPLACED, depending on QueueName, WITH ITS DATA: messages"),
    ],
)  # fmt: skip
def test_what_ends_is_told_with_its_data_and_its_reason(change, told):
    assert change.ends
    assert change.told == told


@pytest.mark.parametrize(
    "change", [Change("Add", "T", TABLE), Change("Modify", "T", TABLE), Change("Import", "T", TABLE)]
)
def test_what_goes_on_as_it_is_loses_nothing(change):
    assert not change.ends
    assert not change.loses


def test_an_entry_is_read_with_what_makes_it_be_replaced():
    told = entry(
        Action="Modify", Replacement="True", PolicyAction="ReplaceAndDelete",
        Details=[target("KeySchema", "Always"), target("KeySchema", "Always"), target("Tags", "Never", "Tags"),
                 target(None, "Conditionally", "Metadata")],
    )  # fmt: skip

    assert Change.read(told) == Change("Modify", "Thing", TABLE, "True", "ReplaceAndDelete", ("KeySchema", "Metadata"))


def test_an_entry_without_details_is_read():
    assert Change.read(entry(Action="Add")) == Change("Add", "Thing", TABLE)


def test_what_loses_data_is_shown_first_and_the_rest_by_name(capsys):
    changes.show(
        [Change("Remove", "OldFunction", FUNCTION), Change("Add", "B", TABLE), Change("Add", "A", TABLE),
         Change("Remove", "OldTable", TABLE), Change("Modify", "C", FUNCTION)],
        {"LogLevel": ("DEBUG", "INFO"), "AlertEmail": ("", "a@example.com")},
    )  # fmt: skip

    assert capsys.readouterr().out.splitlines() == [
        "  AlertEmail: (empty) → a@example.com",
        "  LogLevel: DEBUG → INFO",
        "  OldTable (AWS::DynamoDB::Table) is DELETED, WITH ITS DATA: items",
        "  OldFunction (AWS::Lambda::Function) is DELETED",
        "  2 resources added: A, B",
        "  1 resource changed in place: C",
    ]


def test_nothing_to_change_is_said(capsys):
    changes.show([], {})

    assert capsys.readouterr().out == "  no resource changes\n"


def test_of_a_new_stack_s_hundreds_only_the_types_are_counted(capsys):
    added = [Change("Add", f"Table{each}", TABLE) for each in range(20)]
    changes.show([*added, *(Change("Add", f"Function{each}", FUNCTION) for each in range(30))], {})

    assert capsys.readouterr().out == "  50 resources added: 30 Lambda::Function, 20 DynamoDB::Table\n"


def test_of_many_types_the_most_frequent_are_named(capsys):
    changes.show([Change("Add", f"Thing{each}", f"AWS::Type{min(each, 12)}") for each in range(30)], {})

    told = capsys.readouterr().out
    assert told.startswith("  30 resources added: 18 Type12, 1 Type0, ")
    assert told.endswith(", 1 Type8, 3 of other types\n")
