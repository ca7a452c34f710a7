"""Rooms and the arrows between them, read from `room(…)` lines and from the includes of files.

1. A file belongs to the room of the innermost folder above it that has a `room(…)` line.
2. An arrow is a direct include. DEPS are the arrows of a room's own files, no more and no fewer; TEST_DEPS and MAIN_DEPS
   are those that only its tests (*_test.cc, *_bench.cc, fixture.h), or only its *_main.cc, have besides.
3. DEPS have no cycle. Tests and mains may point anywhere.
"""

import dataclasses
import pathlib
import re

KEYWORDS = ("DEPS", "TEST_DEPS", "MAIN_DEPS", "LIBRARIES")
ARROWS = {"own": "DEPS", "test": "TEST_DEPS", "main": "MAIN_DEPS"}  # kind of a file: where its arrows stand
SOURCE_ENDINGS = {".cc", ".h", ".def", ".inc"}
ROOM_OPENING = re.compile(r"^[ \t]*room\(", re.M)
ROOM_LINE = re.compile(r"^([ \t]*)room\(\s*(\w+)((?:\s+[\w:.\-${}]+)*)\s*\)", re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
TEST_FILE = re.compile(r"(_(test|bench)\.cc|(^|_)fixture\.h)$")
LINE_COLUMNS = 100
ROOM_SHARE_MAX = 0.09
LINES_TO_SHARE = 10_000  # a smaller tree has too few rooms for shares


@dataclasses.dataclass
class Room:
    name: str
    folder: pathlib.Path
    lists: dict  # keyword: names, as the line has them

    def line(self):
        """The `room(…)` line as CMake reads it, wrapped."""
        lines = [f"room({self.name}"]
        for keyword in KEYWORDS:
            for word in [keyword, *self.lists[keyword]] if self.lists[keyword] else []:
                if len(lines[-1]) + 1 + len(word) + 1 > LINE_COLUMNS:
                    lines.append(" ")
                lines[-1] += " " + word
        return "\n".join(lines) + ")"


def kind_of(path):
    if TEST_FILE.search(path.name):
        return "test"
    return "main" if path.name.endswith("_main.cc") else "own"


class Tree:
    """The rooms below a folder, their files, and who includes what."""

    def __init__(self, root):
        self.root = root
        self.problems = []
        self.rooms = {}
        for cmake in self._files("CMakeLists.txt"):
            self._read(cmake)
        self._by_folder = {room.folder: room for room in self.rooms.values()}
        self.arrows = {name: {kind: {} for kind in ARROWS} for name in self.rooms}
        for path in self._files("*.*"):
            if path.suffix in SOURCE_ENDINGS:
                self._include(path)

    def _files(self, pattern):
        for top in ("src", "minimizer"):
            yield from sorted((self.root / top).rglob(pattern))

    def _read(self, cmake):
        text = cmake.read_text()
        matches = list(ROOM_LINE.finditer(text))
        if len(matches) != len(ROOM_OPENING.findall(text)):
            self.problems.append(f"{cmake.relative_to(self.root)}: a room( line that ci/tidy cannot read")
        for match in matches:
            lists, keyword = {key: [] for key in KEYWORDS}, None
            for word in match.group(3).split():
                if word in KEYWORDS:
                    keyword = word
                elif keyword is None:
                    self.problems.append(f"room {match.group(2)}: {word} belongs to no keyword")
                else:
                    lists[keyword].append(word)
            if match.group(2) in self.rooms:
                self.problems.append(f"two rooms are named {match.group(2)}")
            self.rooms[match.group(2)] = Room(match.group(2), cmake.parent, lists)

    def room_of(self, path):
        for folder in path.parents:
            if folder in self._by_folder:
                return self._by_folder[folder]
        return None

    def _target(self, path, include):
        """The file of ours that an include names, or None."""
        for base in (path.parent, self.root / "src", self.root):
            if (base / include).is_file():
                return (base / include).resolve()
        return None

    def _include(self, path):
        room, kind, name = self.room_of(path), kind_of(path), path.relative_to(self.root)
        if room is None:
            # A worker that a script compiles has no room.
            if kind != "main":
                self.problems.append(f"{name}: is in no room: its folder needs a CMakeLists.txt with a room( line")
            return
        for include in INCLUDE.findall(path.read_text(errors="replace")):
            target = self._target(path, include)
            if target is None:
                continue
            if kind != "test" and kind_of(target) == "test":
                self.problems.append(f"{name}: includes {include}, which is for tests")
            other = self.room_of(target)
            if other is not None and other is not room:
                self.arrows[room.name][kind].setdefault(other.name, (name, include))

    def true_lists(self, room):
        """{keyword: rooms} as the includes have them."""
        arrows = self.arrows[room.name]
        return {"DEPS": sorted(arrows["own"]),
                "TEST_DEPS": sorted(set(arrows["test"]) - set(arrows["own"])),
                "MAIN_DEPS": sorted(set(arrows["main"]) - set(arrows["own"])),
                "LIBRARIES": room.lists["LIBRARIES"]}

    def true_lines(self):
        """{room name: its `room(…)` line as the includes have it}."""
        return {room.name: Room(room.name, room.folder, self.true_lists(room)).line()
                for room in self.rooms.values()}

    def write(self):
        """Puts the true lines into the CMake files."""
        lines = self.true_lines()
        for folder in {room.folder for room in self.rooms.values()}:
            path = folder / "CMakeLists.txt"
            path.write_text(ROOM_LINE.sub(
                lambda match: "\n".join(match.group(1) + line for line in lines[match.group(2)].split("\n")),
                path.read_text()))

    def _check_list(self, room, kind):
        keyword = ARROWS[kind]
        named, true = room.lists[keyword], self.true_lists(room)[keyword]
        problems = []
        for other in sorted({other for other in named if named.count(other) > 1}):
            problems.append(f"room {room.name}: {keyword} names {other} twice")
        for other in sorted(set(named) - set(self.rooms)):
            problems.append(f"room {room.name}: {keyword} names {other}, which is no room")
        for other in sorted((set(named) & set(self.rooms)) - set(true)):
            why = "DEPS has it" if other in self.arrows[room.name]["own"] else f"no {kind} file includes it"
            problems.append(f"room {room.name}: {keyword} names {other}, but {why}")
        for other in sorted(set(true) - set(named)):
            path, include = self.arrows[room.name][kind][other]
            problems.append(f"{path}: includes {include}, but {other} is not in {keyword} of room {room.name}")
        return problems

    def _check_cycles(self):
        """One line per cycle of own includes, with an include for each of its arrows."""
        problems, done = [], set()

        def visit(name, path):
            if name in path:
                cycle = path[path.index(name):] + [name]
                steps = [f"{a} includes {b} ({self.arrows[a]['own'][b][0]})" for a, b in zip(cycle, cycle[1:])]
                problems.append("cycle of rooms: " + ", ".join(steps))
            elif name not in done:
                for other in sorted(self.arrows[name]["own"]):
                    visit(other, path + [name])
                done.add(name)

        for name in sorted(self.rooms):
            visit(name, [])
        return problems

    def check(self):
        problems = list(self.problems)
        for name in sorted(self.rooms):
            for kind in ARROWS:
                problems += self._check_list(self.rooms[name], kind)
        return problems + self._check_cycles() + self._check_shares()

    def _check_shares(self):
        """A room beyond ROOM_SHARE_MAX of all lines is two."""
        lines = {}
        for top in ("src", "minimizer", "fuzz"):
            for path in (self.root / top).rglob("*"):
                if path.suffix in {".cc", ".h", ".def"}:
                    room = self.room_of(path)
                    name = room.name if room else top
                    lines[name] = lines.get(name, 0) + path.read_text(errors="replace").count("\n")
        total = sum(lines.values())
        return [f"room {name}: {count} lines, {100 * count / total:.1f} % of {total} and more than "
                f"{100 * ROOM_SHARE_MAX:.0f} %" for name, count in sorted(lines.items())
                if total >= LINES_TO_SHARE and count > ROOM_SHARE_MAX * total]
