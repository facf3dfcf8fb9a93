"""``python -m t2bench``: the command."""

import sys

from t2bench.cli.main import main

sys.exit(main())
