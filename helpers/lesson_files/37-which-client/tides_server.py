import sys

from mcp.server import MCPServer

server = MCPServer("tides")


@server.tool()
def high_tide(harbour: str) -> str:
    """The time of the next high tide at a harbour."""
    return {"Husum": "14:20"}.get(harbour, "unknown harbour")


server.run("streamable-http", port=int(sys.argv[1]))
