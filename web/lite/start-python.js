// Starts Python beside JupyterLite instead of after it: the page of a lesson makes the worker of the kernel at once, and
// JupyterLite gets that one when it makes its first. A restart, or a second notebook, makes a worker as ever.
if (location.search.includes('path=') && !crossOriginIsolated) { // isolated pages use another worker
  let begun = new Worker(new URL('static/pyodide/python-worker.mjs', document.currentScript.src), { type: 'module' })
  window.Worker = class extends Worker {
    constructor(address, options) {
      if (begun && String(address).includes('/comlink.worker.')) {
        const given = begun
        begun = undefined
        return given
      }
      super(address, options)
    }
  }
}
