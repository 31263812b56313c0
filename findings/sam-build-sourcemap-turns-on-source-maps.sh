#!/usr/bin/env bash
# SAM CLI 1.170.0: a function that is built by esbuild with `Sourcemap: true` gets more than a map beside its bundle. In the
# template that `sam build` writes, its environment has NODE_OPTIONS: --enable-source-maps, so that Node.js reads the map of
# every file that a cold start loads. The same property in esbuild's own spelling (`sourcemap: external`) makes the map too, and
# the environment stays as it was written.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check aws-sam-cli==1.170.0
export SAM_CLI_TELEMETRY=0
mkdir code
cat > code/package.json <<'JSON'
{ "name": "one", "version": "1.0.0", "private": true, "devDependencies": { "esbuild": "0.28.2" } }
JSON
echo 'export const handler = async (): Promise<number> => 1' > code/index.ts
(cd code && npm install --silent --no-audit --no-fund)
export PATH="$work/code/node_modules/.bin:$PATH"
template() {
  cat <<YAML
Transform: AWS::Serverless-2016-10-31
Resources:
  One:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [index.ts], $1 } }
    Properties: { Runtime: nodejs22.x, Handler: index.handler, CodeUri: code/ }
YAML
}
built() {
  template "$1" > template.yaml
  venv/bin/sam build --build-dir "$2" > "$2.log" 2>&1 || { cat "$2.log"; exit 1; }
  local options maps
  options=$(grep -o 'NODE_OPTIONS: .*' "$2/template.yaml" | tr -d "' " || true)
  maps=$(find "$2/One" -name 'index.js.map' | wc -l)
  echo "${options:-no NODE_OPTIONS}, maps: $((maps))"
}
seen="Sourcemap: $(built 'Sourcemap: true' one); sourcemap: $(built 'sourcemap: external' two); neither: $(built 'Minify: true' three)"
echo "$seen"
[ "$seen" = 'Sourcemap: NODE_OPTIONS:--enable-source-maps, maps: 1; sourcemap: no NODE_OPTIONS, maps: 1; neither: no NODE_OPTIONS, maps: 0' ]
