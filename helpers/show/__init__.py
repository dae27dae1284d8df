"""What readers see: receipts, tables, routes, timelines, waterfalls. It reads the log and draws; it sends nothing."""

from .charts import scatter, timeline, waterfall
from .receipt import calls, receipt, sent, spent, table
from .routes import plan, route

__all__ = ["calls", "plan", "receipt", "route", "scatter", "sent", "spent", "table", "timeline", "waterfall"]
