#!/usr/bin/env bash
# moto 5.2.5: ModifyInstanceMetadataOptions replaces all metadata options of an instance, where AWS changes those that the
# call names and keeps the others. Requiring IMDSv2 with `HttpTokens` alone leaves an instance without an `HttpEndpoint`, and
# with a hop limit of 1 where it was 2. A program that takes back what it set cannot bring the others back, and a scanner
# that asks for the endpoint as well (Prowler 5.46.0: ec2_instance_imdsv2_enabled passes where it is `enabled` or `disabled`)
# keeps saying that the instance fails, although the tokens are required now.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[ec2]==5.2.5' 'boto3==1.43.106'
cat > probe.py <<'PY'
import boto3
from moto import mock_aws
with mock_aws():
    ec2 = boto3.client('ec2', region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
    image = ec2.describe_images(Owners=['amazon'])['Images'][0]['ImageId']
    options = {'HttpEndpoint': 'enabled', 'HttpPutResponseHopLimit': 2, 'HttpTokens': 'optional'}
    id = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType='t3.micro')['Instances'][0]['InstanceId']
    def seen():
        live = ec2.describe_instances(InstanceIds=[id])['Reservations'][0]['Instances'][0]['MetadataOptions']
        return ', '.join(f'{name} {live.get(name, "absent")}' for name in sorted(options))
    ec2.modify_instance_metadata_options(InstanceId=id, **options)
    print(f'before: {seen()}')
    ec2.modify_instance_metadata_options(InstanceId=id, HttpTokens='required')
    print(f'after HttpTokens alone: {seen()}')
PY
seen=$(venv/bin/python probe.py)
echo "$seen"
[ "$seen" = 'before: HttpEndpoint enabled, HttpPutResponseHopLimit 2, HttpTokens optional
after HttpTokens alone: HttpEndpoint absent, HttpPutResponseHopLimit 1, HttpTokens required' ]
