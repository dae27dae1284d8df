"""The browser edition: a static JupyterLite site in which the lessons run without a server. `tools/lite.py` is its door.

In the order of a build: `fetch` gets Pyodide and the wheels, `package_lock` says what is in each wheel, `copies` writes the
notebooks for the browser, `site` lets JupyterLite build and repairs its JavaScript, `pages` adds our script and first page.
"""
