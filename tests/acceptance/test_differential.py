"""Pattern verdicts against other implementations: ministack's TestEventPattern, and the plain one in oracle/."""
import itertools
import json
import subprocess

import pytest
from botocore.exceptions import ClientError

from conftest import ministack_account
from lib.paths import ROOT
from oracle.cases import Cases
from oracle.match import verdict

CORPUS = ROOT / "tests" / "corpus"


def lines(name):
    return [json.loads(line) for line in (CORPUS / name).read_text().splitlines()]


def ours(provider, cases):
    """Our verdict for each case, as (valid, match)."""
    done = subprocess.run([provider, "match", "--cases", "-"], text=True, check=True, stdout=subprocess.PIPE,
                          input="".join(json.dumps(case) + "\n" for case in cases))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [case["id"] for case in cases]
    return [(answer["valid"], answer["match"]) for answer in answers]


# --- ministack ---

def theirs(client, case):
    """ministack's verdict; it tells an invalid pattern, and an event that is none, by refusing it.

    For the latter AWS says ValidationException; ministack has one code for both, so its words decide.
    """
    try:
        answer = client.test_event_pattern(EventPattern=case["pattern"], Event=case["event"] or "{}")
    except ClientError as error:
        told = error.response["Error"]
        assert told["Code"] in ("InvalidEventPatternException", "ValidationException"), error
        return told["Message"].startswith(("Event must be", "Event is not")), None
    # Nobody asked about the event of a case that has none.
    return True, answer["Result"] if case["event"] else None


def test_ministack_disagrees_only_where_it_is_wrong(provider):
    """Real TestEventPattern, many hands: each disagreement is listed with the reason why it is theirs."""
    cases, known = lines("patterns.jsonl"), lines("ministack-disagreements.jsonl")
    client = ministack_account().client("events")
    found = [{"id": case["id"], "theirs": their, "ours": our}
             for case, our, their in zip(cases, ours(provider, cases), (theirs(client, case) for case in cases))
             if our != their]
    listed = [{"id": row["id"], "theirs": [True, row["theirs"]], "ours": [True, row["ours"]]} for row in known]
    assert json.loads(json.dumps(found)) == listed
    specification = (ROOT / "docs" / "patterns.md").read_text()
    for row in known:
        assert f"# {row['section']}" in specification and row["reason"], row


# --- the plain implementation ---

@pytest.mark.parametrize("seed", range(2))
def test_random_cases_agree_with_the_plain_implementation(provider, seed):
    cases = [{"id": number, "pattern": pattern, "event": event}
             for number, (pattern, event) in enumerate(itertools.islice(Cases(seed), 5_000))]
    wrong = [f"{case['pattern']}\n  on {case['event']}\n  ours {our}, plain {plain}"
             for case, our, plain in zip(cases, ours(provider, cases),
                                         (verdict(case["pattern"], case["event"]) for case in cases))
             if our != plain]
    assert not wrong, f"{len(wrong)} of {len(cases)}:\n" + "\n".join(wrong[:10])
