"""The files of the lesson can be imported, as a reader imports them who has them beside a script."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "helpers" / "lesson_files" / "22-batch-at-scale"))
