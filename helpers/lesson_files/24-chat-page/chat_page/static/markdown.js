// Markdown as elements. No HTML is ever parsed: text becomes text nodes, so whatever a model writes stays words.

const SAFE = /^(https?|mailto):/i // a link with javascript: or data: stays text
// every part stops at its own mark, so that 5,000 marks in a row take no longer than 5,000 letters
const INLINE = /(?<!`)(`{1,2})(?!`)([^`\n]+)\1(?!`)|\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*|\[([^\][\n]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>()]+)/g
const ITEM = /^\s*(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/
const DEEPEST = 5 // quotations inside quotations; below that the mark stays text
const ROW = /^\s*\|(.+)\|\s*$/

function element(name, ...children) {
  const made = document.createElement(name)
  made.append(...children)
  return made
}

function link(address, ...children) {
  const made = element('a', ...children)
  made.href = address
  made.rel = 'noopener noreferrer'
  made.target = '_blank'
  return made
}

/** The nodes of one run of text: code, bold, italic, links. */
function inline(text) {
  const nodes = []
  let at = 0
  for (const found of text.matchAll(INLINE)) {
    const [all, , code, bold, italic, label, address, bare] = found
    if (label && !SAFE.test(address)) continue
    nodes.push(text.slice(at, found.index))
    at = found.index + all.length
    if (code) nodes.push(element('code', code))
    else if (bold) nodes.push(element('strong', ...inline(bold)))
    else if (italic) nodes.push(element('em', ...inline(italic)))
    else nodes.push(label ? link(address, label) : link(bare, bare))
  }
  return [...nodes, text.slice(at)]
}

function code_block(lines) {
  const ending = lines.findIndex((line, n) => n > 0 && /^\s*```\s*$/.test(line))
  const end = ending < 0 ? lines.length : ending // the end has not been written yet
  const block = element('pre', element('code', lines.slice(1, end).join('\n')))
  block.tabIndex = 0 // so that the keyboard can scroll it
  return [block, end + 1]
}

function list(lines) {
  const end = lines.findIndex((line) => !ITEM.test(line) && !/^\s{2,}\S/.test(line))
  const own = end < 0 ? lines : lines.slice(0, end)
  const items = []
  for (const line of own) {
    const item = line.match(ITEM)
    if (item) items.push(element('li', ...inline(item[2])))
    else items.at(-1).append(' ', ...inline(line.trim()))
  }
  const first = own[0].match(ITEM)[1]
  const made = element(first ? 'ol' : 'ul', ...items)
  if (first) made.start = Number(first)
  return [made, own.length]
}

function table(lines) {
  const end = lines.findIndex((line) => !ROW.test(line))
  const rows = (end < 0 ? lines : lines.slice(0, end)).map((line) => line.match(ROW)[1].split('|'))
  const row = (name) => (cells) => element('tr', ...cells.map((cell) => element(name, ...inline(cell.trim()))))
  const made = element('table', element('thead', row('th')(rows[0])), element('tbody', ...rows.slice(2).map(row('td'))))
  const box = element('div', made) // a wide table scrolls by itself
  box.className = 'wide'
  box.tabIndex = 0
  return [box, rows.length]
}

function paragraph(lines) {
  const end = lines.findIndex((line, n) => n > 0 && (!line.trim() || starts_block(line)))
  const own = end < 0 ? lines : lines.slice(0, end)
  return [element('p', ...inline(own.join('\n'))), own.length]
}

const starts_block = (line) => /^\s*```|^#{1,6}\s|^>/.test(line) || ITEM.test(line) || RULE.test(line)

/** The first block of these lines, and how many lines it took. */
function block(lines, depth) {
  const [line, next = ''] = lines
  if (!line.trim()) return ['', 1]
  if (/^\s*```/.test(line)) return code_block(lines)
  const heading = line.match(/^#{1,6}\s+(.*)$/)
  if (heading) return [element('h3', ...inline(heading[1])), 1] // one level: the page has its own headings
  if (RULE.test(line)) return [element('hr'), 1]
  if (line.startsWith('>') && depth < DEEPEST) {
    const end = lines.findIndex((other) => !other.startsWith('>'))
    const own = end < 0 ? lines : lines.slice(0, end)
    return [element('blockquote', ...blocks(own.map((other) => other.replace(/^>\s?/, '')), depth + 1)), own.length]
  }
  if (ITEM.test(line)) return list(lines)
  if (ROW.test(line) && /^\s*\|[\s:|-]+\|\s*$/.test(next)) return table(lines)
  return paragraph(lines)
}

function blocks(lines, depth = 0) {
  const made = []
  for (let at = 0; at < lines.length; ) {
    const [node, took] = block(lines.slice(at), depth)
    if (node) made.push(node)
    at += took
  }
  return made
}

/** The elements for a text. */
export const rendered = (text) => blocks(text.split('\n'))
