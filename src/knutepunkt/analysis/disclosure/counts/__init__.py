"""How is a table of counts with totals shown so that its small cells cannot be worked out?

For counts that somebody must hand on cell by cell (people by municipality and theme, say). What
participants answered never goes this way: that is the gate's ladder.
"""

from knutepunkt.analysis.disclosure.counts.suppression import (
    Demand,
    Suppression,
    TooLarge,
    could_be,
    suppress,
)
from knutepunkt.analysis.disclosure.counts.table import TOTAL, CountTable, TableFault, table_of

__all__ = [
    "TOTAL",
    "CountTable",
    "Demand",
    "Suppression",
    "TableFault",
    "TooLarge",
    "could_be",
    "suppress",
    "table_of",
]
