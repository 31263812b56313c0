#!/usr/bin/env bash
# cfn-lint 1.58.0 on a SAM template says nothing about what SAM will generate: a FIFO queue as event source with a batch
# of 100, and a misspelt function response type, pass. The same template, translated first (aws-sam-translator 1.115.0),
# gets E3705 and E3030. The translator refuses none of it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check cfn-lint==1.58.0 aws-sam-translator==1.115.0 boto3
cat > sam.yaml <<'YAML'
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Events:
        Work:
          Type: SQS
          Properties: { Queue: !GetAtt Queue.Arn, BatchSize: 100, FunctionResponseTypes: [ReportBatchItemFailure] }
YAML
cat > translate.py <<'PY'
import json, unittest.mock
from cfnlint.decode import cfn_yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
import boto3
session = boto3.session.Session(region_name='eu-west-1')
template = json.loads(json.dumps(cfn_yaml.load('sam.yaml')))
plan = Translator({'AWSLambdaBasicExecutionRole': 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', 'AWSLambdaSQSQueueExecutionRole': 'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole'}, Parser(), boto_session=session)
print(json.dumps(plan.translate(template, {'AWS::Region': 'eu-west-1'})))
PY
venv/bin/python translate.py > translated.json
rules() { { venv/bin/cfn-lint --region eu-west-1 --format parseable "$1" || true; } | cut -d: -f6 | grep '^E' | sort -u | paste -sd' '; }
seen="SAM: $(rules sam.yaml); translated: $(rules translated.json)"
echo "$seen"
[ "$seen" = 'SAM: ; translated: E3030 E3705' ]
