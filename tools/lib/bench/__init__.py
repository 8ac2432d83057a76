"""What `make bench` measures: one file a scene, one for the reports."""
