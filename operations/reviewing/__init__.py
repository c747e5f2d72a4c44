"""scripts/review: a reviewer's page in the terminal, and what the reviews of a company come to."""
