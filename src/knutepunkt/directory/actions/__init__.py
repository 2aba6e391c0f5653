"""What can be done to groups, houses and themes?"""

from knutepunkt.directory.actions.groups import (
    GroupFacts,
    confirm_group,
    create_group,
    hand_over,
    update_group,
)
from knutepunkt.directory.actions.houses import HouseFacts, create_house, update_house
from knutepunkt.directory.actions.imports import ListDoesNotFit, check_fit, import_groups
from knutepunkt.directory.actions.steps import (
    end_group,
    pause_group,
    restart_group,
    split_group,
    start_group,
)
from knutepunkt.directory.actions.themes import keep_themes

__all__ = [
    "GroupFacts",
    "HouseFacts",
    "ListDoesNotFit",
    "check_fit",
    "confirm_group",
    "create_group",
    "create_house",
    "end_group",
    "hand_over",
    "import_groups",
    "keep_themes",
    "pause_group",
    "restart_group",
    "split_group",
    "start_group",
    "update_group",
    "update_house",
]
