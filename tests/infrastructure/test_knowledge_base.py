"""Past cases on AWS: a Knowledge Base over their bucket, one of two vector stores, and what starts an ingestion.

None of these resources exists on the local AWS, so what AWS would refuse at the deployment is held here, as data.
"""

import json
import re

import pytest

from tests.infrastructure import template
from tests.infrastructure.template import listed, resources, text, walk, written
from tests.infrastructure.test_permissions import chosen

OF_OPENSEARCH = {
    "CasesCollectionEncryption",
    "CasesCollectionNetwork",
    "CasesCollection",
    "CasesAccess",
    "CasesSearchIndex",
}
KEPT_BY_BEDROCK = {"AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"}
ENVIRONMENT = re.compile(r"\$\{Environment\}")


def properties(name):
    return resources()[name]["Properties"]


def granted(name, resource):
    """The actions that a role's own policies allow on a resource."""
    statements = [
        each for policy in properties(name)["Policies"] for each in chosen(policy["PolicyDocument"]["Statement"])
    ]
    return {action for each in statements if text(each["Resource"]) == resource for action in listed(each["Action"])}


def storage():
    """What the Knowledge Base keeps its vectors in: by OpenSearch, and else."""
    condition, opensearch, otherwise = properties("KnowledgeBase")["StorageConfiguration"]["Fn::If"]
    assert condition == "UsesOpenSearch"
    return opensearch, otherwise


def test_what_the_local_aws_doesn_t_know_is_made_on_aws_only():
    conditions = written()["Conditions"]
    made = {name: each for name, each in resources().items()
            if each["Type"].split("::")[1] in {"Bedrock", "S3Vectors", "OpenSearchServerless"}}  # fmt: skip

    for name, each in made.items():
        condition = conditions[each["Condition"]]
        assert each["Condition"] == "IsAws" or {"Condition": "IsAws"} in condition["Fn::And"], name


def test_one_vector_store_is_made_the_one_that_was_chosen():
    by_condition = {name: each.get("Condition") for name, each in resources().items()}
    conditions = written()["Conditions"]

    assert {name for name, condition in by_condition.items() if condition == "UsesOpenSearch"} == OF_OPENSEARCH
    assert by_condition["CasesIndex"] == "UsesS3Vectors"
    assert conditions["UsesS3Vectors"]["Fn::And"][1] == {"Fn::Equals": [{"Ref": "VectorStore"}, "s3-vectors"]}
    assert conditions["UsesOpenSearch"]["Fn::And"][1] == {
        "Fn::Equals": [{"Ref": "VectorStore"}, "opensearch-serverless"]
    }


def test_s3_vectors_is_the_default_and_what_the_other_costs_is_said():
    parameter = written()["Parameters"]["VectorStore"]

    assert parameter["Default"] == "s3-vectors"
    assert parameter["AllowedValues"] == ["s3-vectors", "opensearch-serverless"]
    hourly, hours = 0.24, 730
    for ocus in (1, 2):
        about = re.search(r"about (\d+) USD a month, in prod (\d+)", parameter["Description"])[ocus]
        assert int(about) == pytest.approx(ocus * hourly * hours, rel=0.01)
    assert f"{hourly} USD an OCU hour" in parameter["Description"]
    assert properties("CasesCollection")["StandbyReplicas"] == {"Fn::If": ["IsProd", "ENABLED", "DISABLED"]}


def test_vectors_are_in_the_index_that_is_named_by_its_arn():
    _, s3_vectors = storage()

    assert s3_vectors == {
        "Type": "S3_VECTORS",
        "S3VectorsConfiguration": {"IndexArn": {"Fn::GetAtt": ["CasesIndex", "IndexArn"]}},
    }


def test_what_bedrock_keeps_of_a_case_is_not_filtered_by():
    """A case's text is longer than all that can be filtered by may be."""
    index = properties("CasesIndex")

    assert set(index["MetadataConfiguration"]["NonFilterableMetadataKeys"]) == KEPT_BY_BEDROCK
    assert (index["DataType"], index["DistanceMetric"]) == ("float32", "cosine")


def test_an_index_can_be_replaced():
    """None of its properties can be changed: with a name of its own, a replacement would find the name taken."""
    assert "IndexName" not in properties("CasesIndex")
    assert "VectorBucketName" not in properties("VectorBucket")
    assert text(properties("CasesSearchIndex")["IndexName"]) == "cases-${EmbeddingDimensions}"


