"""Questionnaires as data: items, scales, skip rules, scoring and versions."""
