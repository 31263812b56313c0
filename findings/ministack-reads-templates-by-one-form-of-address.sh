#!/usr/bin/env bash
# ministack 1.5.33: of a template in S3 it reads the address with the bucket in the path
# (https://s3.us-east-1.amazonaws.com/BUCKET/KEY), and calls the one with the bucket in the host name, which is how the
# console and most SDKs write it (https://BUCKET.s3.us-east-1.amazonaws.com/KEY), an invalid TemplateURL. CloudFormation
# takes both. A template of more than 51,200 bytes can be given in no other way.
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
from botocore.config import Config
keys = dict(endpoint_url=f'http://127.0.0.1:{sys.argv[1]}', region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
s3 = boto3.client('s3', config=Config(s3={'addressing_style': 'path'}), **keys)
cloudformation = boto3.client('cloudformation', **keys)
for _ in range(100):
    try:
        s3.list_buckets()
        break
    except botocore.exceptions.EndpointConnectionError:
        time.sleep(0.2)
s3.create_bucket(Bucket='templates')
s3.put_object(Bucket='templates', Key='one.yaml', Body='Resources: { Queue: { Type: AWS::SQS::Queue } }')
for form, url in {
    'in the path': 'https://s3.us-east-1.amazonaws.com/templates/one.yaml',
    'in the host': 'https://templates.s3.us-east-1.amazonaws.com/one.yaml',
}.items():
    try:
        cloudformation.create_stack(StackName=form.replace(' ', '-'), TemplateURL=url)
        print(f'bucket {form}: taken')
    except botocore.exceptions.ClientError as error:
        print(f"bucket {form}: {error.response['Error']['Code']}")
PY
seen=$(venv/bin/python probe.py "$port")
echo "$seen"
[ "$seen" = 'bucket in the path: taken
bucket in the host: ValidationError' ]