def test_whatever_replaces_the_knowledge_base_gives_it_another_name():
    pattern, values = properties("KnowledgeBase")["Name"]["Fn::Sub"]

    assert set(re.findall(r"\$\{(\w+)\}", pattern)) == {"VectorStore", "Model", "EmbeddingDimensions"}
    assert {"Ref": "EmbeddingModel"} in walk(values["Model"])


@pytest.mark.parametrize("name", ["VectorBucket", "CasesBucket"])
def test_in_prod_what_is_kept_outlives_a_mistake(name):
    assert resources()[name]["DeletionPolicy"] == {"Fn::If": ["IsProd", "Retain", "Delete"]}
    assert resources()[name]["UpdateReplacePolicy"] == "Retain"


def test_every_vector_is_as_long_as_its_index_expects():
    dimensions = {"Ref": "EmbeddingDimensions"}
    configuration = properties("KnowledgeBase")["KnowledgeBaseConfiguration"]["VectorKnowledgeBaseConfiguration"]

    assert configuration["EmbeddingModelConfiguration"]["BedrockEmbeddingModelConfiguration"] == {
        "Dimensions": dimensions,
        "EmbeddingDataType": "FLOAT32",
    }
    assert properties("CasesIndex")["Dimension"] == dimensions
    assert properties("CasesSearchIndex")["Mappings"]["Properties"]["vector"]["Dimension"] == dimensions
    assert written()["Parameters"]["EmbeddingDimensions"]["AllowedValues"] == [256, 512, 1024], "Titan V2 has no other"


def test_one_file_is_one_case_and_goes_with_it():
    source = properties("CasesDataSource")

    assert source["VectorIngestionConfiguration"] == {"ChunkingConfiguration": {"ChunkingStrategy": "NONE"}}
    assert source["DataDeletionPolicy"] == "DELETE"
    assert source["DataSourceConfiguration"] == {
        "Type": "S3",
        "S3Configuration": {"BucketArn": {"Fn::GetAtt": ["CasesBucket", "Arn"]}},
    }


