// Compiles what a lesson imports, with the Python that will run it: `node compile.mjs FOLDER` (Pyodide, its lock, wheels).
// Prints JSON: the path of a module inside Pyodide, its compiled form in base64.
import { pathToFileURL } from "node:url"

const folder = process.argv[2]
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`))
const packages = Object.keys((await import(pathToFileURL(`${folder}/pyodide-lock.json`), { with: { type: "json" } })).default.packages)
const pyodide = await loadPyodide({ indexURL: `${folder}/`, stdout: () => {}, stderr: () => {} })
await pyodide.loadPackage(packages, { messageCallback: () => {} })
const compiled = pyodide.runPython(`
import base64, importlib, json, sys
from importlib import _bootstrap_external as files
from importlib.util import source_hash

for name in ("IPython.core.interactiveshell", "ipywidgets", "anywidget", "helpers", "helpers.widgets", "pydantic",
             "openai.resources.chat.completions", "httpx2", "anyio", "opentelemetry.sdk.trace", "openinference.instrumentation.openai",
             "pyodide_kernel", "piplite", "micropip"):
    try:
        importlib.import_module(name)
    except Exception:  # what needs a page cannot be imported whole; what it could import counts
        pass

made = {}
for module in list(sys.modules.values()):
    path, loader = getattr(module, "__file__", None) or "", getattr(module, "__loader__", None)
    if path.startswith("/lib/") and path.endswith(".py") and hasattr(loader, "get_data"):
        source = loader.get_data(path).decode()
        code = compile(source, path, "exec", dont_inherit=True)
        unchecked = files._code_to_hash_pyc(code, source_hash(source.encode()), False)
        made[path] = base64.b64encode(unchecked).decode()
json.dumps(made)
`)
process.stdout.write(compiled)
