"""Rollouts as experiments: who got which arm, what came of it, and what may be concluded from that."""
