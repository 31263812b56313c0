#!/usr/bin/env bash
# xstate 5.33.3 (`xstate/graph`): `toDirectedGraph` leaves out eventless (`always`) transitions, so that a state which
# only decides has no way out in a picture that is drawn from it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund xstate@5.33.3
cat > probe.mjs <<'JS'
import { createMachine } from 'xstate'
import { toDirectedGraph } from 'xstate/graph'
const machine = createMachine({
  id: 'm',
  initial: 'looking',
  states: { looking: { on: { SEEN: 'deciding' } }, deciding: { always: [{ guard: () => true, target: 'asking' }, { target: 'changing' }] }, asking: {}, changing: {} },
})
const graph = toDirectedGraph(machine)
console.log(graph.children.map(({ id, edges }) => `${id}: ${edges.length}`).join(', '))
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = 'm.looking: 1, m.deciding: 0, m.asking: 0, m.changing: 0' ]
