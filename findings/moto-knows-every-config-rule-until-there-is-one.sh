#!/usr/bin/env bash
# moto 5.2.5: DescribeConfigRules for a rule that does not exist is refused (NoSuchConfigRuleException), as on AWS, only once
# the account has some rule. Before that any name is answered with an empty list: a program that tells "there is no such
# rule" from "nothing is known" sees the one become the other with the first rule that somebody makes.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[config]==5.2.5' boto3
cat > probe.py <<'PY'
import boto3
from botocore.exceptions import ClientError
from moto import mock_aws
with mock_aws():
    config = boto3.client('config', region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
    def ask():
        try:
            return f"{len(config.describe_config_rules(ConfigRuleNames=['no-such-rule'])['ConfigRules'])} rules"
        except ClientError as error:
            return error.response['Error']['Code']
    before = ask()
    config.put_configuration_recorder(ConfigurationRecorder={'name': 'r', 'roleARN': 'arn:aws:iam::123456789012:role/r'})
    config.put_config_rule(ConfigRule={'ConfigRuleName': 'another', 'Source': {'Owner': 'AWS', 'SourceIdentifier': 'INCOMING_SSH_DISABLED'}})
    print(f'without any rule: {before}; with another: {ask()}')
PY
seen=$(venv/bin/python probe.py)
echo "$seen"
[ "$seen" = 'without any rule: 0 rules; with another: NoSuchConfigRuleException' ]
