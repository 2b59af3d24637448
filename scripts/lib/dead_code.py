"""Finds C++ that nothing uses: headers that nothing includes, functions that nothing calls.

usage: dead_code.py ROOT BUILD    BUILD is a build folder that is up to date

Functions are found in the object files: everything that `main` does not reach by calls, virtual
functions and static initialisers. What only tests call counts as not called. Functions of classes
and templates that are defined in headers are not looked at: the compiler writes down only those
that are called.
"""

import collections
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
# Sections that describe code and call none.
NOT_CODE = re.compile(r"\.(eh_frame|debug_|gcc_except_table|note|comment)")
# number, name, place in the file; for relocations the section they are for stands last but one
SECTION = re.compile(r"^\s*\[\s*(\d+)\]\s+(\S+)\s+\w+\s+[0-9a-f]+\s+([0-9a-f]+)\s.*?(\d+)\s+\d+$")
# offset, info, type, value of the symbol, symbol, addend
RELOCATION = re.compile(
    r"^([0-9a-f]{8,16})\s+[0-9a-f]+\s+(R_\S+)\s+[0-9a-f]+\s+(.*?)\s+([+-])\s+([0-9a-f]+)$"
)
# number, value, size, type, binding, visibility, section, name
SYMBOL = re.compile(r"^\s*\d+:\s+([0-9a-f]+)\s+(\w+)\s+(FUNC|OBJECT)\s+(\w+)\s+\w+\s+(\d+)\s+(\S+)")
# The name may be cut off here, so the place in the file counts.
TABLE = re.compile(r"^Relocation section '.* at offset 0x([0-9a-f]+) ")


# Functions that are there for tests, each with its reason.
KEPT = {
    "kam::domain::LogLikelihood": "the published formula, which the fits' faster sums are held to",
    "kam::store::Rows::Double": "session_test reads back what a parameter of each type became",
    "kam::store::Rows::Int32s": "as above",
    "kam::store::Rows::OptionalInt": "as above",
    "kam::store::Rows::OptionalDoubles": "as above",
}


def unused_headers(root: pathlib.Path) -> list[str]:
    """The headers of server/ and tests/ that no file includes."""
    sources = [p for top in ("server", "tests") for p in (root / top).rglob("*")]
    sources = [p for p in sources if p.suffix in (".h", ".cc")]
    included = set()
    for path in sources:
        for name in INCLUDE.findall(path.read_text()):
            for base in (root / "server", root / "tests", root, path.parent):
                included.add((base / name).resolve())
    return [
        f"{path.relative_to(root)}:1: nothing includes it"
        for path in sources
        if path.suffix == ".h" and path.resolve() not in included
    ]


