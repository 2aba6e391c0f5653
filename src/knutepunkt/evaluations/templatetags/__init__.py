"""What pages of other rooms may show of reports."""
