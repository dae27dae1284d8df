"""The reading site: pages and plain texts made from the notebooks, lessons.toml, docs, CHANGELOG.md and constraints.txt."""
