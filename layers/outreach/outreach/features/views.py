"""The view of a customer: what each feature is, how long it holds, and what decides it."""

from datetime import timedelta

from agent_platform.features.views import DecidedBy, Feature, FeatureType, FeatureView

from outreach.features.catalogue import MOST_SHARES, OTHERS

_OWNER = "outreach"
# Kept because others are derived from them; a run has no use for them by themselves.
SUPPORTING = frozenset({"last_service_day"})
_YEAR = timedelta(days=365)


def _feature(
    name: str,
    type: FeatureType,  # noqa: A002 - the declaration's own word
    unit: str,
    description: str,
    *,
    missing: str = "no_history",
    time_to_live: timedelta | None = None,
    decided_by: DecidedBy = "fold",
) -> Feature:
    return Feature(name, type, unit, time_to_live, _OWNER, missing, description, decided_by)


def _of_home(name: str, type: FeatureType, unit: str, description: str) -> Feature:  # noqa: A002 - as above
    return _feature(name, type, unit, description, missing="not_stated", time_to_live=3 * _YEAR, decided_by="sequence")


CUSTOMER_VIEW = FeatureView(
    "customer",
    1,
    "customer",
    _OWNER,
    (
        _feature("service_count", "whole number", "services", "how many services there were"),
        _feature(
            "satisfaction_average", "number", "1-5", "the mean of all ratings", time_to_live=2 * _YEAR
        ),
        _feature(
            "satisfaction_trend", "number", "points of 1-5", "the last rating less the mean of those before",
            time_to_live=_YEAR,
        ),
        _feature("last_service_day", "text", "day in UTC", "the day of the last service"),
        _feature(
            "cadence_days", "number", "days", "the median of the days between two visits", time_to_live=2 * _YEAR
        ),
        _feature("lifetime_value", "numbers by name", "minor units by currency", "what was paid so far"),
        _feature(
            "service_shares", "numbers by name", "share by service",
            f"the share of each service among the customer's; of more than {MOST_SHARES} the rest is {OTHERS!r}",
        ),
        _of_home("property_type", "text", "as stated", "what kind of home it is"),
        _of_home("lot_size", "number", "lot_size_unit", "how large the lot is"),
        _of_home("lot_size_unit", "text", "sqft, m2, acre or ha", "the unit of lot_size"),
        _of_home("property_features", "texts", "as stated", "what belongs to the home"),
        _feature(
            "responses", "numbers by name", "messages by response", "how many messages were sent, opened, clicked …",
            missing="never_written_to", time_to_live=2 * _YEAR,
        ),
        _feature(
            "response_rate", "number", "share", "the share of messages with a click, a booking or a referral",
            missing="never_written_to", time_to_live=2 * _YEAR,
        ),
        _feature(
            "days_since_last_service", "whole number", "days", "the days since the last service",
            decided_by="on demand",
        ),
        _feature(
            "overdue_factor", "number", "usual intervals", "how many usual intervals passed since the last service",
            decided_by="on demand",
        ),
        _feature(
            "services_never_bought", "texts", "services of the catalogue", "what the customer never had",
            decided_by="on demand",
        ),
        _feature(
            "months_to_season", "numbers by name", "months by service",
            "the months until a service's season, which the brand states; 0 within it",
            missing="no_season_stated", decided_by="on demand",
        ),
    ),
)  # fmt: skip
