"""What the commands in tools/ share. Plain Python 3.10, standard library only,
except aws.py and tests/acceptance, which run inside the virtual environment."""
