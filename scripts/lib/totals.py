"""Adds up test reports and prints the closing line.

usage: totals.py FOLDER SUITE...

Each SUITE has left FOLDER/SUITE.xml (JUnit style, from GoogleTest or pytest) and
FOLDER/SUITE.status (the exit status of its run). A suite that ended badly without naming a failed
test counts as one.
"""

import pathlib
import sys
import xml.etree.ElementTree as ET


def count(report: pathlib.Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of one report."""
    passed = failed = skipped = 0
    for case in ET.parse(report).getroot().iter("testcase"):
        if case.get("status") == "notrun":  # disabled, or not asked for
            continue
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def main(folder: pathlib.Path, suites: list[str]) -> int:
    passed = failed = skipped = 0
    for suite in suites:
        status = (folder / f"{suite}.status").read_text().strip()
        try:
            p, f, s = count(folder / f"{suite}.xml")
        except (OSError, ET.ParseError):
            p, f, s = 0, 0, 0
        if status != "0" and f == 0:
            print(f"{suite}: ended with status {status} outside of a test")
            f = 1
        print(f"{suite}: {p} passed, {f} failed, {s} skipped")
        passed, failed, skipped = passed + p, failed + f, skipped + s
    if passed + failed == 0:
        print("no test was run")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2:]))
