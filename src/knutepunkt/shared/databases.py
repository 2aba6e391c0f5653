"""When has a database not answered: stopped, locked, full or cut off?"""

from __future__ import annotations

from django.db import InterfaceError, InternalError, OperationalError

#: A full disk is an operational error on one engine and an internal one on the other.
UNREACHED = (OperationalError, InterfaceError, InternalError)
