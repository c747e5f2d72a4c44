"""How scripts reach an account: with whose credentials, under which role, at which address."""

import os
import re
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from local_aws import client_environment, service
from operations.accounts import Account, tooling_of
from operations.terminal import Problem

_ROLE_REFUSED = {"AccessDenied", "NoSuchEntity"}
_NOT_IN_SESSION_NAMES = re.compile(r"[^\w+=,.@-]")


@dataclass(frozen=True)
class Access:
    """Credentials for one account; `environment` is a whole environment, for a command such as `sam package`."""

    account: Account
    environment: dict[str, str]
    session: boto3.Session

    def client(self, name: str) -> Any:
        """A client of a service in the account and its region."""
        own_endpoint = f"AWS_ENDPOINT_URL_{name.upper().replace('-', '_')}"
        address = self.environment.get(own_endpoint) or self.environment.get("AWS_ENDPOINT_URL")
        # What S3 is presigned with unless told: new buckets refuse it.
        config = Config(signature_version="s3v4") if name == "s3" else None
        return self.session.client(name, endpoint_url=address, config=config)

    @property
    def identity(self) -> dict[str, str]:
        """Who this is, as STS says: Account and Arn."""
        told: dict[str, str] = self.client("sts").get_caller_identity()
        return told


def running(account: Account) -> service.State | None:
    """The running local AWS if the account is one of its; Problem if it is down."""
    if not account.is_local:
        return None
    if found := service.state():
        return found
    raise Problem("The local AWS is not running. Start it: scripts/local-aws up, then scripts/deploy")


def own(account: Account) -> Access:
    """The access of whoever calls; Problem if their credentials are of another account."""
    reached = _of_caller(account)
    if account.id and not account.is_local and (found := reached.identity["Account"]) != account.id:
        raise Problem(
            f"These credentials are of account {found}; accounts/accounts.toml says {account.name} is {account.id}. "
            "Take the right ones: export AWS_PROFILE=… (aws configure list-profiles names them)"
        )
    return reached


def deploying(account: Account) -> Access:
    """The access of who deploys to an account: under its deploy role, if it has one, taken from the tooling account."""
    return under_deploy_role(account, by=_of_caller(tooling_of(account))) if account.deploy_role else own(account)


def under_deploy_role(account: Account, *, by: Access) -> Access:
    """The access under an account's deploy role; Problem if the role doesn't trust who asks."""
    caller = by.identity
    role = role_arn(account, account.deploy_role, caller)
    if f":assumed-role/{account.deploy_role}/" in caller["Arn"] and caller["Account"] in role:
        # A pipeline comes with the role already.
        return _of_caller(account)
    try:
        given = by.client("sts").assume_role(RoleArn=role, RoleSessionName=_session_name(caller))["Credentials"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ROLE_REFUSED:
            raise
        raise Problem(
            f"{caller['Arn']} may not become {role}: the role isn't there, or trusts another account. "
            f"Make it: scripts/bootstrap --account {account.name}"
        ) from None
    return _by_keys(account, by.environment, given)


def role_arn(account: Account, role: str, caller: dict[str, str]) -> str:
    """The ARN of a role in an account; an account without an id is the caller's own."""
    partition = caller["Arn"].split(":")[1]
    return f"arn:{partition}:iam::{account.id or caller['Account']}:role/{role}"


def boundary_arn(account: Account, caller: dict[str, str]) -> str:
    """The ARN of the policy that no role of an account's stack may pass; empty if the account has none."""
    return role_arn(account, account.boundary, caller).replace(":role/", ":policy/") if account.boundary else ""


def artefact_bucket(account: Account) -> str:
    """The bucket of the tooling account from which an account's stack is deployed."""
    tooling = tooling_of(account)
    return f"referral-email-system-artefacts-{tooling.id or own(tooling).identity['Account']}"


def _session_name(caller: dict[str, str]) -> str:
    """Who deploys, for CloudTrail and the record of releases: a user's name, or that of a role's session."""
    return _NOT_IN_SESSION_NAMES.sub("-", re.split("[:/]", caller["Arn"])[-1])[:64]


def _of_caller(account: Account) -> Access:
    """The local AWS takes an account's id for its owner's key; AWS gets this shell's credentials."""
    local = running(account)
    if local is None:
        return Access(account, dict(os.environ), boto3.Session(region_name=account.region))
    environment = client_environment.of_subprocess(local)
    # A presigned link is checked there by the one secret of all owners' keys.
    keys = {"AccessKeyId": account.id, "SecretAccessKey": environment["AWS_SECRET_ACCESS_KEY"]}
    return _by_keys(account, environment, keys)


def _by_keys(account: Account, environment: dict[str, str], keys: dict[str, str]) -> Access:
    variables = {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        **({"AWS_SESSION_TOKEN": keys["SessionToken"]} if "SessionToken" in keys else {}),
        "AWS_REGION": account.region,
        "AWS_DEFAULT_REGION": account.region,
    }
    # A profile would win over the keys.
    others = {name: value for name, value in environment.items() if name not in {"AWS_PROFILE", "AWS_SESSION_TOKEN"}}
    session = boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys.get("SessionToken"),
        region_name=account.region,
    )
    return Access(account, others | variables, session)
