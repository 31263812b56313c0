#!/usr/bin/env bash
# moto 5.2.5: an UpdateClusterConfig of EKS that says nothing but who reaches the API server leaves the cluster without
# subnets and security groups. In EKS the call is a part of the configuration: what it does not name stays. So who reads a
# cluster again after the one change that was made finds others, and who sends whole configurations instead, because the
# emulator asked for it, would send subnets to EKS, which takes them as another kind of update.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[eks]==5.2.5' 'boto3==1.43.106'
cat > probe.py <<'PY'
import boto3
from moto import mock_aws
with mock_aws():
    eks = boto3.client('eks', region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
    eks.create_cluster(name='probe', roleArn='arn:aws:iam::123456789012:role/probe', resourcesVpcConfig=dict(
        subnetIds=['subnet-0a1b2c3d', 'subnet-1a2b3c4d'], securityGroupIds=['sg-0a1b2c3d'], endpointPublicAccess=True))
    def seen():
        config = eks.describe_cluster(name='probe')['cluster']['resourcesVpcConfig']
        return config.get('subnetIds'), config.get('securityGroupIds'), config.get('endpointPublicAccess')
    print('before:', seen())
    eks.update_cluster_config(name='probe', resourcesVpcConfig=dict(endpointPublicAccess=False, endpointPrivateAccess=True))
    print('after:', seen())
PY
seen=$(venv/bin/python probe.py)
echo "$seen"
[ "$seen" = "before: (['subnet-0a1b2c3d', 'subnet-1a2b3c4d'], ['sg-0a1b2c3d'], True)
after: (None, None, False)" ]
