#!/usr/bin/env bash
# ministack 1.5.33: of a FIFO queue one batch is under way at a time, whatever `MaximumConcurrency` the event source
# mapping asks for and however many message groups wait; of a standard queue so many as it asks for. Lambda takes the
# groups of a FIFO queue side by side. So a storm through a FIFO queue measures one invocation after the other here.
set -euo pipefail
work=$(mktemp -d); server=; trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ministack==1.5.33 boto3
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# Its server listens on all interfaces unless it is told otherwise.
BIND_HOST=127.0.0.1 GATEWAY_PORT=$port venv/bin/ministack > server.log 2>&1 &
server=$!
cat > probe.py <<'PY'
import io, json, sys, time, zipfile, boto3, botocore
keys = dict(region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
def client(name): return boto3.client(name, endpoint_url=f'http://127.0.0.1:{sys.argv[1]}', **keys)
sqs, functions = client('sqs'), client('lambda')
for _ in range(100):
    try:
        sqs.list_queues()
        break
    except botocore.exceptions.EndpointConnectionError:
        time.sleep(0.2)
code = '''
import os, time
def handler(event, context):
    began = time.time()
    time.sleep(1.5)
    with open(os.environ['SEEN'], 'a') as seen: print(began, time.time(), file=seen)
'''
packed = io.BytesIO()
with zipfile.ZipFile(packed, 'w') as zipped: zipped.writestr('index.py', code)
def most_at_once(kind):
    fifo = kind == 'FIFO'
    queue = sqs.create_queue(QueueName='probe.fifo' if fifo else 'probe', Attributes={'FifoQueue': 'true'} if fifo else {})['QueueUrl']
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=['QueueArn'])['Attributes']['QueueArn']
    seen = f'{sys.argv[2]}/{kind}'
    functions.create_function(FunctionName=kind, Runtime='python3.12', Role='arn:aws:iam::000000000000:role/probe',
        Handler='index.handler', Timeout=30, Code={'ZipFile': packed.getvalue()}, Environment={'Variables': {'SEEN': seen}})
    for n in range(6):
        more = dict(MessageGroupId=f'group-{n}', MessageDeduplicationId=f'{n}') if fifo else {}
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(n), **more)
    functions.create_event_source_mapping(EventSourceArn=arn, FunctionName=kind, BatchSize=1, ScalingConfig={'MaximumConcurrency': 4})
    for _ in range(300):
        try: spans = [tuple(map(float, line.split())) for line in open(seen)]
        except FileNotFoundError: spans = []
        if len(spans) == 6: break
        time.sleep(0.2)
    assert len(spans) == 6, spans
    return max(sum(began <= at < ended for began, ended in spans) for at, _ in spans)
print('FIFO:', most_at_once('FIFO'), 'at once')
print('standard:', 'several at once' if most_at_once('standard') > 1 else 'one at once')
PY
seen=$(venv/bin/python probe.py "$port" "$work")
echo "$seen"
[ "$seen" = 'FIFO: 1 at once
standard: several at once' ]
