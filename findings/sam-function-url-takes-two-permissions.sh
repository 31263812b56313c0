#!/usr/bin/env bash
# aws-sam-translator 1.115.0: a public function URL (`AuthType: NONE`) comes out with two permissions: InvokeFunctionUrl,
# and InvokeFunction for calls that come through the URL (`InvokedViaFunctionUrl`). Templates that write the one
# permission of the older documents by hand lack the second.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check aws-sam-translator==1.115.0 boto3
cat > probe.py <<'PY'
import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
template = {'Transform': 'AWS::Serverless-2016-10-31', 'Resources': {'F': {'Type': 'AWS::Serverless::Function', 'Properties': {
    'Runtime': 'python3.13', 'Handler': 'index.handler', 'InlineCode': 'def handler(event, context): pass', 'FunctionUrlConfig': {'AuthType': 'NONE'}}}}}
policies = {'AWSLambdaBasicExecutionRole': 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'}
session = boto3.session.Session(region_name='eu-west-1')
out = Translator(policies, Parser(), boto_session=session).translate(template, {})
for r in out['Resources'].values():
    if r['Type'] == 'AWS::Lambda::Permission':
        print({k: v for k, v in sorted(r['Properties'].items()) if k not in ('FunctionName', 'Principal')})
PY
seen=$(venv/bin/python probe.py | sort)
echo "$seen"
[ "$seen" = "{'Action': 'lambda:InvokeFunction', 'InvokedViaFunctionUrl': True}
{'Action': 'lambda:InvokeFunctionUrl', 'FunctionUrlAuthType': 'NONE'}" ]
