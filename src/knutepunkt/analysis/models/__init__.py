"""Multilevel models, their degrees of freedom, and cluster-robust errors."""
