// What the page asks of its server: JSON, and the events of an answer.

const HEADERS = { 'content-type': 'application/json' }

/** A refusal in words for the user. */
export class Refused extends Error {}

async function response_to(path, body) {
  let response
  try {
    response = await fetch(path, body === undefined ? {} : { method: 'POST', headers: HEADERS, body: JSON.stringify(body) })
  } catch {
    throw new Refused('The server of this page does not answer. Your message stays here; try again in a moment.')
  }
  if (response.ok) return response
  const told = await response.json().catch(() => ({}))
  throw new Refused(told.words ?? 'The server of this page had a problem. Your message stays here; try again in a moment.')
}

/** The JSON that a path answers with; a POST where there is a body. */
export async function ask(path, body) {
  return (await response_to(path, body)).json()
}

/** The server-sent events that answer a POST, as [name, data]. EventSource cannot post. */
export async function* events(path, body) {
  const reader = (await response_to(path, body)).body.pipeThrough(new TextDecoderStream()).getReader()
  let waiting = ''
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ done: true }))
    if (done) return
    const whole = (waiting + value).split('\n\n')
    waiting = whole.pop()
    for (const text of whole) {
      const [, name, data] = text.match(/^event: (\w+)\ndata: (.*)$/)
      yield [name, JSON.parse(data)]
    }
  }
}
