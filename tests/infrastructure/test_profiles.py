"""The index of what customers are like: as the code expects it, under one address everywhere, and for one role only."""

from agent_platform import aws
from agent_platform.retrieval.neighbours import NON_FILTERABLE
from outreach.enrichment import TAKEN_IN
from outreach.materialization import STARTS_NO_RUN

from tests.infrastructure import template
from tests.infrastructure.template import listed, resources, text, written
from tests.infrastructure.test_permissions import statements

KEEPER = "OutreachMaterializeFeaturesFunction"
# Of DynamoDB and S3 Vectors, three tries of some seconds where one is slow.
SECONDS_FOR_THE_REST = 15


def properties():
    return resources()["ProfilesIndex"]["Properties"]


def test_a_profile_s_words_are_read_by_no_filter():
    """All that can be filtered by may have 2 KB."""
    assert properties()["MetadataConfiguration"]["NonFilterableMetadataKeys"] == list(NON_FILTERABLE)
    assert (properties()["DataType"], properties()["DistanceMetric"]) == ("float32", "cosine")
    assert properties()["Dimension"] == {"Ref": "EmbeddingDimensions"}


def test_the_index_can_be_replaced():
    assert "IndexName" not in properties()
    assert properties()["VectorBucketArn"] == {"Fn::GetAtt": ["VectorBucket", "VectorBucketArn"]}


def test_scripts_and_the_function_know_it_by_one_address():
    environment = template.function(KEEPER).environment
    condition, on_aws, locally = environment["PROFILES_INDEX_ARN"]["Fn::If"]

    assert (condition, text(on_aws)) == ("IsAws", "${ProfilesIndex.IndexArn}")
    assert text(locally).endswith(":bucket/${AWS::StackName}/index/profiles-${EmbeddingDimensions}")
    assert written()["Outputs"]["ProfilesIndexArn"]["Value"] == environment["PROFILES_INDEX_ARN"]
    assert written()["Outputs"]["EmbeddingSpace"]["Value"] == {"Fn::Sub": "${EmbeddingModel}/${EmbeddingDimensions}"}


def test_one_role_writes_vectors_and_embeds_with_one_model():
    granted = [
        (owner, action, text(statement["Resource"]))
        for owner, statement in statements()
        for action in listed(statement["Action"])
        if owner == f"{KEEPER}Role" and action.startswith(("s3vectors:", "bedrock:"))
    ]
    index = text(template.function(KEEPER).environment["PROFILES_INDEX_ARN"])
    model = "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/${EmbeddingModel}"

    assert set(granted) == {
        (f"{KEEPER}Role", "bedrock:InvokeModel", model),
        # A query with a filter needs GetVectors beside QueryVectors.
        *((f"{KEEPER}Role", f"s3vectors:{each}Vectors", index) for each in ("Delete", "Get", "Put", "Query")),
    }
    others = {
        owner for owner, statement in statements() if any("s3vectors:" in each for each in listed(statement["Action"]))
    }
    assert others == {f"{KEEPER}Role", "ExpireProfilesFunctionRole", "KnowledgeBaseRole"}


def test_what_has_expired_is_deleted_every_day_and_nothing_is_read_but_that():
    expiring = template.function("ExpireProfilesFunction")
    granted = [
        each for owner, each in statements() if owner == "ExpireProfilesFunctionRole" and "s3vectors:" in str(each)
    ]

    assert expiring.properties["Events"]["Daily"]["Properties"]["Schedule"] == "rate(1 day)"
    assert [set(listed(each["Action"])) for each in granted] == [
        {"s3vectors:DeleteVectors", "s3vectors:GetVectors", "s3vectors:ListVectors"}
    ]
    assert expiring.environment["PROFILES_INDEX_ARN"] == granted[0]["Resource"]


def test_an_embedding_that_is_slow_is_an_error_with_a_name_and_no_killed_function():
    config, keeper = aws._CONFIGS["bedrock-runtime"], template.function(KEEPER)
    at_once = keeper.properties["Events"]["Queue"]["Properties"]["BatchSize"]
    assert keeper.timeout > at_once * (config.connect_timeout + config.read_timeout) + SECONDS_FOR_THE_REST


def test_a_run_waits_for_a_row_that_knows_its_event_only_if_a_row_takes_such_events_in():
    rules = ("OutreachFeaturesRule", "OutreachServiceCompletedRule", "OutreachRequestedRule")
    taken_in, *starting = (set(resources()[each]["Properties"]["EventPattern"]["detail-type"]) for each in rules)
    assert taken_in & set().union(*starting) == TAKEN_IN
    assert taken_in.difference(*starting) == STARTS_NO_RUN
