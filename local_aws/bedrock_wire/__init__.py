"""A server that speaks the wire of Bedrock and of S3 Vectors on 127.0.0.1, with a choice of who answers for a model.

__main__            the command line
server              HTTP: one request in, one answer out, the control endpoint
service             one call: its fault if there is one, who answers it, what the log keeps of it
wire  conversation  shapes and error codes; how a Converse request is read
faults  fault_effects  what is to go wrong, and what going wrong looks like
obedience           a model that does whatever anybody tells it, which is a fault as well
calls               the log of calls: never a prompt's text
offline             choice (a): writer and judge, deterministic, without a language model
chat_completions    choice (b): any OpenAI-compatible server (chat_translation maps both ways)
real_bedrock        choice (c): the real service, with credentials of its own
embeddings          a stand-in for Titan Text Embeddings V2
guardrails          a stand-in for a guardrail: a few words by category
knowledge_bases  ingestion_jobs  case_sources   knowledge bases: what is ingested from Markdown files, and when
lexical  metadata_filters   Retrieve, from what was ingested
s3_vectors          vector buckets, their indexes and queries, whoever the model is
"""
