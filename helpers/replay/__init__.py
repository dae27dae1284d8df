"""The layer under the SDK: it plays recorded answers and records real ones, and keeps a log of both."""
