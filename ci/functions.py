"""Functions of a C++ file and their lengths, read off the indentation that clang-format gives."""

import re

RAW_STRING = re.compile(r'R"(\w*)\(.*?\)\1"', re.S)
TYPE = re.compile(r"(?:class|struct|union) (\w+)[^;]*$")
NAME = re.compile(r"(operator\W+?|[\w:~]+)\((\w+, \w+\))?")
ARGUMENTS = re.compile(r"<[^<>]*>")
INDENT_PER_TYPE = 2


def _opening(lines, end, indent):
    """The line that opens what closes in line `end`: the last one before it at the same indentation."""
    for number in range(end - 1, -1, -1):
        line = lines[number]
        if line.strip() and not line.startswith("#") and len(line) - len(line.lstrip()) == indent:
            return number
    return end


def _name(lines, start):
    # The result's type may fill a line of its own.
    for line in lines[start:start + 2]:
        while ARGUMENTS.search(line):
            line = ARGUMENTS.sub("", line)
        match = NAME.search(line)
        if match:
            is_test = match.group(1).startswith("TEST")
            return match.group(2)[:-1].replace(", ", ".") if is_test and match.group(2) else match.group(1)
    return lines[start].strip()


def _functions_in(lines, first, last, indent, owner):
    for end in range(first, last):
        start = None
        if lines[end] in (" " * indent + "}", " " * indent + "};"):
            start = _opening(lines, end, indent)
        if start is None:
            continue
        kind = TYPE.search(lines[start])
        if kind:
            yield from _functions_in(lines, start + 1, end, indent + INDENT_PER_TYPE, f"{owner}{kind.group(1)}::")
        elif lines[end].endswith("}"):
            yield owner + _name(lines, start), start + 1, end - start + 1


def functions_of(text):
    """(name, first line, number of lines) of each function; members are Type::name."""
    # What a raw string holds has an indentation of its own; what comes behind it is deep in the function.
    blank = RAW_STRING.sub(lambda match: "\n" * match.group().count("\n") + " " * 8, text)
    lines = blank.split("\n")
    return list(_functions_in(lines, 0, len(lines), 0, ""))
