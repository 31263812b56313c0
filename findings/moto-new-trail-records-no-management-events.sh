#!/usr/bin/env bash
# moto 5.2.5: GetEventSelectors of a trail that was just made answers no event selector at all. AWS gives every new trail one
# that records management events, of reads and writes (API reference of CreateTrail and GetEventSelectors). A scanner that
# asks for management events (Prowler 5.46.0: cloudtrail_multi_region_enabled_logging_management_events) fails such a trail
# however right it is, until somebody has put the selectors of which AWS says that they are the default.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[cloudtrail,s3]==5.2.5' 'boto3==1.43.106'
cat > probe.py <<'PY'
import boto3
from moto import mock_aws
keys = dict(region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
with mock_aws():
    boto3.client('s3', **keys).create_bucket(Bucket='trail-log')
    trails = boto3.client('cloudtrail', **keys)
    trails.create_trail(Name='probe', S3BucketName='trail-log', IsMultiRegionTrail=True)
    def seen():
        answer = trails.get_event_selectors(TrailName='probe')
        return [(s['ReadWriteType'], s['IncludeManagementEvents']) for s in answer.get('EventSelectors', [])]
    print('of a new trail:', seen())
    default = dict(ReadWriteType='All', IncludeManagementEvents=True, DataResources=[])
    trails.put_event_selectors(TrailName='probe', EventSelectors=[default])
    print('once they were put:', seen())
PY
seen=$(venv/bin/python probe.py)
echo "$seen"
[ "$seen" = "of a new trail: []
once they were put: [('All', True)]" ]