class Graph:
    """Which symbol refers to which. Local symbols are named by their object file."""

    def __init__(self) -> None:
        self.refers: dict[str, set[str]] = collections.defaultdict(set)
        self.roots: set[str] = {"main"}
        self.functions: dict[str, str] = {}  # external functions of ours, and their object file

    def add(self, objects: list[pathlib.Path], ours: bool) -> None:
        command = ["readelf", "--wide", "--section-headers", "--symbols", "--relocs", *objects]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        parts = re.split(r"^File: (.*)$", text, flags=re.MULTILINE)
        if len(objects) == 1:
            parts = ["", str(objects[0]), text]
        for name, part in zip(parts[1::2], parts[2::2], strict=True):
            self._add_object(name, part, ours)

    def _add_object(self, name: str, text: str, ours: bool) -> None:
        sections: dict[int, str] = {}
        tables: dict[int, int] = {}  # of relocations, by place, and the section each is for
        symbols: dict[int, list[tuple[int, int, str]]] = collections.defaultdict(list)
        relocations: list[tuple[int, int, str, int]] = []
        target = None
        for line in text.splitlines():
            if match := SECTION.match(line):
                sections[int(match[1])] = match[2]
                if match[2].startswith(".rela") and not NOT_CODE.match(match[2][5:]):
                    tables[int(match[3], 16)] = int(match[4])
            elif match := TABLE.match(line):
                target = tables.get(int(match[1], 16))
            elif match := RELOCATION.match(line):
                if target is not None:
                    addend = int(match[4] + match[5], 16)
                    if match[2] in ("R_X86_64_PC32", "R_X86_64_PLT32"):
                        addend += 4  # they count from the end of the instruction
                    relocations.append((target, int(match[1], 16), match[3], addend))
            elif (match := SYMBOL.match(line)) is not None:
                value, size, kind, binding, section, label = match.groups()
                symbol = f"{name}!{label}" if binding == "LOCAL" else label
                symbols[int(section)].append((int(value, 16), int(size, 0), symbol))
                if ours and kind == "FUNC" and binding == "GLOBAL":
                    self.functions[symbol] = name
        self._connect(name, sections, symbols, relocations)

    def _connect(self, name, sections, symbols, relocations) -> None:
        numbers = {section: number for number, section in sections.items()}
        local = {}
        for number, entries in symbols.items():
            # Calls of local functions within a section leave no trace; that they are called is
            # the compiler's warning.
            own = f"{name}!{number}"
            first = {}  # of the names of one place: a constructor has two
            for start, _, symbol in entries:
                self.refers[symbol].add(first.setdefault(start, symbol))
                self.refers[symbol].add(own)
                if symbol.startswith(f"{name}!"):
                    self.refers[own].add(symbol)
                    local[symbol.split("!", 1)[1]] = symbol

        def at(section: int, offset: int) -> str:
            for start, size, symbol in symbols.get(section, []):
                if start <= offset < start + max(size, 1):
                    return symbol
            return f"{name}!{section}"

        for section, offset, label, addend in relocations:
            source = at(section, offset)
            label = label.split("@")[0]
            goal = at(numbers[label], addend) if label in numbers else local.get(label, label)
            self.refers[source].add(goal)
            if label in numbers:
                self.refers[source].add(f"{name}!{numbers[label]}")
            if sections.get(section, "").startswith((".init_array", ".ctors")):
                self.roots.update((source, goal))

    def reached(self) -> set[str]:
        seen, queue = set(self.roots), list(self.roots)
        while queue:
            for goal in self.refers.get(queue.pop(), ()):
                if goal not in seen:
                    seen.add(goal)
                    queue.append(goal)
        return seen


def demangled(symbols: list[str]) -> dict[str, str]:
    text = "\n".join(symbols)
    done = subprocess.run(["c++filt"], input=text, check=True, capture_output=True, text=True)
    return dict(zip(symbols, done.stdout.splitlines(), strict=True))


def called_within(source: str, name: str) -> bool:
    """Whether a file calls a function that it defines: the compiler may have put it in place."""
    return len(re.findall(rf"\b{re.escape(name)}\b(?=\s*[(<,;)])", source)) > 1


def uncalled_functions(root: pathlib.Path, build: pathlib.Path) -> list[str]:
    graph = Graph()
    libraries = sorted((build / "server" / "CMakeFiles").glob("kam*.dir"))
    for library in libraries:
        graph.add(sorted(library.rglob("*.o")), ours=library.name != "kam.dir")
    reached = graph.reached()
    names = demangled(sorted(graph.functions))
    used = {names[symbol] for symbol in graph.functions if symbol in reached}
    found = set()
    for symbol, object_file in graph.functions.items():
        name = names[symbol]
        if symbol in reached or name in used or not name.startswith("kam::"):
            continue
        if name.split("(")[0] in KEPT:
            continue
        parts = re.match(r".*?/kam\w*\.dir/(.*)\.o$", object_file)
        source = root / "server" / parts[1]
        if not source.exists():  # generated
            continue
        plain = re.sub(r"\[abi:\w+\]", "", name).split("(")[0].split("::")[-1]
        text = COMMENT.sub("", source.read_text())
        if not called_within(text, plain):
            found.add(f"server/{parts[1]}: nothing but tests calls {name}")
    return sorted(found)


def main() -> int:
    root, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    found = unused_headers(root) + uncalled_functions(root, build)
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
