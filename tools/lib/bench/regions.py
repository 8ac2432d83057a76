"""Scene: one provider block a region, as an organisation's baseline has it."""
import statistics

from .subject import workspace

REGIONS = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2",
           "eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
           "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"]
WALLS = 3
CONFIGURATION = """
provider "{local}" {{
  alias  = "{region}"
  region = "{region}"
}}

resource "{p}rule" "{region}" {{
  provider      = {local}.{region}
  name          = "orders"
  event_pattern = jsonencode({{ source = ["shop"] }})
}}
"""


def regions(subject):
    """A plan of one new rule in each region: what all processes use, and the wall time without stand-ins."""
    with workspace(subject) as space:
        space.configure("".join(
            CONFIGURATION.format(p=subject.prefix, local=subject.local, region=region) for region in REGIONS))
        planned = space.run("plan")
        return {**planned, "wall_seconds": statistics.median(space.wall("plan") for _ in range(WALLS))}
