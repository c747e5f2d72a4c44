"""The rule sets, country by country, each rule with its source; a country that has none gets the strictest.

VERSION changes with every rule: what a message was checked by is stored with it.
"""

import re
from typing import get_args

from outreach.contracts import Purpose
from outreach.mail_law.rules import Duty, Ground, RuleSet, strictest_of

VERSION = "2026-11-22"

_ANY: frozenset[Purpose] = frozenset(get_args(Purpose))
# The exception is for the sender's own similar goods and services; to ask for a recommendation isn't plainly that.
_OWN_SERVICES: frozenset[Purpose] = frozenset({"upsell"})
# The fewest days that two years, and six months, can have.
_TWO_YEARS, _SIX_MONTHS = 730, 181

UNITED_STATES = RuleSet(
    name="us-can-spam",
    title="United States: CAN-SPAM Act of 2003, 15 U.S.C. §§ 7701-7713",
    countries=frozenset({"US", "PR", "GU", "VI", "AS", "MP"}),
    grounds=(
        Ground("express", _ANY, "15 U.S.C. § 7702(1): affirmative consent"),
        Ground("soft_opt_in", _ANY, "15 U.S.C. § 7704(a)(4): unlawful only after an objection"),
        Ground("existing_customer", _ANY, "15 U.S.C. § 7704(a)(4): unlawful only after an objection"),
        Ground("inquiry", _ANY, "15 U.S.C. § 7704(a)(4): unlawful only after an objection"),
    ),
    duties=(
        Duty("identity", "15 U.S.C. § 7704(a)(1)"),
        Duty("honest_subject", "15 U.S.C. § 7704(a)(2)"),
        Duty("unsubscribe", "15 U.S.C. § 7704(a)(3), (a)(5)(A)(ii): works for 30 days at least"),
        Duty("postal_address", "15 U.S.C. § 7704(a)(5)(A)(iii)"),
        Duty("advertisement", "15 U.S.C. § 7704(a)(5)(A)(i), (B)", unless=frozenset({"express"})),
    ),
    proof=None,
)
CANADA = RuleSet(
    name="ca-casl",
    title="Canada: CASL, S.C. 2010, c. 23, with SOR/2012-36",
    countries=frozenset({"CA"}),
    grounds=(
        Ground("express", _ANY, "S.C. 2010, c. 23, s. 6(1)(a), s. 10(1)"),
        Ground("soft_opt_in", _ANY, "S.C. 2010, c. 23, s. 10(9)(a), (10)(a): a purchase", _TWO_YEARS, "last_service"),
        Ground("existing_customer", _ANY, "S.C. 2010, c. 23, s. 10(9)(a), (10)(a)", _TWO_YEARS, "last_service"),
        Ground("inquiry", _ANY, "S.C. 2010, c. 23, s. 10(9)(a), (10)(e)", _SIX_MONTHS),
    ),
    duties=(
        Duty("identity", "S.C. 2010, c. 23, s. 6(2)(a); SOR/2012-36, s. 2(1)(a)-(c)"),
        Duty("honest_subject", "Competition Act, R.S.C. 1985, c. C-34, s. 74.011(1)"),
        Duty("unsubscribe", "S.C. 2010, c. 23, s. 6(2)(c), s. 11(1)-(2): works for 60 days at least"),
        Duty("postal_address", "S.C. 2010, c. 23, s. 6(2)(b); SOR/2012-36, s. 2(1)(d)"),
        Duty("contact", "S.C. 2010, c. 23, s. 6(2)(b); SOR/2012-36, s. 2(1)(d)"),
    ),
    proof="S.C. 2010, c. 23, s. 13",
)
GERMANY = RuleSet(
    name="de-uwg",
    title="Germany: UWG § 7, with DDG § 6 and GDPR",
    countries=frozenset({"DE"}),
    grounds=(
        Ground("express", _ANY, "UWG § 7(2) no. 2; GDPR art. 6(1)(a)"),
        Ground("soft_opt_in", _OWN_SERVICES, "UWG § 7(3) no. 1-4; GDPR art. 6(1)(f)"),
    ),
    duties=(
        Duty("identity", "UWG § 7(2) no. 3 a; DDG § 6(1) no. 2"),
        Duty("honest_subject", "DDG § 6(2)"),
        Duty("unsubscribe", "UWG § 7(2) no. 3 c, (3) no. 4; GDPR art. 21(2)-(4)"),
        Duty("advertisement", "DDG § 6(1) no. 1"),
    ),
    proof="GDPR art. 7(1)",
)
EUROPEAN_UNION = RuleSet(
    name="eu-eprivacy",
    title="European Union and EEA: Directive 2002/58/EC art. 13, with GDPR and Directive 2000/31/EC",
    countries=frozenset(
        re.findall(r"\w+", "AT BE BG CY CZ DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK")
    ),
    grounds=(
        Ground("express", _ANY, "Directive 2002/58/EC art. 13(1); GDPR art. 6(1)(a)"),
        Ground("soft_opt_in", _OWN_SERVICES, "Directive 2002/58/EC art. 13(2); GDPR art. 6(1)(f)"),
    ),
    duties=(
        Duty("identity", "Directive 2002/58/EC art. 13(4); Directive 2000/31/EC art. 6(b)"),
        Duty("honest_subject", "Directive 2002/58/EC art. 13(4); Directive 2000/31/EC art. 6(a)"),
        Duty("unsubscribe", "Directive 2002/58/EC art. 13(2), (4); GDPR art. 21(2)-(4)"),
        Duty("advertisement", "Directive 2000/31/EC art. 6(a)"),
    ),
    proof="GDPR art. 7(1)",
)
UNITED_KINGDOM = RuleSet(
    name="gb-pecr",
    title="United Kingdom: PECR (S.I. 2003/2426) reg. 22-23, with UK GDPR and S.I. 2002/2013",
    countries=frozenset({"GB"}),
    grounds=(
        Ground("express", _ANY, "S.I. 2003/2426 reg. 22(2); UK GDPR art. 6(1)(a)"),
        Ground("soft_opt_in", _OWN_SERVICES, "S.I. 2003/2426 reg. 22(3); UK GDPR art. 6(1)(f)"),
    ),
    duties=(
        Duty("identity", "S.I. 2003/2426 reg. 23; S.I. 2002/2013 reg. 7(b)"),
        Duty("honest_subject", "S.I. 2003/2426 reg. 23; S.I. 2002/2013 reg. 7(a)"),
        Duty("unsubscribe", "S.I. 2003/2426 reg. 22(3)(c), 23; UK GDPR art. 21(2)-(4)"),
        Duty("advertisement", "S.I. 2002/2013 reg. 7(a)"),
    ),
    proof="UK GDPR art. 7(1)",
)

RULE_SETS = (UNITED_STATES, CANADA, GERMANY, EUROPEAN_UNION, UNITED_KINGDOM)
STRICTEST = strictest_of(RULE_SETS, name="strictest", title="Any other country, or one that isn't known: all of these")


def rules_for(country: str | None) -> RuleSet:
    """The rule set of a country by its ISO 3166 code; the strictest if it has none here, or isn't known."""
    return next((rules for rules in RULE_SETS if country in rules.countries), STRICTEST)
