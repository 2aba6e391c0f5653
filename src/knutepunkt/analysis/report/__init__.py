"""The evaluation report as data: tables, figures, sentences, each number with its source."""
