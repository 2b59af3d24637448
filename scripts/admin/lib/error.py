"""Prints what a call or an operation failed with: code, reason, and each violation on its line.

usage: error.py [--operation] SCRIPT TARGET < TEXT

TEXT is what grpcurl left on stderr, or with --operation a finished operation; then the exit status
is 0 when that did not fail.
"""

import sys

import wire

CODES = (
    *("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND"),
    *("ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION"),
    *("ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"),
    "UNAUTHENTICATED",
)


def parse(text: str) -> dict | None:
    """The status in what grpcurl printed, or None when it is no status."""
    try:
        status = wire.load(text[text.index("{") :])
    except ValueError:
        return None
    return status if isinstance(status, dict) else None


def details_of(status: dict, kind: str) -> dict:
    """The first detail of a type such as `ErrorInfo`."""
    for detail in status.get("details", []):
        if detail.get("@type", "").endswith(f"google.rpc.{kind}"):
            return detail
    return {}


def describe(status: dict) -> str:
    """One line for the error, one more for each violation."""
    info = details_of(status, "ErrorInfo")
    number = status.get("code", 2)
    code = CODES[number] if number < len(CODES) else str(number)
    reason = f" ({info['reason']})" if info.get("reason") else ""
    lines = [f"{code}{reason}: {status.get('message', '')}"]
    for violation in details_of(status, "BadRequest").get("fieldViolations", []):
        if violation.get("description", "") in status.get("message", ""):
            continue  # a single one is the message already
        lines.append(f"  {violation.get('field')}: {violation.get('description')}")
    for violation in details_of(status, "PreconditionFailure").get("violations", []):
        lines.append(
            f"  {violation.get('type')} {violation.get('subject')}: {violation.get('description')}"
        )
    if "omitted" in info.get("metadata", {}):
        lines.append(f"  and {info['metadata']['omitted']} more")
    delay = details_of(status, "RetryInfo").get("retryDelay")
    if delay:
        lines.append(f"  try again in {delay}")
    return "\n".join(lines)


def of_grpcurl(text: str, target: str) -> str:
    """What grpcurl's own text or the server's status says."""
    status = parse(text)
    if status is not None:
        return describe(status)
    if "Failed to dial" in text:
        return f"no kam server answers at {target}: start one with scripts/run, or give --target"
    # What grpcurl itself refuses to send.
    _, _, unsendable = text.partition("error getting request data: ")
    return unsendable.strip() or text.strip() or "grpcurl failed without a word"


def main() -> int:
    operation = sys.argv[1] == "--operation"
    script, target = sys.argv[-2:]
    text = sys.stdin.read()
    if not operation:
        print(f"{script}: {of_grpcurl(text, target)}")
        return 0
    found = wire.load(text)
    if "error" not in found:
        return 0
    print(f"{script}: {found['name']} failed: {describe(found['error'])}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
