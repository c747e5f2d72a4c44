"""What customers of a stack are like, as vectors: asked as its functions ask, and made where no template can."""

from functools import partial

from agent_platform.retrieval.embeddings import embed, space_of
from agent_platform.retrieval.neighbours import NON_FILTERABLE, Neighbours
from agent_platform.retrieval.vectors import VectorIndex
from botocore.exceptions import ClientError

from operations.stack import Stack


def profiles(stack: Stack) -> Neighbours:
    """The profiles of a stack's customers."""
    model, dimensions = _embedding(stack)
    embedded = partial(embed, model=model, dimensions=dimensions, runtime=stack.client("bedrock-runtime"))
    index = VectorIndex(stack.outputs["ProfilesIndexArn"], stack.client("s3vectors"))
    return Neighbours(index, embedded=embedded, space=space_of(model, dimensions))


def make_local_index(stack: Stack) -> str:
    """Make the index that the template only makes on AWS, unless it is there; what there is now, in words."""
    vectors, (_, dimensions) = stack.client("s3vectors"), _embedding(stack)
    bucket, index = stack.outputs["ProfilesIndexArn"].partition(":bucket/")[2].split("/index/")
    shape = {"dataType": "float32", "dimension": dimensions, "distanceMetric": "cosine"}
    keys = {"nonFilterableMetadataKeys": list(NON_FILTERABLE)}
    for make, asked in (
        (vectors.create_vector_bucket, {}),
        (vectors.create_index, {"indexName": index, "metadataConfiguration": keys, **shape}),
    ):
        try:
            make(vectorBucketName=bucket, **asked)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConflictException":
                raise
    return f"profiles: vectors of {dimensions} numbers in {bucket}, answered locally"


def _embedding(stack: Stack) -> tuple[str, int]:
    model, _, dimensions = stack.outputs["EmbeddingSpace"].rpartition("/")
    return model, int(dimensions)
