"""What a reviewer is shown of a draft: a claim stops it by the rule that stopped it in its run, and by no other."""

from outreach.desk.drafts import numbered


def test_a_claim_stops_by_the_rule_of_findings(monkeypatch):
    monkeypatch.setattr("outreach.desk.drafts.stops", "forbidden".__eq__)
    entries = [{"kind": "link", "result": result, "where": "body", "text": ""} for result in ("forbidden", "verified")]

    assert [claim.stops for claim in numbered(entries)] == [True, False]
