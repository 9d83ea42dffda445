"""Checks the shipped scenarios against the JSON Schema that editors are given.

json_schema.py CHECKOUT. Needs Python 3.11 and the Debian package python3-jsonschema; without them
it ends with 77, which counts as skipped.
"""

import json
import pathlib
import sys

try:
    import tomllib

    import jsonschema
except ImportError as missing:
    print(missing)
    sys.exit(77)

scenarios = pathlib.Path(sys.argv[1]) / "scenarios"
schema = json.loads((scenarios / "scenario.schema.json").read_text(encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)


def faults_of(document):
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


failed = 0
files = sorted(scenarios.glob("*.toml"))
for file in files:
    text = file.read_text(encoding="utf-8")
    faults = faults_of(tomllib.loads(text))
    if text.splitlines()[0] != "#:schema scenario.schema.json":
        faults.append("the first line does not name the schema")
    for fault in faults:
        print(f"{file}: {fault}")
        failed += 1

# A schema that takes everything would prove nothing.
wrong_scenarios = {
    "an unknown key": "titel = 'x'",
    "an unknown key of a table": "[run]\nquartres = 4",
    "a wrong type": "[run]\nquarters = 'four'",
    "a number out of bounds": "[run]\nquarters = 0",
    "an unknown choice": "[population]\nrepresentation = 'both'",
    "an entry without id": "[[firm]]\nname = 'A'",
    "extends of a number": "extends = 3",
    "a mark that does not exist": "[[product]]\nid = 'a'\nprice = { value = 1, mark = 'E' }",
    "a quarter as a date": "[run]\nstart = 2024-01-01",
}
for name, text in wrong_scenarios.items():
    document = json.loads(json.dumps(tomllib.loads(text), default=str))
    if not faults_of(document):
        print(f"the schema lets pass {name}: {text!r}")
        failed += 1

print(f"{len(files)} scenarios, {len(wrong_scenarios)} wrong ones: {failed} faults")
sys.exit(1 if failed or not files else 0)
