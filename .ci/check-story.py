#!/usr/bin/env python3
# Reads what `npm start -- --headless --json` printed: its last line is the report. Every rotation must
# be done, or held with a reason; the findings of users whose rotations are all done must be RESOLVED.
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    lines = [line for line in file.read().splitlines() if line.strip()]
if not lines:
    sys.exit("the story printed nothing")
report = json.loads(lines[-1])

problems = []
unfinished = set()
for rotation in report["rotations"]:
    who = (rotation["account"], rotation["userName"])
    name = f"{who[0]}/{who[1]} …{rotation['oldKeyId'][-4:]}"
    if rotation["stage"] != "done":
        unfinished.add(who)
        if rotation["stage"] != "held":
            problems.append(f"{name} ended at {rotation['stage']}")
        elif not rotation["reason"]:
            problems.append(f"{name} is held without a reason")
for finding in report["findings"]:
    who = (finding["account"], finding["userName"])
    rotated = any((each["account"], each["userName"]) == who for each in report["rotations"])
    if rotated and who not in unfinished and finding["workflow"] != "RESOLVED":
        problems.append(f"the finding of {who[0]}/{who[1]} is {finding['workflow']}, not RESOLVED")
if not report["rotations"]:
    problems.append("there was no rotation")

stages = [rotation["stage"] for rotation in report["rotations"]]
counts = ", ".join(f"{stages.count(stage)} {stage}" for stage in sorted(set(stages)))
print(f"{report['simulatedDays']} days: {counts}; {report['runbookExecutions']} runbook executions")
if problems:
    sys.exit("\n".join(problems))
