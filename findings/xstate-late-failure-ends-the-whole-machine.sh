#!/usr/bin/env bash
# xstate 5.33.3, pure `transition()`: the failure of an invoked actor that the machine has long left is not ignored as
# a late event (as a late success is). With no handler in the current state it ends the whole machine in `error`.
# A host that redelivers messages must drop stale failures before it calls `transition`.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund xstate@5.33.3
cat > probe.mjs <<'JS'
import { fromPromise, initialTransition, setup, transition } from 'xstate'
const machine = setup({ actors: { look: fromPromise(async () => 1) } }).createMachine({
  initial: 'looking',
  states: { looking: { invoke: { id: 'look', src: 'look', onDone: 'waiting', onError: 'failed' } }, waiting: {}, failed: {} },
})
const [first] = initialTransition(machine)
const [waiting] = transition(machine, first, { type: 'xstate.done.actor.look', output: 1, actorId: 'look' })
const [lateSuccess] = transition(machine, waiting, { type: 'xstate.done.actor.look', output: 2, actorId: 'look' })
const [lateFailure] = transition(machine, waiting, { type: 'xstate.error.actor.look', error: 'late', actorId: 'look' })
console.log(`late success: ${lateSuccess.value} ${lateSuccess.status}; late failure: ${lateFailure.value} ${lateFailure.status}`)
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = 'late success: waiting active; late failure: waiting error' ]
