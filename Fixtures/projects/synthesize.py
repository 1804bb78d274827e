"""Synthesizes one CDK project of this folder into its cdk.out, as the CDK CLI would, and trims the result.

usage: synthesize.py PROJECT       (in an environment with PROJECT/requirements.txt installed; an app in JavaScript
                                    needs aws-cdk-lib and constructs where NODE_PATH says)

What is trimmed tells nothing about the resources: the construct tree, the report on feature flags (20 kB of prose),
the code of assets, the traces of warnings, and in other traces what stands before node_modules: it is this machine's.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

project = Path(sys.argv[1]).resolve()
assembly = project / "cdk.out"
shutil.rmtree(assembly, ignore_errors=True)

context = {"aws:cdk:enable-path-metadata": True, "aws:cdk:enable-asset-metadata": True}
context |= json.loads((project / "cdk.json").read_text("utf-8"))["context"]
context |= json.loads((project / "cdk.context.json").read_text("utf-8"))
settings = {"CDK_OUTDIR": str(assembly), "CDK_CONTEXT_JSON": json.dumps(context)}
command = [sys.executable, "app.py"]
if (project / "app.js").exists():
    # So that the assembly names the line of each construct.
    settings["CDK_DEBUG"] = "1"
    command = ["node", "--stack-trace-limit=50", "app.js"]
subprocess.run(command, cwd=project, env=os.environ | settings, check=True)


def write(path: Path, value) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", "utf-8")


for manifest_path in assembly.rglob("manifest.json"):
    manifest = json.loads(manifest_path.read_text("utf-8"))
    for name in ["Tree", "aws-cdk-lib/feature-flag-report"]:
        manifest["artifacts"].pop(name, None)
    write(manifest_path, manifest)
for name in ["tree.json", "validation-report.json"]:
    (assembly / name).unlink(missing_ok=True)
for folder in assembly.glob("asset.*"):
    shutil.rmtree(folder)


def portable(lines: list) -> list:
    """A trace without what is this machine's: paths relative to the app, or from node_modules on."""
    lines = [line.replace(f"{project}/", "") for line in lines]
    return [re.sub(r"/\S*/node_modules/", "/node_modules/", line) for line in lines]


for path in assembly.rglob("*.metadata.json"):
    metadata = json.loads(path.read_text("utf-8"))
    for entries in metadata.values():
        for entry in entries:
            entry.pop("trace", None)
            if entry["type"] == "aws:cdk:creationStack":
                entry["data"] = portable(entry["data"])
            if entry["type"] == "aws:cdk:propertyAssignment":
                entry["data"]["stackTrace"] = portable(entry["data"]["stackTrace"])
    write(path, metadata)
