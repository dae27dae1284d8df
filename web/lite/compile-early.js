// Begins to compile Python (WebAssembly) while JupyterLite itself is loading. The worker that needs it some seconds later
// finds it compiled, because a browser keeps what one process has compiled. Where that fails, the worker compiles as ever.
{
  const python = new URL('static/pyodide/pyodide.asm.wasm', document.currentScript.src)
  const compiled = WebAssembly.compileStreaming?.(fetch(python)).catch(() => undefined)
  window.cookbookPython = compiled // kept, so that it is not thrown away before
}
