#!/usr/bin/env bash
# Cloud Custodian (c7n) 0.9.53: `mark-for-op` without `days` and `hours` marks for the same day, though the action's own
# documentation gives four days as the default: the policy that acts on marks finds the resource at once.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check c7n==0.9.53 'moto[ec2]==5.2.5' 'setuptools<81'
cat > probe.py <<'PY'
import os
os.environ.update(AWS_ACCESS_KEY_ID='a', AWS_SECRET_ACCESS_KEY='b', AWS_DEFAULT_REGION='us-east-1', MOTO_EC2_LOAD_DEFAULT_AMIS='false')
import datetime, logging, boto3
from moto import mock_aws
logging.disable()
with mock_aws():
    from c7n.loader import PolicyLoader
    from c7n.config import Config
    from c7n.resources import load_resources
    load_resources(('aws.ebs',))
    boto3.client('ec2').create_volume(AvailabilityZone='us-east-1a', Size=1)
    def run(**policy):
        config = Config.empty(region='us-east-1', regions=['us-east-1'], account_id='123456789012', output_dir='out', log_group=None, cache_period=0, cache=None)
        data = {'policies': [{'name': 'p', 'resource': 'aws.ebs', **policy}]}
        policy = next(iter(PolicyLoader(config).load_data(data, 'memory://')))
        policy.validate()
        return policy.run()
    run(actions=[{'type': 'mark-for-op', 'op': 'delete'}])
    tag = {t['Key']: t['Value'] for t in boto3.client('ec2').describe_volumes()['Volumes'][0]['Tags']}['maid_status']
    today = datetime.datetime.now(datetime.timezone.utc).strftime('delete@%Y/%m/%d')
    found = run(filters=[{'type': 'marked-for-op', 'op': 'delete'}])
    print(f'due today: {tag.endswith(today)}, found at once: {len(found)}')
PY
seen=$(venv/bin/python -W ignore probe.py)
echo "$seen"
[ "$seen" = 'due today: True, found at once: 1' ]
