#!/usr/bin/env bash
# xstate 5.33.3: a machine that is restored from its persisted snapshot has lost its pending `after` timer. It waits for
# ever, without an error: whoever persists a wait must keep the due time beside the snapshot and wake the machine.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund xstate@5.33.3
cat > probe.mjs <<'JS'
import { createActor, createMachine, SimulatedClock } from 'xstate'
const machine = createMachine({ initial: 'asking', states: { asking: { after: { 1000: 'expired' } }, expired: {} } })
const live = createActor(machine, { clock: new SimulatedClock() }).start()
const snapshot = JSON.parse(JSON.stringify(live.getPersistedSnapshot()))
live.clock.increment(1000)
const clock = new SimulatedClock()
const restored = createActor(machine, { snapshot, clock }).start()
clock.increment(60_000)
console.log(`live after 1 s: ${live.getSnapshot().value}; restored after 60 s: ${restored.getSnapshot().value} (${restored.getSnapshot().status})`)
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = 'live after 1 s: expired; restored after 60 s: asking (active)' ]
