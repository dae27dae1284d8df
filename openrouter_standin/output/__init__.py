"""What is said: scripted words, tool calls, filled forms, reasoning, citations."""
