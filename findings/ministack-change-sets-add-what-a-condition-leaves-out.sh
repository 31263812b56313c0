#!/usr/bin/env bash
# ministack 1.5.33: a change set lists resources whose condition is false as to be added, and then makes none of them.
# CloudFormation lists what it will make. So what `sam deploy` shows before it asks is not what it does here, and a test
# that reads a change set for what a parameter switches on sees it switched on always.
set -euo pipefail
work=$(mktemp -d); server=; trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ministack==1.5.33 boto3
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# Its server listens on all interfaces unless it is told otherwise.
BIND_HOST=127.0.0.1 GATEWAY_PORT=$port venv/bin/ministack > server.log 2>&1 &
server=$!
cat > probe.py <<'PY'
import sys, time, boto3, botocore
cloudformation = boto3.client('cloudformation', endpoint_url=f'http://127.0.0.1:{sys.argv[1]}', region_name='us-east-1',
    aws_access_key_id='a', aws_secret_access_key='b')
for _ in range(100):
    try:
        cloudformation.list_stacks()
        break
    except botocore.exceptions.EndpointConnectionError:
        time.sleep(0.2)
template = '''
Parameters:
  Wanted: { Type: String, Default: "no" }
Conditions:
  IsWanted: !Equals [!Ref Wanted, "yes"]
Resources:
  Always: { Type: AWS::SQS::Queue }
  Sometimes: { Type: AWS::SQS::Queue, Condition: IsWanted }
'''
cloudformation.create_change_set(StackName='probe', ChangeSetName='one', ChangeSetType='CREATE', TemplateBody=template)
for _ in range(100):
    told = cloudformation.describe_change_set(StackName='probe', ChangeSetName='one')
    if told['Status'] == 'CREATE_COMPLETE': break
    time.sleep(0.1)
print('to be added:', *sorted(change['ResourceChange']['LogicalResourceId'] for change in told['Changes']))
cloudformation.execute_change_set(StackName='probe', ChangeSetName='one')
for _ in range(100):
    if cloudformation.describe_stacks(StackName='probe')['Stacks'][0]['StackStatus'] == 'CREATE_COMPLETE': break
    time.sleep(0.1)
made = cloudformation.list_stack_resources(StackName='probe')['StackResourceSummaries']
print('made:', *sorted(resource['LogicalResourceId'] for resource in made))
PY
seen=$(venv/bin/python probe.py "$port")
echo "$seen"
[ "$seen" = 'to be added: Always Sometimes
made: Always' ]
