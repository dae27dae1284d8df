"""What readers see: receipts, tables, plans, attempts, timelines, waterfalls, the way of a request. It reads the log and draws; it sends nothing."""

from .charts import scatter, timeline, waterfall
from .diagram import way_of_a_request
from .drawing import chart, picture
from .receipt import calls, receipt, sent, spent, table
from .routing import attempts, plan

__all__ = [
    "attempts",
    "calls",
    "chart",
    "picture",
    "plan",
    "receipt",
    "scatter",
    "sent",
    "spent",
    "table",
    "timeline",
    "waterfall",
    "way_of_a_request",
]
