"""What SAM makes of templates: python translate-sam.py FOLDER TEMPLATE... writes FOLDER/NAME.json for each that uses SAM."""

import json
import logging
import os
import sys
from pathlib import Path
from types import SimpleNamespace

from cfnlint.decode import decode
from samtranslator.translator.transform import transform

SAM = "AWS::Serverless-2016-10-31"
# It is only asked about policies that a template names by their names; ours are written out.
NO_MANAGED_POLICIES = SimpleNamespace(load=lambda: {})

# Without an account SAM cannot ask which of its own features are switched on, and says so each time.
logging.getLogger("samtranslator.feature_toggle.feature_toggle").setLevel(logging.ERROR)
# The region tells the partition of its ARNs.
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

folder = Path(sys.argv[1])
for path in sys.argv[2:]:
    template, mistakes = decode(path)
    if mistakes:
        sys.exit("\n".join(str(mistake) for mistake in mistakes))
    if template.get("Transform") != SAM:
        continue
    # As `sam package` leaves it: code that lies beside the template has no address yet.
    template.setdefault("Globals", {}).setdefault("Function", {})["CodeUri"] = "s3://bucket/code.zip"
    translated = transform(template, {}, NO_MANAGED_POLICIES)
    (folder / f"{Path(path).stem}.json").write_text(json.dumps(translated, indent=2))
