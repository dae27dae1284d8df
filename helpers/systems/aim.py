"""Run a program whose calls to openrouter.ai go to a server on loopback: `python aim.py PORT FILE`.

It stands alone, because it runs in environments that do not have the course. The program stays as its reader would ship
it. Whatever it asks of another host is refused and named on stderr.
"""

import importlib
import importlib.util
import runpy
import sys

REFUSED = "refused: "


def aim(name: str, port: int) -> None:
    """Patch httpx or httpx2, where it is installed."""
    if not importlib.util.find_spec(name):
        return
    lib = importlib.import_module(name)
    plain, plain_async = lib.HTTPTransport.handle_request, lib.AsyncHTTPTransport.handle_async_request

    def turn(request):
        if request.url.host != "openrouter.ai":
            print(f"{REFUSED}{request.url.host}", file=sys.stderr)
            raise lib.ConnectError(f"the course lets nothing out to {request.url.host}", request=request)
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=port)
        request.headers["host"] = f"127.0.0.1:{port}"

    def handle_request(transport, request):
        turn(request)
        return plain(lib.HTTPTransport(), request)

    async def handle_async_request(transport, request):
        turn(request)
        return await plain_async(lib.AsyncHTTPTransport(), request)

    lib.HTTPTransport.handle_request = handle_request
    lib.AsyncHTTPTransport.handle_async_request = handle_async_request


if __name__ == "__main__":
    del sys.path[0]  # this folder: its files would hide packages of the same name
    for library in ("httpx", "httpx2"):
        aim(library, int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
