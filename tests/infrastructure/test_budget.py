"""The account's budget on AWS: whom it tells, and from when on."""

from tests.infrastructure.template import resources, written

BUDGET = resources("AWS::Budgets::Budget")["MonthlyBudget"]
CONDITION, TOLD, UNTOLD = BUDGET["Properties"]["NotificationsWithSubscribers"]["Fn::If"]


def test_the_budget_is_a_month_s_cost_up_to_the_parameter():
    budget = BUDGET["Properties"]["Budget"]

    assert BUDGET["Condition"] == "IsAws", "the local AWS knows no budgets"
    assert (budget["BudgetType"], budget["TimeUnit"]) == ("COST", "MONTHLY")
    assert budget["BudgetLimit"] == {"Amount": {"Ref": "MonthlyBudgetUsd"}, "Unit": "USD"}


def test_it_has_no_name_that_the_one_in_its_place_would_need():
    """CloudFormation makes another budget for other readers before it deletes the old one; AWS refuses a name twice."""
    assert "BudgetName" not in BUDGET["Properties"]["Budget"]


def test_it_counts_the_whole_account():
    """What is filtered by a tag that nobody activated in Billing is 0 for ever, and nobody is told."""
    assert not {"CostFilters", "FilterExpression"} & set(BUDGET["Properties"]["Budget"])


def test_it_tells_by_e_mail_before_and_when_the_money_is_spent_and_when_it_will_be():
    told = [(each["Notification"]["NotificationType"], each["Notification"]["Threshold"]) for each in TOLD]
    readers = [subscriber for each in TOLD for subscriber in each["Subscribers"]]

    assert told == [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)]
    assert all(each["Notification"]["ComparisonOperator"] == "GREATER_THAN" for each in TOLD)
    assert all(each["Notification"]["ThresholdType"] == "PERCENTAGE" for each in TOLD)
    assert readers == 3 * [{"SubscriptionType": "EMAIL", "Address": {"Ref": "AlertEmail"}}]


def test_without_an_address_it_tells_nobody():
    """AWS refuses a subscriber without one."""
    assert written()["Conditions"][CONDITION] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlertEmail"}, ""]}]}
    assert UNTOLD == {"Ref": "AWS::NoValue"}
