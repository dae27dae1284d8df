"""The documented routing rules: preferences, filters, order, plan."""
