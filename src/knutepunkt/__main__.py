"""What happens at `python -m knutepunkt`?"""

import sys

from knutepunkt.cli import main

if __name__ == "__main__":
    sys.exit(main())
