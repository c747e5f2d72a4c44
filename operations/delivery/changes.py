"""What a change set would do, in words: what ends with its data first, and in red."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from operations.terminal import counted, out, plain

# What is lost with these is more than what a deployment makes again.
_HOLDS_DATA = {
    "AWS::DynamoDB::Table": "items",
    "AWS::S3::Bucket": "objects",
    "AWS::SQS::Queue": "messages",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::KMS::Key": "key, and all that it encrypted",
    "AWS::Kinesis::Stream": "records",
    "AWS::Logs::LogGroup": "log lines",
    "AWS::S3Vectors::VectorBucket": "vectors",
    "AWS::S3Vectors::Index": "vectors",
    "AWS::OpenSearchServerless::Collection": "vectors",
    "AWS::Bedrock::KnowledgeBase": "ingested cases",
}
_MOST_NAMES, _MOST_TYPES = 24, 10
_BAD, _WORSE = "red", "bold red"


@dataclass(frozen=True)
class Change:
    """One resource that a change set touches, as CloudFormation says it."""

    action: str
    resource: str
    type: str
    replacement: str = "False"
    policy: str = ""
    causes: tuple[str, ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Change":
        """From an entry of a change set."""
        resource = told["ResourceChange"]
        targets = (each["Target"] for each in resource.get("Details", []))
        recreating = (each for each in targets if each.get("RequiresRecreation", "Never") != "Never")
        return cls(
            action=resource["Action"],
            resource=resource["LogicalResourceId"],
            type=resource["ResourceType"],
            replacement=resource.get("Replacement", "False"),
            policy=resource.get("PolicyAction", ""),
            causes=tuple(dict.fromkeys(each.get("Name") or each["Attribute"] for each in recreating)),
        )

    @property
    def ends(self) -> bool:
        """Whether the resource as it is now would, or might, be no more."""
        return self.action == "Remove" or self.replacement in {"True", "Conditional"}

    @property
    def loses(self) -> str:
        """What would, or might, be lost with it; empty if it holds nothing, or stays outside the stack."""
        is_kept = self.policy.endswith(("Retain", "Snapshot"))
        return _HOLDS_DATA.get(self.type, "") if self.ends and not is_kept else ""

    @property
    def told(self) -> str:
        """What happens to it and why, in words."""
        if self.action == "Remove":
            what = "leaves the stack and is kept" if self.policy in {"Retain", "Snapshot"} else "is DELETED"
        else:
            what, why = (
                ("is REPLACED", "because of") if self.replacement == "True" else ("may be REPLACED", "depending on")
            )
            what += f", {why} {', '.join(self.causes)}" if self.causes else ""
            what += "; the old one is kept" if self.policy.endswith(("Retain", "Snapshot")) else ""
        return what + (f", WITH ITS DATA: {self.loses}" if self.loses else "")


def show(changes: Sequence[Change], parameters: Mapping[str, tuple[str, str]]) -> None:
    """Print what would change: parameters, then what ends, then the rest by name."""
    for name, (old, new) in sorted(parameters.items()):
        out.print(plain(f"  {name}: {old or '(empty)'} → {new or '(empty)'}"), soft_wrap=True)
    for change in sorted((each for each in changes if each.ends), key=lambda each: not each.loses):
        style = _WORSE if change.loses else _BAD
        out.print(Text(f"  {change.resource} ({change.type}) {change.told}", style), soft_wrap=True)
    for what, number, which in _in_place(changes):
        out.print(plain(f"  {counted(number, 'resource')} {what}: {which}"), soft_wrap=True)
    if not changes:
        out.print("  no resource changes")


def _in_place(changes: Sequence[Change]) -> Iterator[tuple[str, int, str]]:
    """What is added and what changes in place: how many, and which."""
    for what, action in (("added", "Add"), ("changed in place", "Modify"), ("imported", "Import")):
        found = [each for each in changes if each.action == action and not each.ends]
        if found:
            yield what, len(found), _summary(found)


def _summary(changes: Sequence[Change]) -> str:
    """Their names; of a new stack's hundreds, how many of each type."""
    if len(changes) <= _MOST_NAMES:
        return ", ".join(sorted(each.resource for each in changes))
    types = Counter(each.type.removeprefix("AWS::") for each in changes).most_common()
    named = [f"{number} {name}" for name, number in types[:_MOST_TYPES]]
    others = sum(number for _, number in types[_MOST_TYPES:])
    return ", ".join(named + ([f"{others} of other types"] if others else []))
