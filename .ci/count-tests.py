#!/usr/bin/env python3
# Prints `N passed, N failed` from vitest's JSON report, as the last line of a CI run. A suite that
# could not even be loaded counts as one failure. Exits 1 when there is no report or no test in it.
import json
import sys

try:
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    passed, failed = report["numPassedTests"], report["numFailedTests"]
    if any(type(count) is not int for count in (passed, failed)):
        raise ValueError("the counts are no numbers")
    if not report["success"]:
        failed = max(failed, 1)
except (OSError, ValueError, KeyError, TypeError) as problem:
    print(f"the tests did not come to an end ({problem}): see above", file=sys.stderr)
    passed, failed = 0, 1

skipped = 0 if failed and not passed else report.get("numPendingTests", 0) + report.get("numTodoTests", 0)
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(1 if failed or not passed else 0)
