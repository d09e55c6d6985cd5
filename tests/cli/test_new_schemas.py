"""`allegiance new` leaves a JSON Schema for editors beside each file, which the file satisfies."""

import json
import re
from datetime import date
from typing import Any

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from allegiance.cli.main import app


def plain(data: Any) -> Any:
    """Data of a YAML file as JSON knows it: dates and keys as text."""
    if isinstance(data, dict):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return data.isoformat() if isinstance(data, date) else data


def test_each_file_names_its_schema_and_satisfies_it(tmp_path):
    result = CliRunner().invoke(app, ["new", "mine", "--in", str(tmp_path)])
    assert result.exit_code == 0, result.output
    folder = tmp_path / "mine"
    for name in ("case", "timeline", "dossier"):
        text = (folder / f"{name}.yaml").read_text()
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
        assert named is not None
        schema = json.loads((folder / named[1]).read_text())
        found = plain(yaml.safe_load(text))
        jsonschema.validate(found, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**found, "no_such_key": 1}, schema)
