#!/usr/bin/env bash
# moto 5.2.5 (server): of TransactWriteItems sent at once, each of which puts the same item on the condition that it is
# not there, two or more are stored; DynamoDB stores one and cancels the others. The server answers in threads, and checks
# and writes without a lock between. A test of who wins passes alone and fails when something else slows the machine, or the
# other way about: send to it one request at a time, and prove races elsewhere.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[server,dynamodb]==5.2.5' boto3
cat > probe.py <<'PY'
import sys
import threading
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer
sys.setswitchinterval(1e-6)  # threads take turns often, so that the race shows in a few rounds on a quick machine, too
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
def client():
    return boto3.client('dynamodb', endpoint_url=f'http://{host}:{port}', region_name='us-east-1', aws_access_key_id='a',
                        aws_secret_access_key='b', config=Config(retries={'total_max_attempts': 1}))
client().create_table(TableName='t', KeySchema=[{'AttributeName': 'PK', 'KeyType': 'HASH'}], BillingMode='PAY_PER_REQUEST',
                      AttributeDefinitions=[{'AttributeName': 'PK', 'AttributeType': 'S'}])
several = 0
for n in range(300):
    stored, start = [], threading.Barrier(8)
    def put(own):
        item = {'PK': {'S': str(n)}, 'by': {'S': str(id(own))}}
        start.wait()
        try:
            own.transact_write_items(TransactItems=[{'Put': {'TableName': 't', 'Item': item, 'ConditionExpression': 'attribute_not_exists(PK)'}}])
            stored.append(own)
        except ClientError as error:
            assert error.response['Error']['Code'] == 'TransactionCanceledException', error
    threads = [threading.Thread(target=put, args=(client(),)) for _ in range(8)]
    for each in threads: each.start()
    for each in threads: each.join()
    several += len(stored) > 1
    if several: break
server.stop()
print('several stored' if several else 'never more than one')
PY
seen=$(venv/bin/python probe.py)
echo "$seen"
[ "$seen" = 'several stored' ]
