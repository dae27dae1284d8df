"""Answers are no tests: the file of 23-test-your-program begins with `test_` as its lesson does."""

collect_ignore = ["answers"]
