#!/usr/bin/env bash
# moto 5.2.5: a query of CloudWatch Logs Insights is answered as complete, and what it asks for is passed over without a word.
# Of `filter` and `stats` nothing is done: each message of the group is a row, without the number that was asked for, where AWS
# gives one row with it, and a query whose filter fits no message gives all of them. So code that counts by Insights (accepted
# flows of a flow log, failed log-ins) is never refused in the emulator, and what it reads there has nothing to do with what
# it asked.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[logs]==5.2.5' 'boto3==1.43.106'
cat > probe.py <<'PY'
import time, boto3
from moto import mock_aws
with mock_aws():
    logs = boto3.client('logs', region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
    logs.create_log_group(logGroupName='probe')
    logs.create_log_stream(logGroupName='probe', logStreamName='one')
    now = int(time.time() * 1000)
    logs.put_log_events(logGroupName='probe', logStreamName='one', logEvents=[
        dict(timestamp=now - 2000, message='ACCEPT'), dict(timestamp=now - 1000, message='REJECT')])
    def asked(query):
        started = logs.start_query(logGroupName='probe', startTime=now // 1000 - 60, endTime=now // 1000 + 60, queryString=query)
        answer = logs.get_query_results(queryId=started['queryId'])
        rows = [[field['field'] for field in row if field['field'] != '@ptr'] for row in answer['results']]
        return answer['status'], len(rows), sorted({name for row in rows for name in row})
    print('counted:', asked('filter @message = "ACCEPT" | stats count(*) as n'))
    print('none fits:', asked('fields @message | filter @message = "neither"'))
PY
seen=$(venv/bin/python probe.py)
echo "$seen"
[ "$seen" = "counted: ('Complete', 2, [])
none fits: ('Complete', 2, ['@message'])" ]
