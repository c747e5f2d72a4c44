"""What DynamoDB bills, as tests measure it."""

import pytest

from tests.integration.capacity import Capacity, item_bytes
from tests.integration.stack import of_type


@pytest.fixture
def dynamodb(stack):
    return stack.clients("dynamodb")


@pytest.fixture
def capacity(dynamodb):
    with Capacity(dynamodb, of_type("DynamoDB::Table")) as counted:
        yield counted


def test_an_item_has_the_size_of_its_names_and_values():
    assert item_bytes({"name": {"S": "Größe"}, "n": {"N": "1234"}, "on": {"BOOL": True}}) == 4 + 7 + 1 + 3 + 2 + 1
    assert item_bytes({"l": {"L": [{"S": "ab"}]}, "m": {"M": {"k": {"S": "v"}}}}) == 1 + 3 + 3 + 1 + 3 + 3


def test_each_kilobyte_that_is_begun_is_written_twice_in_a_transaction_and_once_in_each_index(dynamodb, capacity):
    plain = {"message": {"S": "m"}, "text": {"S": "x" * 1500}}
    dynamodb.put_item(TableName="OutreachMessagesTable", Item=plain)
    assert capacity.taken() == (0, 2)

    indexed = plain | {"tenant": {"S": "t"}, "storedAt": {"S": "now"}}
    dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": "OutreachMessagesTable", "Item": indexed}}])
    assert capacity.taken() == (0, 2 * 2 + 2)


def test_an_update_is_billed_by_the_item_that_it_leaves(dynamodb, capacity):
    dynamodb.put_item(TableName="SourcesTable", Item={"source": {"S": "a"}, "text": {"S": "x" * 3000}})
    capacity.taken()
    dynamodb.update_item(TableName="SourcesTable", Key={"source": {"S": "a"}}, UpdateExpression="SET n = :n",
                         ExpressionAttributeValues={":n": {"N": "1"}})  # fmt: skip

    assert capacity.taken() == (0, 3)


def test_a_read_is_half_unless_it_is_consistent_and_nothing_is_read_as_well(dynamodb, capacity):
    dynamodb.put_item(TableName="SourcesTable", Item={"source": {"S": "a"}, "text": {"S": "x" * 5000}})
    capacity.taken()
    dynamodb.get_item(TableName="SourcesTable", Key={"source": {"S": "a"}}, ConsistentRead=True)
    assert capacity.taken() == (2, 0)
    dynamodb.get_item(TableName="SourcesTable", Key={"source": {"S": "b"}})
    assert capacity.taken() == (0.5, 0)
