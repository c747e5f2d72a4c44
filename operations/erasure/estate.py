"""Where a stack keeps what is one person's, and what leads there: their messages, and the records of their events."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from agent_platform.evaluations.archive import Archive
from agent_platform.experiments.leaving import Participations
from agent_platform.features.store import FeatureStore
from agent_platform.ingest.contents import Content, Contents
from agent_platform.recordings import Recordings
from agent_platform.retrieval.neighbours import Neighbours
from agent_platform.reviews.forgetting import ReviewForgetting
from agent_platform.uploads.inbox import Inbox
from agent_platform.uploads.people import PeopleInUploads
from outreach.casebook.files import CaseFiles
from outreach.casebook.store import Casebook
from outreach.contacts import Contacts
from outreach.erasure.correspondence import Correspondence
from outreach.erasure.lifting import Lifting
from outreach.erasure.person import Person

from operations.profiles import profiles
from operations.stack import Stack


@dataclass(frozen=True)
class Estate:
    """One person's data in a stack, as of now."""

    stack: Stack
    person: Person
    now: datetime

    @cached_property
    def contacts(self) -> Contacts:
        """When they were written to, and by which messages."""
        return Contacts(table=self.stack.outputs["OutreachContacts"], dynamodb=self.stack.dynamodb)

    @cached_property
    def lifting(self) -> Lifting:
        """By whom, and why, they were let back after they had been forgotten."""
        return Lifting(table=self.stack.outputs["OutreachContacts"], dynamodb=self.stack.dynamodb)

    @cached_property
    def correspondence(self) -> Correspondence:
        """What they were written."""
        return Correspondence(table=self.stack.outputs["OutreachMessages"], dynamodb=self.stack.dynamodb)

    @cached_property
    def contents(self) -> Contents:
        """What events said of them."""
        return Contents(table=self.stack.outputs["EventRecords"], dynamodb=self.stack.dynamodb)

    @cached_property
    def recordings(self) -> Recordings:
        """What runs had before them."""
        return Recordings(table=self.stack.outputs["Recordings"], dynamodb=self.stack.dynamodb)

    @cached_property
    def participations(self) -> Participations:
        """The rollouts that they are in."""
        return Participations(table=self.stack.outputs["Experiments"], dynamodb=self.stack.dynamodb)

    @cached_property
    def evaluations(self) -> Archive:
        """What was written to their requests once more."""
        return Archive(bucket=self.stack.outputs["Evaluations"], s3=self.stack.client("s3"))

    @cached_property
    def reviews(self) -> ReviewForgetting:
        """What people said of their messages."""
        return ReviewForgetting(table=self.stack.outputs["Reviews"], dynamodb=self.stack.dynamodb)

    @cached_property
    def uploads(self) -> PeopleInUploads:
        """The files that name them."""
        inbox = Inbox(bucket=self.stack.outputs["Inbox"], s3=self.stack.client("s3"))
        return PeopleInUploads(inbox, partial(self.person.is_subject_of, messages=self.message_ids))

    @cached_property
    def features(self) -> FeatureStore:
        """What is known of them."""
        return FeatureStore(table=self.stack.outputs["CustomerFeatures"], dynamodb=self.stack.dynamodb)

    @cached_property
    def profiles(self) -> Neighbours:
        """What they are like."""
        return profiles(self.stack)

    @cached_property
    def casebook(self) -> Casebook:
        """Which past cases they are in."""
        return Casebook(table=self.stack.outputs["OutreachCases"], dynamodb=self.stack.dynamodb)

    @cached_property
    def case_files(self) -> CaseFiles:
        """The files of those."""
        return CaseFiles(bucket=self.stack.outputs["Cases"], s3=self.stack.client("s3"))

    @cached_property
    def messages(self) -> list[dict[str, Any]]:
        """Their messages and skips, those that have expired among them."""
        return list(self.correspondence.of(self.person.tenant, self.person.reference))

    @cached_property
    def addressed(self) -> dict[str, dict[str, Any]]:
        """The notes of whom a message was written to, by the message's id; they outlive the messages."""
        return dict(self.contacts.addressed_to(self.person.tenant, self.person.reference))

    @cached_property
    def message_ids(self) -> frozenset[str]:
        """The ids of all messages that were written to them, or were to be."""
        return frozenset(self.addressed) | {each["messageId"] for each in self.messages}

    @cached_property
    def told(self) -> list[Content]:
        """What events say of them."""
        return [content for content, theirs in self._looked_through if theirs]

    @cached_property
    def unreadable(self) -> list[Content]:
        """What may be anybody's of the tenant."""
        return [content for content, theirs in self._looked_through if theirs is None]

    @cached_property
    def records(self) -> list[str]:
        """The records of the events that say something of them."""
        return sorted({content.record for content in self.told})

    @cached_property
    def open_records(self) -> list[str]:
        """Those of them whose run isn't over, and those that an earlier forgetting found so: it may yet write."""
        awaited = self.contacts.known_of(self.person.tenant, self.person.reference).get("awaits", [])
        return [record for record in sorted({*self.records, *awaited})
                if "openShard" in (self.stack.records.receipt(record) or {})]  # fmt: skip

    @cached_property
    def _looked_through(self) -> list[tuple[Content, bool | None]]:
        # Others' contents go as they were read: a tenant's may be more than there is room for.
        return [
            (content, theirs)
            for content in self.contents.of(self.person.tenant)
            if (theirs := self.person.is_subject_of(content.said, messages=self.message_ids)) is not False
        ]
