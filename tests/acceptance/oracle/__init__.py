"""A second, slow and plain implementation of docs/patterns.md, and random cases to hold ours against it."""
