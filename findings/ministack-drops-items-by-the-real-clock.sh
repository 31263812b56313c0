#!/usr/bin/env bash
# ministack 1.5.33: once a minute an item of DynamoDB is deleted whose time to live is past by the clock of the machine,
# whoever wrote it. AWS deletes such items within some days, and whoever reads them looks at the time himself, so a test that
# plays on an earlier day may keep counting them. Here they are gone within the minute, and what counted them (a limit, a
# lock, a record that something was done) counts anew: the first minute of a test passes, and a longer one fails.
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
db = boto3.client('dynamodb', endpoint_url=f'http://127.0.0.1:{sys.argv[1]}', region_name='us-east-1',
    aws_access_key_id='a', aws_secret_access_key='b')
for _ in range(100):
    try:
        db.list_tables()
        break
    except botocore.exceptions.EndpointConnectionError:
        time.sleep(0.2)
db.create_table(TableName='probe', BillingMode='PAY_PER_REQUEST', KeySchema=[dict(AttributeName='pk', KeyType='HASH')],
    AttributeDefinitions=[dict(AttributeName='pk', AttributeType='S')])
db.update_time_to_live(TableName='probe', TimeToLiveSpecification=dict(Enabled=True, AttributeName='ends'))
hour_ago = str(int(time.time()) - 3600)
put = lambda pk, more: db.put_item(TableName='probe', Item=dict(pk=dict(S=pk), **more))
put('ended', dict(ends=dict(N=hour_ago)))
put('kept', {})
left = lambda: sorted(item['pk']['S'] for item in db.scan(TableName='probe')['Items'])
print('at once:', left())
for _ in range(130):
    if left() == ['kept']:
        break
    time.sleep(1)
print('within two minutes:', left())
PY
seen=$(venv/bin/python probe.py "$port")
echo "$seen"
[ "$seen" = "at once: ['ended', 'kept']
within two minutes: ['kept']" ]
