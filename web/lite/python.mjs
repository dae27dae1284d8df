// JupyterLite's kernel imports this module in place of Pyodide's own: Python with the packages of the lessons unpacked and
// imported. `begin` starts it before the kernel asks, see python-worker.mjs.
import { loadPyodide as loadPython } from './pyodide.mjs'

const FOLDER = new URL('.', import.meta.url).href
const IMPORTS = 'IPython, openai, ipywidgets, pyodide_kernel, helpers' // the slow ones of a lesson's first cells

let output = { stdout: console.log, stderr: console.error } // until the kernel says where Python's output goes
let python

export function begin() {
  python ??= start()
}

// What the kernel calls. Its other options name the folder and the packages, which are the same for every notebook.
export function loadPyodide({ stdout, stderr }) {
  output = { stdout, stderr }
  begin()
  return python
}

async function start() {
  const packed = inflated(FOLDER + 'packages.gz') // comes while Python itself starts
  const started = await loadPython({
    indexURL: FOLDER,
    stdout: text => output.stdout(text),
    stderr: text => output.stderr(text)
  })
  unpack(started.FS, await packed)
  // The collector of unused objects would search thousands of new classes again and again.
  await started.runPythonAsync(`import gc; gc.disable(); import ${IMPORTS}; gc.enable(); gc.freeze()`)
  return started
}

async function inflated(address) {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`The packages of the lessons did not come (HTTP ${answer.status}): ${address}`)
  const bytes = answer.body.pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(bytes).arrayBuffer())
}

// Layout (tools/browser_edition/bundle.py): length of the list in 4 bytes, a list of [path, size], the files one after another.
function unpack(files, bytes) {
  const length = new DataView(bytes.buffer).getUint32(0, true)
  let place = 4 + length
  for (const [path, size] of JSON.parse(new TextDecoder().decode(bytes.subarray(4, place)))) {
    files.mkdirTree(path.slice(0, path.lastIndexOf('/')))
    files.writeFile(path, bytes.subarray(place, (place += size)))
  }
}
