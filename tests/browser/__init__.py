"""Journeys and pages in a real browser, at the two widths every page is looked at."""

PHONE = 360
DESK = 1280
WIDTHS = (PHONE, DESK)
DEFAULT_WIDTH = DESK
HEIGHT = 900
LANGUAGES = ("nb", "nn", "en")
