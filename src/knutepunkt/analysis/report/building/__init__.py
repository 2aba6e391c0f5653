"""From what the gate let out to the tables, figures and sections of the report."""
