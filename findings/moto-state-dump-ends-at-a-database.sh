#!/usr/bin/env bash
# moto 5.2.5: /moto-api/data.json, the dump of all that a moto server holds, answers 500 from the moment that there is one
# database instance of RDS, whatever else is there: a property that may only be written is read (NotImplementedError), and no
# part of the dump comes. It stays so when that database has been deleted again. Without one it answers 200. So who compares
# the state of an emulator before and after (nothing was changed, all was taken back) cannot do it by the dump once databases
# were among it, and has to read resource by resource.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[server,rds,s3]==5.2.5' 'boto3==1.43.106'
cat > probe.py <<'PY'
import logging, boto3, requests
from moto.server import ThreadedMotoServer
logging.disable(logging.CRITICAL)
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
url = 'http://%s:%s' % server.get_host_and_port()
keys = dict(endpoint_url=url, region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
dump = lambda: requests.get(url + '/moto-api/data.json').status_code
boto3.client('s3', **keys).create_bucket(Bucket='probe')
print('with a bucket:', dump())
rds = boto3.client('rds', **keys)
rds.create_db_instance(DBInstanceIdentifier='probe', DBInstanceClass='db.m5.large', Engine='postgres',
                       MasterUsername='probe', MasterUserPassword='not-a-secret')
print('with a database beside it:', dump())
rds.delete_db_instance(DBInstanceIdentifier='probe', SkipFinalSnapshot=True)
print('when the database is gone:', dump())
server.stop()
PY
seen=$(venv/bin/python probe.py 2> /dev/null)
echo "$seen"
[ "$seen" = 'with a bucket: 200
with a database beside it: 500
when the database is gone: 500' ]
