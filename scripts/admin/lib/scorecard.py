"""Makes the request that stores a scorecard file as a draft.

usage: scorecard.py [--update] ID FILE.json
"""

import json
import sys

import wire


def main() -> int:
    update = sys.argv[1] == "--update"
    scorecard_id, path = sys.argv[-2:]
    try:
        with open(path, encoding="utf-8") as file:
            scorecard = wire.load(file.read())
    except (OSError, ValueError) as problem:
        print(f"publish-scorecard: {path}: {problem}", file=sys.stderr)
        return 1
    if not isinstance(scorecard, dict):
        print(f"publish-scorecard: {path}: is no JSON object", file=sys.stderr)
        return 1
    # What the server writes itself does not belong into a file that is published again.
    for output in ("latestRevision", "createTime", "updateTime", "etag", "name"):
        scorecard.pop(output, None)
    if update:
        scorecard["name"] = f"scorecards/{scorecard_id}"
        request = {"scorecard": scorecard}  # without a mask: every field that is set
    else:
        request = {"scorecardId": scorecard_id, "scorecard": scorecard}
    print(json.dumps(request))
    return 0


if __name__ == "__main__":
    sys.exit(main())
