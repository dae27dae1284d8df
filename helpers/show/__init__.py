"""What readers see: receipts, tables, routes, timelines, waterfalls. It reads the log and draws; it sends nothing."""

from .charts import scatter, timeline, waterfall
from .receipt import receipt, spent, table
from .routes import plan, route

__all__ = ["plan", "receipt", "route", "scatter", "spent", "table", "timeline", "waterfall"]
