"""From a CRM event to what outreach works with: dates, money, satisfaction, contact data and history made uniform."""

from outreach.preparation.event import Preparation, PreparedCustomer, event_time, people_in, prepare_event

__all__ = ["Preparation", "PreparedCustomer", "event_time", "people_in", "prepare_event"]