def test_a_case_that_was_deleted_leaves_no_old_version_behind():
    [rule] = properties("CasesBucket")["LifecycleConfiguration"]["Rules"]

    assert rule == {"Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}


def test_the_role_is_taken_by_bedrock_for_this_account_s_knowledge_bases_only():
    [statement] = properties("KnowledgeBaseRole")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    source = text(statement["Condition"]["ArnLike"]["aws:SourceArn"])
    assert source == "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:knowledge-base/*"


def test_the_role_reads_the_cases_embeds_them_and_keeps_the_vectors():
    model = "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/${EmbeddingModel}"

    assert granted("KnowledgeBaseRole", "${CasesBucket.Arn}") == {"s3:ListBucket"}
    assert granted("KnowledgeBaseRole", "${CasesBucket.Arn}/*") == {"s3:GetObject"}
    assert granted("KnowledgeBaseRole", model) == {"bedrock:InvokeModel"}
    # A query with a filter needs GetVectors beside QueryVectors.
    assert granted("KnowledgeBaseRole", "${CasesIndex.IndexArn}") == {
        f"s3vectors:{action}" for action in ("GetIndex", "PutVectors", "DeleteVectors", "GetVectors", "QueryVectors")
    }
    assert granted("KnowledgeBaseRole", "${CasesCollection.Arn}") == {"aoss:APIAccessAll"}


def test_the_role_may_use_only_the_store_that_exists():
    [policy] = properties("KnowledgeBaseRole")["Policies"]
    [either] = [each["Fn::If"] for each in policy["PolicyDocument"]["Statement"] if "Fn::If" in each]

    condition, opensearch, otherwise = either
    assert condition == "UsesOpenSearch"
    assert text(opensearch["Resource"]) == "${CasesCollection.Arn}"
    assert text(otherwise["Resource"]) == "${CasesIndex.IndexArn}"


def policy_of(name):
    return json.loads(ENVIRONMENT.sub("dev", text(properties(name)["Policy"])))


def test_the_collection_s_policies_are_about_the_collection_by_its_name():
    assert text(properties("CasesCollection")["Name"]) == "cases-${Environment}"
    encryption, [network] = policy_of("CasesCollectionEncryption"), policy_of("CasesCollectionNetwork")

    assert encryption["AWSOwnedKey"] is True
    for rule in encryption["Rules"] + network["Rules"]:
        assert rule == {"ResourceType": "collection", "Resource": ["collection/cases-dev"]}
    assert set(resources()["CasesCollection"]["DependsOn"]) == {"CasesCollectionEncryption", "CasesCollectionNetwork"}


def test_in_the_collection_bedrock_reads_and_writes_and_the_deployment_makes_the_index():
    by_principal = {access["Principal"][0]: access["Rules"] for access in policy_of("CasesAccess")}
    permissions = {
        who: {right for rule in rules for right in rule["Permission"]} for who, rules in by_principal.items()
    }

    assert permissions == {
        "${KnowledgeBaseRole.Arn}": {"aoss:DescribeIndex", "aoss:ReadDocument", "aoss:WriteDocument"},
        "${DeployRole}": {f"aoss:{verb}Index" for verb in ("Create", "Describe", "Update", "Delete")},
    }
    assert {name for rules in by_principal.values() for rule in rules for name in rule["Resource"]} == {
        "index/cases-dev/*"
    }


def test_who_chooses_opensearch_without_a_role_is_told_before_anything_is_made():
    rule = written()["Rules"]["OpenSearchNeedsARole"]

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "VectorStore"}, "opensearch-serverless"]}
    assert rule["Assertions"][0]["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "DeployRole"}, ""]}]}


def test_bedrock_finds_the_fields_that_the_search_index_has():
    opensearch, _ = storage()
    configuration, index = opensearch["OpensearchServerlessConfiguration"], properties("CasesSearchIndex")

    assert configuration["VectorIndexName"] == index["IndexName"]
    assert set(configuration["FieldMapping"].values()) == set(index["Mappings"]["Properties"])
    assert index["Mappings"]["Properties"]["vector"]["Method"]["Engine"] == "faiss", "the only one that Bedrock takes"
    # There is no other way to have the index made before: no property of a Knowledge Base takes its name from it.
    assert {"Fn::Sub": "Past cases, in the index ${CasesSearchIndex.Uuid}."} in list(walk(properties("KnowledgeBase")))
    assert resources()["CasesSearchIndex"]["DependsOn"] == "CasesAccess"


@pytest.mark.parametrize(
    ("parameter", "path", "value"),
    [
        ("KnowledgeBaseId", "knowledge-base-id", ["KnowledgeBase", "KnowledgeBaseId"]),
        ("CasesDataSourceId", "cases-data-source-id", ["CasesDataSource", "DataSourceId"]),
    ],
)
def test_the_ids_are_in_ssm_and_none_where_there_is_no_knowledge_base(parameter, path, value):
    made = properties(parameter)

    assert text(made["Name"]) == f"/referral-system/${{Environment}}/{path}"
    assert made["Value"] == {"Fn::If": ["IsAws", {"Fn::GetAtt": value}, "none"]}


def test_a_changed_case_starts_an_ingestion():
    rule = properties("CaseChangesRule")
    [target] = rule["Targets"]

    assert properties("CasesBucket")["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    # S3 publishes on the account's default bus.
    assert "EventBusName" not in rule
    assert rule["EventPattern"]["source"] == ["aws.s3"]
    assert set(rule["EventPattern"]["detail-type"]) == {"Object Created", "Object Deleted"}
    assert rule["EventPattern"]["detail"]["bucket"] == {"name": [{"Ref": "CasesBucket"}]}
    assert target["Arn"] == {"Fn::GetAtt": ["CaseChangesQueue", "Arn"]}


@pytest.mark.parametrize(
    ("key", "is_a_case"),
    [
        ("greenedge/referral.md", True),
        ("greenedge/referral.md.metadata.json", True),
        ("greenedge/picture.png", False),
        ("greenedge/notes.json", False),
    ],
)
def test_only_cases_and_their_metadata_count(key, is_a_case):
    patterns = properties("CaseChangesRule")["EventPattern"]["detail"]["object"]["key"]

    assert any(key.endswith(pattern["suffix"]) for pattern in patterns) is is_a_case


def test_what_changes_together_is_ingested_once():
    [event] = template.function("IngestCasesFunction").properties["Events"].values()
    consumed, queue = event["Properties"], properties("CaseChangesQueue")

    assert consumed["Queue"] == {"Fn::GetAtt": ["CaseChangesQueue", "Arn"]}
    assert consumed["MaximumBatchingWindowInSeconds"] >= 30
    assert consumed["BatchSize"] > 10, "more than ten only together with a window"
    waits = queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"]
    assert waits >= 30 * 60, "a change waits for the ingestion that runs, and isn't given up meanwhile"
