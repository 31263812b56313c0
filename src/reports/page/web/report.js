// The table of runs of a report: unpacks them, filters, sorts, and shows one in full. Asks for nothing from anywhere.
;(async () => {
  const PAGE = 100
  const MOST_PRINTED = 1000
  const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL']
  const WOULD = { act: 'acts by itself', ask: 'asks', leave: 'leaves it alone' }
  /** What can be chosen, and how it is found in a run. */
  const CHOICES = [
    ['outcome', 'Outcome', (run) => [run.outcome]],
    ['would', 'Apply', (run) => [WOULD[run.would] ?? 'no plan']],
    ['calls', 'Calls', (run) => [run.calls || 'not asked']],
    ['twin', 'Twin', (run) => [run.twin?.says ?? 'none']],
    ['severity', 'Severity', (run) => [run.severity]],
    ['playbook', 'Playbook', (run) => [run.playbook]],
    ['detector', 'Detector', (run) => run.detectors],
    ['account', 'Account', (run) => [run.account]],
    ['region', 'Region', (run) => [run.region]],
  ]
  const COLUMNS = [
    ['Outcome', (run) => run.outcome],
    ['Resource', (run) => run.target],
    ['Playbook', (run) => run.playbook],
    ['Apply', (run) => WOULD[run.would] ?? ''],
    ['Calls', (run) => run.calls],
    ['Severity', (run) => run.severity, (run) => SEVERITIES.indexOf(run.severity)],
    ['Account', (run) => run.account],
    ['Region', (run) => run.region],
    ['Why', (run) => run.reason],
  ]

  const home = document.getElementById('runs')
  const states = home.dataset.states.split(' ')
  const runs = await unpack(document.getElementById('packed'))
  const chosen = { text: '', from: 0, column: -1, down: false, open: new Set() }
  let found = runs

  const form = element('form', { role: 'search', 'aria-label': 'Filter the runs' })
  const search = element('input', { type: 'search', id: 'search', autocomplete: 'off' })
  const selects = CHOICES.map(([id, name, values]) => choice(id, name, values)).filter(Boolean)
  const clear = element('button', { type: 'reset' }, 'Clear')
  form.append(element('label', {}, 'Search', search), ...selects.map(({ label }) => label), clear)
  const said = element('p', { role: 'status' })
  const head = element('tr')
  const body = element('tbody')
  const pager = element('nav', { 'aria-label': 'Pages of the runs' })
  const table = element('table', {}, element('caption', {}, 'Runs'), element('thead', {}, head), body)
  home.append(form, said, element('div', { class: 'wide', tabindex: '0' }, table), pager)

  form.addEventListener('input', filter)
  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('reset', () => setTimeout(filter))
  addEventListener('hashchange', openLinked)
  addEventListener('beforeprint', () => show(MOST_PRINTED))
  addEventListener('afterprint', () => show())
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target.closest('input, select, textarea')) return
    event.preventDefault()
    search.focus()
  })
  filter()
  openLinked()

  async function unpack(packed) {
    const bytes = Uint8Array.from(atob(packed.textContent), (character) => character.charCodeAt(0))
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
    const lines = (await new Response(stream).text()).split('\n')
    return lines.filter(Boolean).map((line) => JSON.parse(line))
  }

  /** An element with its attributes and what is in it; text is text. */
  function element(name, attributes = {}, ...inside) {
    const made = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    made.append(...inside)
    return made
  }

  /** What can be chosen of one kind, with how many runs have it; undefined where all are the same. */
  function choice(id, name, values) {
    const counts = new Map()
    for (const value of runs.flatMap(values)) counts.set(value, (counts.get(value) ?? 0) + 1)
    if (counts.size < 2) return undefined
    const options = [...counts].sort(([a], [b]) => order(a, b))
    const select = element('select', { name: id }, element('option', { value: '' }, 'all'))
    select.append(...options.map(([value, count]) => element('option', { value }, `${value} (${count})`)))
    return { select, values, label: element('label', {}, name, select) }
  }

  function order(a, b) {
    const severity = SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b)
    return severity || (a < b ? -1 : a > b ? 1 : 0)
  }

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const wanted = selects.filter(({ select }) => select.value !== '')
    found = runs.filter(
      (run) =>
        wanted.every(({ select, values }) => values(run).includes(select.value)) &&
        (words.length === 0 || words.every((word) => textOf(run).includes(word))),
    )
    sort()
    chosen.from = 0
    show()
  }

  /** What is searched, made once. */
  function textOf(run) {
    run.text ??= [
      ...[run.id, run.outcome, run.playbook, run.resource, run.target, run.account, run.reason, run.ruling],
      ...run.notes,
      ...(run.twin?.lines ?? []),
      ...run.findings.flatMap(({ id, title, type }) => [id, title, type]),
      ...run.steps.map(({ call }) => call),
    ]
      .join('\n')
      .toLowerCase()
    return run.text
  }

  function sort() {
    const [, cell, key = cell] = COLUMNS[chosen.column] ?? []
    if (!cell) return
    const sign = chosen.down ? -1 : 1
    const keyed = found.map((run) => [key(run), run])
    keyed.sort(([a], [b]) => (a < b ? -sign : a > b ? sign : 0))
    found = keyed.map(([, run]) => run)
  }

  function show(most = PAGE) {
    const part = found.slice(chosen.from, chosen.from + most)
    said.textContent =
      found.length === runs.length ? `${runs.length} runs` : `${found.length} of ${runs.length} runs`
    head.replaceChildren(...COLUMNS.map(([name], index) => heading(name, index)))
    body.replaceChildren(...part.flatMap(rows))
    pager.replaceChildren(...(found.length > most ? pages(part.length) : []))
  }

  function heading(name, index) {
    const button = element('button', { type: 'button' }, name)
    const isSorted = chosen.column === index
    const cell = element('th', { scope: 'col' }, button)
    if (isSorted) {
      cell.setAttribute('aria-sort', chosen.down ? 'descending' : 'ascending')
      button.append(chosen.down ? ' ▼' : ' ▲')
    }
    button.addEventListener('click', () => {
      chosen.down = isSorted && !chosen.down
      chosen.column = index
      sort()
      show()
      head.children[index].firstElementChild.focus()
    })
    return cell
  }

  function pages(shown) {
    const to = (name, from) => {
      const button = element('button', { type: 'button' }, name)
      button.disabled = from < 0 || from >= found.length
      button.addEventListener('click', () => {
        chosen.from = from
        show()
        table.scrollIntoView()
      })
      return button
    }
    const { from } = chosen
    const where = `${from + 1} to ${from + shown} of ${found.length}`
    return [to('Previous', from - PAGE), ` ${where} `, to('Next', from + PAGE)]
  }

  function rows(run) {
    const isOpen = chosen.open.has(run.id)
    const cells = COLUMNS.map(([, cell]) => element('td', {}, cell(run)))
    const button = element(
      'button',
      { type: 'button', class: 'link', 'aria-expanded': String(isOpen) },
      run.target,
    )
    button.addEventListener('click', () => {
      if (!chosen.open.delete(run.id)) chosen.open.add(run.id)
      show()
      document.getElementById(run.id)?.querySelector('button').focus()
    })
    cells[1].replaceChildren(button)
    const row = element('tr', { id: run.id }, ...cells)
    if (!isOpen) return [row]
    return [
      row,
      element('tr', { class: 'detail' }, element('td', { colspan: COLUMNS.length }, ...details(run))),
    ]
  }

  function details(run) {
    return [
      element('p', {}, run.resource),
      ...(run.ruling ? [element('p', {}, `Policy: ${run.ruling}`)] : []),
      ...path(run),
      ...difference(run),
      ...steps(run),
      ...list('On its twin, in local emulators', run.twin?.lines ?? []),
      ...list('What it touches', [run.impact, ...run.notes].filter(Boolean)),
      ...list(
        'Findings',
        run.findings.map(({ id, title, type }) => `${title} (${type}, ${id})`),
      ),
      element('p', { class: 'quiet' }, `Run ${run.id}${run.hash ? `, plan ${run.hash}` : ''}`),
    ]
  }

  /** The states of the machine in which it was, and beside them those in which it was not. */
  function path({ path: taken }) {
    if (taken.length === 0) return []
    const marks = taken.map((state) => element('li', { class: 'taken' }, state))
    const other = states.filter((state) => !taken.includes(state)).map((state) => element('li', {}, state))
    const label = `States: ${taken.join(', then ')}`
    const between = marks.flatMap((mark, index) => (index === 0 ? [mark] : [arrow(), mark]))
    return [element('ol', { class: 'path', 'aria-label': label }, ...between, ...other)]
  }

  function arrow() {
    const made = element('li', { 'aria-hidden': 'true' }, '→')
    made.style.border = '0'
    return made
  }

  function difference({ difference: lines }) {
    if (lines.length === 0) return []
    const pre = element('pre', { tabindex: '0', 'aria-label': 'What would change' })
    for (const { sign, text } of lines)
      pre.append(element(sign === '-' ? 'del' : 'ins', {}, `${sign} ${text}`), '\n')
    return [pre]
  }

  function steps({ steps: all }) {
    if (all.length === 0) return []
    const names = ['Call', 'What it does', 'Answer', 'Undo']
    const line = ({ call, summary, answer, undo }) =>
      element('tr', {}, ...[call, summary, answer, undo].map((text) => element('td', {}, text)))
    const top = element('tr', {}, ...names.map((name) => element('th', { scope: 'col' }, name)))
    return [
      element(
        'table',
        {},
        element('caption', {}, 'Steps'),
        element('thead', {}, top),
        element('tbody', {}, ...all.map(line)),
      ),
    ]
  }

  function list(name, items) {
    if (items.length === 0) return []
    return [
      element('p', {}, element('strong', {}, name)),
      element('ul', {}, ...items.map((item) => element('li', {}, item))),
    ]
  }

  /** A link to one run: `#` and its id. */
  function openLinked() {
    const id = decodeURIComponent(location.hash.slice(1))
    const place = found.findIndex((run) => run.id === id)
    if (place < 0) return
    chosen.open.add(id)
    chosen.from = Math.floor(place / PAGE) * PAGE
    show()
    document.getElementById(id).scrollIntoView()
  }
})()
