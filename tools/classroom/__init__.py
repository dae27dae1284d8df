"""A folder for a room without Wi-Fi: `make room`. `tools/room.py` is its door.

`wheelhouse` finds and downloads what each kind of machine installs; `folder` puts everything side by side.
"""
