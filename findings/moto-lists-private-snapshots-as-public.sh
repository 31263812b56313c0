#!/usr/bin/env bash
# moto 5.2.5: DescribeSnapshots does not look at `RestorableByUserIds`. Asked for the snapshots that everybody may restore,
# it lists private ones too (and, unless MOTO_EC2_LOAD_DEFAULT_AMIS=false, over a thousand that come with its images and
# belong to "self"). A program that makes public snapshots private has to look at each one's own attribute.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[ec2]==5.2.5' boto3
cat > probe.py <<'PY'
import boto3
from moto import mock_aws
with mock_aws():
    ec2 = boto3.client('ec2', region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
    volume = ec2.create_volume(AvailabilityZone='us-east-1a', Size=1)['VolumeId']
    private = ec2.create_snapshot(VolumeId=volume)['SnapshotId']
    listed = {s['SnapshotId'] for s in ec2.describe_snapshots(OwnerIds=['self'], RestorableByUserIds=['all'])['Snapshots']}
    attribute = ec2.describe_snapshot_attribute(SnapshotId=private, Attribute='createVolumePermission')
    print(f"private: {attribute['CreateVolumePermissions'] == []}, listed as public: {private in listed}, others beside it: {len(listed) > 1000}")
PY
seen=$(venv/bin/python probe.py)
echo "$seen"
[ "$seen" = 'private: True, listed as public: True, others beside it: True' ]
