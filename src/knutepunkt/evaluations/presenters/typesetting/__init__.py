"""Templates for typst: how the printed report and the summary are set."""
