#!/usr/bin/env bash
# parliament 1.6.4: `ssm:SendCommand` on a document that AWS owns, whose ARN has an empty account as AWS writes it, is a
# RESOURCE_MISMATCH; with `*` for the account there is no complaint, and the permission is wider than needed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check parliament==1.6.4 'setuptools<81'
cat > probe.py <<'PY'
import json, parliament
for account in ('', '*'):
    policy = {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': 'ssm:SendCommand', 'Resource': f'arn:aws:ssm:us-east-1:{account}:document/AWS-RunPatchBaseline'}]}
    print(f'account {account!r}:', sorted({f.issue for f in parliament.analyze_policy_string(json.dumps(policy)).findings}))
PY
seen=$(venv/bin/python -W ignore probe.py)
echo "$seen"
[ "$seen" = "account '': ['RESOURCE_MISMATCH']
account '*': []" ]
