#!/usr/bin/env bash
# botocore without any configuration: 1.44.5 retries in mode `standard`, three attempts (DynamoDB four); 1.40.61 in mode `legacy`,
# five (DynamoDB ten). Two tools on one machine, each with the botocore it pins, wait differently for the same outage, and
# timings of before and after are not comparable.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
cat > probe.py <<'PY'
import threading, time, botocore.session
from http.server import BaseHTTPRequestHandler, HTTPServer
count = 0
class Broken(BaseHTTPRequestHandler):
    def do_POST(self):
        global count
        count += 1
        self.rfile.read(int(self.headers['content-length']))
        self.send_response(500); self.send_header('content-length', '0'); self.end_headers()
    def log_message(self, *_): pass
server = HTTPServer(('127.0.0.1', 0), Broken)
threading.Thread(target=server.serve_forever, daemon=True).start()
time.sleep = lambda _: None
def attempts(service, call):
    global count
    count = 0
    client = botocore.session.get_session().create_client(service, region_name='us-east-1', endpoint_url=f'http://127.0.0.1:{server.server_port}', aws_access_key_id='a', aws_secret_access_key='b')
    try: call(client)
    except Exception: pass
    return f'{service} {count} ({client.meta.config.retries["mode"]})'
print(botocore.__version__, attempts('ec2', lambda c: c.describe_security_groups()), attempts('dynamodb', lambda c: c.get_item(TableName='table', Key={'id': {'S': '1'}})))
PY
seen=
for version in 1.40.61 1.44.5; do
  python3 -m venv "venv-$version"
  "venv-$version/bin/pip" install -q --disable-pip-version-check "botocore==$version"
  seen+=$(env -u AWS_RETRY_MODE -u AWS_MAX_ATTEMPTS HOME="$work" "venv-$version/bin/python" probe.py)$'\n'
done
echo "$seen"
[ "$seen" = $'1.40.61 ec2 5 (legacy) dynamodb 10 (legacy)\n1.44.5 ec2 3 (standard) dynamodb 4 (standard)\n' ]
