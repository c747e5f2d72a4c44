"""Reads a template with SAM's resources from stdin and writes the one without them to stdout.

Run by the SAM CLI's interpreter, whose environment has the translator that CloudFormation runs.
"""

import json
import sys
from typing import Any

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

# Sources that `sam package` would have uploaded by now.
_UPLOADED = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
}


def translate(template: dict[str, Any]) -> dict[str, Any]:
    """The template after the transform."""
    for resource in template["Resources"].values():
        if source := _UPLOADED.get(resource["Type"]):
            resource["Properties"][source] = {"Bucket": "artifacts", "Key": "artifact"}
    defaults = {
        name: parameter.get("Default", "unit")
        for name, parameter in template["Parameters"].items()
        if parameter["Type"] != "CommaDelimitedList"
    }
    translator = Translator({}, Parser())
    return dict(translator.translate(template, parameter_values=defaults))


if __name__ == "__main__":
    json.dump(translate(json.load(sys.stdin)), sys.stdout)
