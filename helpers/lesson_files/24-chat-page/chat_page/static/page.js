// The page: shows the conversation, sends a question, shows the answer as it comes, stops it.

import { ask, events, Refused } from './service.js'
import { rendered } from './markdown.js'

const part = Object.fromEntries([...document.querySelectorAll('[id]')].map((e) => [e.id, e]))
const LOOK_AGAIN_S = [1, 10, 60, 120] // what a stopped answer cost is known after a minute or more
let writing = false

const dollars = (cost) => `$${cost === 0 ? '0' : cost < 0.01 ? Number(cost.toPrecision(2)).toFixed(8).replace(/0+$/, '') : cost.toFixed(2)}`

function say(element, text) {
  element.textContent = text
  element.hidden = !text
}

/** An element for a turn, with its question. `show` draws the answer and what belongs to it. */
function add_turn(question) {
  const [turn, asked, answer, foot] = ['li', 'p', 'div', 'p'].map((name) => document.createElement(name))
  asked.className = 'question'
  asked.textContent = question
  answer.className = 'answer'
  foot.className = 'foot'
  turn.append(asked, answer, foot)
  part.turns.append(turn)
  return {
    element: turn,
    text: (text) => answer.replaceChildren(...rendered(text)),
    note: (text) => { foot.textContent = text },
  }
}

function foot_of(turn) {
  const cost = turn.cost === null ? 'cost not known yet' : dollars(turn.cost)
  return [turn.note, turn.model, cost].filter(Boolean).join(' · ')
}

function show_spent(spent, limit, turns) {
  const open = turns.some((turn) => turn.cost === null)
  part.spent.textContent = `This conversation: ${open ? 'at most ' : ''}${dollars(spent)} of ${dollars(limit)}`
}

/** Draw everything anew from what the server knows. */
function show(state) {
  const chosen = part.model.value || state.turns.at(-1)?.model
  part.model.replaceChildren(...state.models.map((model) => new Option(model.label, model.id)))
  if (state.models.some((model) => model.id === chosen)) part.model.value = chosen
  part.turns.replaceChildren()
  for (const turn of state.turns) {
    const drawn = add_turn(turn.question)
    drawn.text(turn.answer)
    drawn.note(foot_of(turn))
  }
  say(part.notice, state.notice)
  part.connect.hidden = !state.users_pay || state.connected
  part.disconnect.hidden = !state.users_pay || !state.connected
  part.limits.textContent = `At most ${state.chars.toLocaleString('en')} characters. Prices are for a million tokens.`
  show_spent(state.spent, state.dollars, state.turns)
  if (state.users_pay && !state.connected && !state.notice) say(part.notice, 'Connect your OpenRouter account to chat. It pays for the answers.')
}

function set_writing(now) {
  writing = now
  part.send.hidden = now
  part.stop.hidden = !now
  for (const button of [part.new, part.disconnect]) button.disabled = now
}

const near_end = () => window.innerHeight + window.scrollY > document.body.scrollHeight - 80

async function send() {
  const question = part.question.value
  if (writing || !question.trim()) return
  set_writing(true)
  say(part.notice, '')
  part.status.textContent = 'Waiting for the first word.'
  const turn = add_turn(question)
  part.question.value = ''
  turn.element.scrollIntoView({ block: 'nearest' })
  let end = null
  let refused = 'The connection to this page broke. What was said so far is kept: reload the page.'
  try {
    end = await follow(question, turn)
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem
    refused = problem.message
  } finally {
    set_writing(false)
  }
  if (end?.kept) finished(end, turn)
  else give_back(question, turn, end ? end.turn.note : refused)
}

/** Show an answer as it comes; the data of its end, or null where it has none. */
async function follow(question, turn) {
  let text = ''
  let drawing = 0
  for await (const [name, data] of events('ask', { question, model: part.model.value })) {
    if (name === 'end') {
      cancelAnimationFrame(drawing)
      return data
    }
    if (name === 'left_out' && data) turn.note(`The oldest ${data === 1 ? 'question' : `${data} questions`} with ${data === 1 ? 'its answer' : 'their answers'} no longer fit: the model does not see them.`)
    if (name === 'thinking') part.status.textContent = 'The model is thinking.'
    if (name !== 'piece') continue
    text += data
    part.status.textContent = 'The model is writing.'
    drawing ||= requestAnimationFrame(() => { // once for each picture of the screen, however many pieces come
      const follows = near_end()
      drawing = 0
      turn.text(text)
      if (follows) window.scrollTo(0, document.body.scrollHeight)
    })
  }
  return null
}

function finished(end, turn) {
  const follows = near_end()
  const left_out = turn.element.querySelector('.foot').textContent
  turn.text(end.turn.answer)
  turn.note([left_out, foot_of(end.turn)].filter(Boolean).join(' '))
  part.aloud.textContent = end.turn.answer
  part.status.textContent = end.turn.note || 'The answer is complete.'
  sessionStorage.removeItem('draft')
  if (end.turn.cost === null) look_again()
  ask('conversation').then((state) => show_spent(state.spent, state.dollars, state.turns)).catch(() => {})
  if (follows) window.scrollTo(0, document.body.scrollHeight)
  part.question.focus()
}

/** Nothing was said: the question goes back to where it was typed. */
function give_back(question, turn, words) {
  turn.element.remove()
  part.question.value = part.question.value ? `${question}\n${part.question.value}` : question
  part.status.textContent = ''
  say(part.notice, words)
  part.notice.scrollIntoView({ block: 'nearest' })
  part.question.focus()
}

const seconds = (count) => new Promise((then) => setTimeout(then, count * 1000))

/** Show the conversation; one that another window is writing in, or that a reload has left, again when the answer is over. */
async function shown_when_over() {
  for (;;) {
    const state = await ask('conversation')
    show(state)
    part.status.textContent = state.writing ? 'An answer is being written in another window.' : ''
    if (!state.writing) return state
    await seconds(1)
  }
}

async function look_again(times = LOOK_AGAIN_S) {
  if (!times.length) return
  await seconds(times[0])
  if (writing) return look_again(times)
  const state = await ask('settle', {}).catch(() => null)
  if (state && !writing) show(state)
  if (!state || state.turns.some((turn) => turn.cost === null)) await look_again(times.slice(1))
}

/** Do what a button says, and show what comes of it or why nothing does. */
const press = (path, then = show) => async () => {
  try {
    then(await ask(path, {}))
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem
    say(part.notice, problem.message)
  }
  part.question.focus()
}

const press_stop = press('stop', () => {}) // the end of the answer says the rest
const stop = () => {
  part.status.textContent = 'Stopping.'
  press_stop()
}

part.form.addEventListener('submit', (event) => { event.preventDefault(); send() })
part.question.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return // Enter also ends a word in Chinese or Japanese
  event.preventDefault()
  send()
})
part.question.addEventListener('input', () => sessionStorage.setItem('draft', part.question.value))
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && writing) stop() })
part.stop.addEventListener('click', stop)
part.new.addEventListener('click', press('new'))
part.connect.addEventListener('click', press('connect', ({ address }) => location.assign(address)))
part.disconnect.addEventListener('click', press('disconnect'))

try {
  part.question.value = sessionStorage.getItem('draft') ?? ''
  const state = await shown_when_over()
  window.scrollTo(0, document.body.scrollHeight)
  if (state.turns.some((turn) => turn.cost === null)) look_again()
} catch (problem) {
  if (!(problem instanceof Refused)) throw problem
  say(part.notice, problem.message)
}
part.question.focus()
