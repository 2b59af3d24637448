"""What C++ here may not hold: long functions, and idioms that have a better one.

usage: idioms.py ROOT FILE...    the files are formatted by .clang-format
"""

import pathlib
import re
import sys

MAX_FUNCTION_LINES = 70
COMMENT = re.compile(r"//.*")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
WAITS = "it follows the wall clock: wait on a kam::Signal or until a kam::Deadline"

# What is banned, where (a path that begins so), except in these files, and what to do instead.
BANNED = [
    (r"\babsl::SleepFor\b", "server/", (), WAITS),
    (r"\b(Await|Wait|WaitForNotification|LockWhen)With(Timeout|Deadline)\b", "server/", (), WAITS),
    (
        r"\babsl::Now\(\)",
        "server/",
        ("server/base/clock.cc",),
        "take the transaction's now(), a Clock that is handed in, or a Deadline",
    ),
    (
        r"\brows?(?:\.|->)\w+\(\w+, [1-9]\d*\)",
        "server/",
        (),
        "columns have names: read a struct by its Columns, or name the place",
    ),
    (r"\bnlohmann\b", "server/store/", (), "documents are messages of kam.stored.v1"),
    (r"\bstd::string_view\b", "server/", (), "absl::string_view: Debian's Abseil is C++14"),
]
BANNED = [(re.compile(pattern), *rest) for pattern, *rest in BANNED]

NO_FUNCTION = re.compile(r"^\s*(namespace|class|struct|enum|union|extern|#|//|template|\w+:$|})")


def functions(lines: list[str]):
    """Yields (first line, number of lines) of the functions of a formatted file, members too."""
    for indent in ("", "  "):
        begin = None
        for number, line in enumerate(lines, 1):
            own = line.startswith(indent) and line[len(indent) : len(indent) + 1] not in ("", " ")
            if own and line.startswith(f"{indent}}}"):
                if begin is not None and line == f"{indent}}}":
                    yield begin, number - begin + 1
                begin = None
            elif own and (NO_FUNCTION.match(line) or line.rstrip().endswith(";")):
                begin = None
            elif own and begin is None:
                begin = number


def complaints(path: str, text: str):
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        code = STRING.sub('""', COMMENT.sub("", line))
        for pattern, folder, exceptions, instead in BANNED:
            if path.startswith(folder) and path not in exceptions and pattern.search(code):
                yield number, f"{pattern.search(code)[0]}: {instead}"
    for begin, length in functions(lines):
        if length > MAX_FUNCTION_LINES:
            yield begin, f"a function of {length} lines, more than {MAX_FUNCTION_LINES}"


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    bad = 0
    for path in sys.argv[2:]:
        for number, message in complaints(path, (root / path).read_text()):
            print(f"{path}:{number}: {message}")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
