"""Figures as SVG: drawn from the report's figures alone, the same every time."""
