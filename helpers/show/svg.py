"""The parts that every picture is made of: a palette for light and dark, a text, a whole picture with its description."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH = 720
PAPER, INK, GREY, BLUE, ORANGE, RED = (f"var(--{name})" for name in ("paper", "ink", "grey", "blue", "orange", "red"))
COLOURS = """<style>
svg { --paper: #fff; --ink: #1b1b1b; --grey: #666; --blue: #1f5fa8; --orange: #b45309; --red: #b91c1c }
@media (prefers-color-scheme: dark) {
svg { --paper: #1b1b1b; --ink: #eee; --grey: #aaa; --blue: #7ab3f5; --orange: #f0a04b; --red: #ff8a80 } }
</style>"""
"""In an <img> a picture sees the colour scheme of the page around it: JupyterLab's dark theme says that it is dark."""


def picture(height: float, description: str, parts: Sequence[str]) -> tuple[str, str]:
    """A whole picture and its description. The description is also its title, and its paper is its own under any theme."""
    about = escape(description)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" role="img"'
        f' font-family="system-ui, sans-serif"><title>{about}</title>{COLOURS}'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )
    return svg, description


def words(x: float, y: float, text: str, size: int = 13, anchor: str = "start", fill: str = INK) -> str:
    """A line of text; `y` is its base line."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'
    )
