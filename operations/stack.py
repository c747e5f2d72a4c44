"""One deployed stack: how to reach its account, what its outputs are, and the stores that its functions use."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from agent_platform.ingest.events import EventRecords
from agent_platform.ingest.sources import Sources
from agent_platform.registry.aliases import Aliases
from agent_platform.registry.prompts import Prompts
from agent_platform.registry.versions import Registry
from botocore.exceptions import ClientError

from local_aws import service
from operations import access, accounts
from operations.terminal import Problem

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Stack:
    """The stack of one account, by its profile in samconfig.toml; `deploying` reaches it under the deploy role."""

    account: str
    deploying: bool = False

    @cached_property
    def profile(self) -> dict[str, Any]:
        """The deploy parameters of samconfig.toml."""
        config = tomllib.loads((ROOT / "samconfig.toml").read_text())
        parameters: dict[str, Any] = config[self.account]["deploy"]["parameters"]
        return parameters

    @cached_property
    def tags(self) -> dict[str, str]:
        """The cost allocation tags of everything in the stack; what scripts make beside it has them too."""
        return dict(each.split("=", 1) for each in self.profile["tags"])

    @cached_property
    def local(self) -> service.State | None:
        """The running local AWS, if this is its stack."""
        return access.running(accounts.named(self.account))

    @cached_property
    def access(self) -> access.Access:
        """How its account is reached: with the caller's own rights, or with those of who deploys."""
        account = accounts.named(self.account)
        return access.deploying(account) if self.deploying else access.own(account)

    def client(self, name: str) -> Any:
        """A client of a service in the stack's account and region."""
        return self.access.client(name)

    @cached_property
    def _described(self) -> dict[str, Any]:
        try:
            answer = self.client("cloudformation").describe_stacks(StackName=self.profile["stack_name"])
        except ClientError as error:
            if "does not exist" not in str(error):
                raise
            raise Problem(
                f"There is no stack {self.profile['stack_name']}. Deploy it: scripts/deploy --account {self.account}"
            ) from None
        described: dict[str, Any] = answer["Stacks"][0]
        return described

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs by name; Problem if it isn't deployed."""
        return {each["OutputKey"]: each["OutputValue"] for each in self._described.get("Outputs", [])}

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters that the stack was deployed with."""
        return {each["ParameterKey"]: each["ParameterValue"] for each in self._described.get("Parameters", [])}

    @cached_property
    def reference_key(self) -> bytes:
        """The stack's own key behind every keyed reference."""
        found = self.client("cloudformation").describe_stack_resource(
            StackName=self.profile["stack_name"], LogicalResourceId="ReferenceKey"
        )
        secret = found["StackResourceDetail"]["PhysicalResourceId"]
        return bytes(self.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"], "utf-8")

    @cached_property
    def api_url(self) -> str:
        """Where events are posted; the local AWS has its own way to the same API."""
        url = self.outputs["ApiUrl"]
        if not self.local:
            return url
        api_id, stage = url.removeprefix("https://").partition(".")[0], url.rpartition("/")[2]
        return f"{self.local.endpoint}/_aws/execute-api/{api_id}/{stage}"

    @cached_property
    def dynamodb(self) -> Any:
        """The client that every store shares."""
        return self.client("dynamodb")

    @cached_property
    def registry(self) -> Registry:
        """The stack's agents."""
        prompts = Prompts(self.outputs["Prompts"], lambda: self.client("s3"))
        return Registry(table=self.outputs["AgentRegistry"], dynamodb=self.dynamodb, prompts=prompts)

    @cached_property
    def aliases(self) -> Aliases:
        """What of the stack's agents is in production, and their histories."""
        return Aliases(self.outputs["AgentRegistry"], self.dynamodb)

    @cached_property
    def records(self) -> EventRecords:
        """The stack's events; no body is written from here, so retention doesn't matter."""
        return EventRecords(table=self.outputs["EventRecords"], retention_days=0, dynamodb=self.dynamodb)

    @cached_property
    def sources(self) -> Sources:
        """The stack's sources, for those who administer them; the dummy secret is the webhook's alone."""
        return Sources(
            table=self.outputs["Sources"],
            dummy_secret_arn="",
            dynamodb=self.dynamodb,
            secrets_manager=self.client("secretsmanager"),
        )
