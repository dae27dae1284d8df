"""Loaded at the start of every kernel and snippet process of the tests: nothing may leave loopback.

A connection to anywhere else is refused and written down in COOKBOOK_GUARD_LOG, where the test run finds it.
"""

import os
import socket
import sys

LOG = os.environ.get("COOKBOOK_GUARD_LOG")
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "")


def note(word, what):
    if LOG:
        with open(LOG, "a", encoding="utf-8") as file:  # noqa: PTH123 (as little as possible is imported here)
            file.write(f"{word} {os.getpid()} {what}\n")


def allowed(host):
    return host is None or str(host).startswith(LOOPBACK[:3]) or host in LOOPBACK


def guarded(name):
    original = getattr(socket.socket, name)

    def call(self, address, *rest):
        if isinstance(address, tuple) and not allowed(address[0]):
            note("blocked", address)
            raise OSError(f"the tests let nothing out: {address}")
        return original(self, address, *rest)

    setattr(socket.socket, name, call)


def lookup(host, *rest, original=socket.getaddrinfo, **more):
    if not allowed(host.decode() if isinstance(host, bytes) else host):
        note("blocked", host)
        raise socket.gaierror(f"the tests let nothing out: {host}")
    return original(host, *rest, **more)


if LOG:
    for method in ("connect", "connect_ex", "sendto"):
        if method != "sendto":
            guarded(method)
    socket.getaddrinfo = lookup
    # jsonschema would load it for a format that nothing here uses, and it takes two seconds to build its grammar
    sys.modules["rfc3987_syntax"] = None
    # sys.argv is not set yet while site runs; orig_argv is
    note("loaded", repr(sys.orig_argv[:4]))
