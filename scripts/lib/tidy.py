"""Runs clang-tidy-14 on our sources, in parallel, skipping what it has found clean before.

usage: tidy.py ROOT BUILD [FILE...]

A source is known to be clean when nothing it was judged by has changed: its text, every header of
ours or generated that it includes (ninja knows them from the build), its flags, .clang-tidy, the
tool. The cache lies in ~/.cache/kam/clang-tidy and serves every clone of this user.
"""

import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

TIDY = "clang-tidy-14"
CACHE_DAYS = 30


@functools.cache
def digest(path: str) -> str:
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def includes(build: pathlib.Path) -> dict[str, list[str]]:
    """Every object of the build with the files it was made from."""
    text = subprocess.run(
        ["ninja", "-C", str(build), "-t", "deps"], check=True, capture_output=True, text=True
    ).stdout
    result: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.startswith("    "):
            current.append(os.path.normpath(build / line.strip()))
        elif ": #deps" in line:
            current = result.setdefault(line.split(": #deps")[0], [])
    return result


def flags(entry: dict) -> list[str]:
    """The compiler's arguments without the ccache wrapper in front of it."""
    words = shlex.split(entry["command"])
    start = next(i for i, w in enumerate(words) if re.search(r"/(c\+\+|g\+\+|clang\+\+)[^/]*$", w))
    return words[start:]


def key(root: pathlib.Path, words: list[str], files: list[str], basis: str) -> str:
    sha = hashlib.sha256(basis.encode())
    sha.update(" ".join(words).replace(str(root), "").encode())
    for file in sorted(set(files)):
        if file.startswith(f"{root}/"):
            sha.update(f"{file[len(str(root)) :]} {digest(file)}\n".encode())
    return sha.hexdigest()


def main() -> int:
    root, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    only = {str(pathlib.Path(f).resolve()) for f in sys.argv[3:]}
    version = subprocess.run([TIDY, "--version"], check=True, capture_output=True, text=True).stdout
    basis = version + (root / ".clang-tidy").read_text()
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
    cache = cache / "kam" / "clang-tidy"
    cache.mkdir(parents=True, exist_ok=True)
    known = includes(build)

    work, database = [], []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = entry["file"]
        ours = source.startswith((f"{root}/server/", f"{root}/tests/"))
        if not ours or (only and source not in only):
            continue
        words = flags(entry)
        database.append({"directory": entry["directory"], "file": source, "arguments": words})
        made_from = known.get(words[words.index("-o") + 1])
        stamp = cache / key(root, words, made_from, basis) if made_from else None
        if stamp and stamp.exists():
            stamp.touch()
        else:
            work.append((source, stamp))

    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "compile_commands.json").write_text(json.dumps(database))

        def judge(item):
            source, stamp = item
            run = subprocess.run(
                [TIDY, "-quiet", "-p", folder, "--extra-arg=-Wno-unknown-warning-option", source],
                cwd=root, capture_output=True, text=True,
            )  # fmt: skip
            return source, stamp, run

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for source, stamp, run in pool.map(judge, work):
                if run.returncode == 0:
                    if stamp:
                        stamp.touch()
                    continue
                failed += 1
                print(run.stdout.strip() or run.stderr.strip() or f"{source}: {TIDY} failed")

    old = time.time() - CACHE_DAYS * 86400
    for stamp in cache.iterdir():
        if stamp.stat().st_mtime < old:
            stamp.unlink(missing_ok=True)
    print(f"{len(database)} files, {len(work)} judged anew, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
