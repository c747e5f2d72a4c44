"""Outreach: personal referral and upsell e-mails for home-service companies, from a CRM's event to a judged message."""
