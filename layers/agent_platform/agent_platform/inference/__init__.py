"""Inference: one way to call a model, strict prompts, dated prices."""
