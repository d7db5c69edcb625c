#!/usr/bin/env python3
"""Compares what programs have acknowledged with what is on the disk, without a line of their code.

    acknowledged.py DATA_FOLDER OUTPUT...

OUTPUT: what `auroraedge-inspector --keys`, `auroraedge batch --json` or `ask --json` have printed; a last line without its
end is one that a kill has cut, and counts for nothing. The database is read from a copy, so that the next start of
the program finds it as the last one has left it. Prints one line; ends with 1 and a line for each fault when an acknowledged
answer or review is missing or another one, a picture is missing, cut or altered, or the database fails its check.
"""
import hashlib
import json
import pathlib
import shutil
import sqlite3
import sys
import tempfile


def whole_lines(path):
    text = path.read_bytes()
    return text[: text.rfind(b"\n") + 1].decode().splitlines()


def acknowledged(outputs):
    """Rows that were told as stored: {row: (sha256 or None, verdict, answer)}, {review: row or None}."""
    answers, reviews = {}, {}
    for path in outputs:
        for line in whole_lines(path):
            said = json.loads(line)
            if said.get("event") == "answer" and said["row"] is not None:
                answers[said["row"]] = (said["sha256"], said["verdict"], said["answer"])
            elif said.get("event") == "review" and said["review"] is not None:
                reviews[said["review"]] = said["row"]
            elif "event" not in said and said.get("row"):
                answers[said["row"]] = (None, said.get("verdict"), said.get("answer"))
    return answers, reviews


def copied(folder, scratch):
    for name in ("inspector.db", "inspector.db-wal"):
        if (folder / name).exists():
            shutil.copy(folder / name, scratch / name)
    return scratch / "inspector.db"


def sha256_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(folder, outputs):
    faults = []
    answers, reviews = acknowledged(outputs)
    rows = pictures = 0
    with tempfile.TemporaryDirectory() as scratch:
        copy = copied(folder, pathlib.Path(scratch))
        if copy.exists() and copy.stat().st_size + sum(f.stat().st_size for f in pathlib.Path(scratch).glob("*-wal")) > 0:
            database = sqlite3.connect(copy)
            for (verdict,) in database.execute("PRAGMA integrity_check"):
                if verdict != "ok":
                    faults.append(f"integrity_check: {verdict}")
            for broken in database.execute("PRAGMA foreign_key_check"):
                faults.append(f"foreign_key_check: {broken}")
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            stored = {row: rest for row, *rest in database.execute("SELECT id, picture_sha256, verdict, answer FROM answer")} if "answer" in tables else {}
            judged = dict(database.execute("SELECT id, answer_id FROM review")) if "review" in tables else {}
            named = list(database.execute("SELECT sha256, path FROM picture")) if "picture" in tables else []
            rows = len(stored)
            database.close()
        else:
            stored, judged, named = {}, {}, []
    for row, (sha256, verdict, answer) in answers.items():
        if row not in stored:
            faults.append(f"answer {row} was acknowledged and is lost")
        elif stored[row][1:] != [verdict, answer] or (sha256 and stored[row][0] != sha256):
            faults.append(f"answer {row} is {stored[row]}, acknowledged was {[sha256, verdict, answer]}")
    for review, row in reviews.items():
        if review not in judged:
            faults.append(f"review {review} was acknowledged and is lost")
        elif row is not None and judged[review] != row:
            faults.append(f"review {review} is of answer {judged[review]}, acknowledged was {row}")
    for sha256, path in named:
        pictures += 1
        if not (folder / path).is_file():
            faults.append(f"{path} is missing")
    unnamed = 0
    known = {path for _, path in named}
    unfinished = len(list((folder / "pictures").glob(".saving-*"))) # never published: nothing names them
    for file in (folder / "pictures").glob("*/*"):
        if file.stem != sha256_of(file):
            faults.append(f"{file.name} is cut or altered")
        unnamed += str(file.relative_to(folder)) not in known
    for fault in faults:
        print(fault)
    print(f"{len(answers)} answers and {len(reviews)} reviews acknowledged, {rows} answers and {pictures} pictures stored, {len(faults)} faults"
          f" ({unnamed} pictures of no row, {unfinished} unfinished files)")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]), [pathlib.Path(name) for name in sys.argv[2:]]))
