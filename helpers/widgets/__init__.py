"""Five widgets to try things in, each one call. They send what a cell would send, and say where an answer comes from.

`helpers.widgets` is loaded when a lesson first asks for it. Every control is a plain ipywidget with a visible label;
where no widgets run (GitHub, print, a terminal) each shows a table of its first state instead.
"""

from .browser import model_browser
from .explorer import routing_explorer
from .meter import cost_meter
from .panel import streaming_panel
from .player import sound_player

__all__ = ["cost_meter", "model_browser", "routing_explorer", "sound_player", "streaming_panel"]
