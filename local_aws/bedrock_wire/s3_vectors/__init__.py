"""A stand-in for Amazon S3 Vectors: exact search by cosine distance in memory, with the service's limits and errors."""
