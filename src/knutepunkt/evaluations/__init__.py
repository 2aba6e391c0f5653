"""From a closed round to an evaluation, a second person's approval and a released report."""
