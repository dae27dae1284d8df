"""The benches, a file for each part of the course that has a target for its speed."""
