"""The streaming panel: one or two models write at the same time, on one time axis, and Stop stops them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import ipywidgets as ipw
from openai import AsyncOpenAI

from ..notebook import labelled
from ..session import current
from ..show.charts import pieces_of
from ..show.markup import Table
from ..show.receipt import entry_of
from . import meter, ui
from .parts import Status

SPEEDS = {
    "a quarter of the pace": 0.25,
    "real pace": 1.0,
    "2 times as fast": 2.0,
    "10 times as fast": 10.0,
    "no waiting": 0.0,
}
SUGGESTED = (
    "z-ai/glm-5.3-flash",
    "meta-llama/llama-3.1-8b-instruct",
    "openai/gpt-4o-mini",
    "anthropic/claude-haiku-4.5",
    "deepseek/deepseek-r1-0528",
)
"""What a lane's list offers besides the panel's own models. Any other id may be typed."""
ENDS = ("Finished.", "Finished: one failed.", "Finished: both failed.")
"""By the number of lanes that failed."""
EVERY_S = 0.1
"""Text and race are drawn this often."""
SHORTEST_MS = 4000
"""The time axis of the race is at least this long; it doubles when an answer takes longer."""


class Lane:
    """One model's column: its id, its state in words, the text as it comes, and the figures with their source."""

    def __init__(self, label: str, model: str, models: Sequence[str]) -> None:
        layout = ipw.Layout(width="95%")
        offered = tuple(dict.fromkeys((*models, *SUGGESTED)))
        self.model = ipw.Combobox(
            value=model, options=offered, description=label, placeholder="no model", style=ui.LABEL, layout=layout
        )
        self.status, self.race = Status(outer=False), ipw.HTML()
        self.text = ipw.HTML(layout=ipw.Layout(min_height="9.6em"))  # room, so that the page below does not move
        self.figures = ipw.HTML(layout=ipw.Layout(min_height="4.8em"))
        parts = (self.model, self.status, self.race, self.text, self.figures)
        self.box = ipw.VBox(parts, layout=ipw.Layout(flex="1 1 300px", min_width="0"))
        self.clear("ready")

    def clear(self, state: str) -> None:
        """Forget the last answer; the state in words."""
        self.said = self.thought = self.text.value = self.figures.value = ""
        self.usage, self.stream, self.finish, self.provider, self.failed = None, None, None, "", False
        self.began, self.ended = 0.0, True
        self.race.value = _race_html([], 0, SHORTEST_MS)
        self.say(state)

    def say(self, state: str, tone: str = "") -> None:
        """The state in words."""
        self.status.say(ui.clean(state), tone)

    async def read(self, client: AsyncOpenAI, prompt: str, max_tokens: int) -> None:
        """Ask and read until the end, Stop or a failure. It raises nothing."""
        self.clear("asking")
        self.began, self.ended = time.monotonic(), False
        try:
            self.stream = await client.chat.completions.create(
                model=self.model.value.strip(),
                messages=[{"role": "user", "content": prompt}],
                max_tokens=max_tokens,
                stream=True,
            )
            await self._pieces()
            end = "finished" if self.said else "finished without a word"
            self.say(f"{end} ({self.finish})" if self.finish not in (None, "stop") else end, "good")
        except asyncio.CancelledError:
            self.say("stopped")
        except ui.FAILURES as problem:
            self.failed = True
            self.say(f"failed: {ui.sentence(problem)}", "bad")
        self.ended = True
        self._measure()

    async def _pieces(self) -> None:
        """Read the stream piece by piece; it is closed whatever happens."""
        self.say("streaming")
        try:
            async for chunk in self.stream:
                self.usage = chunk.usage or self.usage
                self.provider = getattr(chunk, "provider", None) or self.provider
                if chunk.choices:
                    delta = chunk.choices[0].delta
                    self.finish = chunk.choices[0].finish_reason or self.finish
                    before = bool(self.said), bool(self.thought)
                    self.said += delta.content or ""
                    self.thought += getattr(delta, "reasoning", None) or ""
                    if before != (bool(self.said), bool(self.thought)):
                        self._measure()
        finally:
            await self.stream.close()

    def marks(self) -> list[tuple[float, str]]:
        """When each piece came, in milliseconds from sending, and its kind; empty before the first."""
        try:
            entry = entry_of(self.stream) if self.stream is not None else None
        except RuntimeError:  # another start: its log knows nothing of this stream
            return []
        return pieces_of(entry) if entry is not None else []

    def elapsed_ms(self, marks: Sequence[tuple[float, str]], speed: float) -> float:
        """How far the answer is: until its last piece, and while it is awaited as long as it has been awaited."""
        waited = 0 if self.ended else (time.monotonic() - self.began) * 1000 * (speed or 1)
        return max(waited, marks[-1][0] if marks else 0)

    def draw(self, marks: Sequence[tuple[float, str]], elapsed_ms: float, axis_ms: float) -> None:
        """The words so far and the race, on an axis that both lanes share."""
        self.text.value = ui.text_html(self.said, self.thought)
        self.race.value = _race_html(marks, elapsed_ms, axis_ms)

    def _measure(self) -> None:
        """Who answers, time to the first thought and word, tokens per second, source."""
        marks = self.marks()
        if not marks or not (self.said or self.thought):
            return
        session, entry = current(), entry_of(self.stream)
        figures = [_first(marks)]
        if self.usage is not None:
            came = [at for at, kind in marks if kind != "comment"]
            tokens, seconds = self.usage.completion_tokens, (came[-1] - came[0]) / 1000
            figures.append(f"{tokens} tokens" + (f", {tokens / seconds:.0f} per second" if seconds > 0 else ""))
        pace = "" if session.mode == "live" or session.speed == 1 else ", at real pace"
        invented = "; words and pace are invented, no model wrote them" if session.invented(entry) else ""
        who = self.provider or "Provider unknown"
        source = f"Source: {session.source_name(entry)}{invented}."
        self.figures.value = ui.lines_html(f"{who}{pace}: {'; '.join(figures)}.", source)


def _race_html(marks: Sequence[tuple[float, str]], elapsed_ms: float, axis_ms: float) -> str:
    """One answer on the time axis: a mark for each piece, and a dot for now."""
    ticks = "".join(
        f'<i class="{kind}" style="left:{at / axis_ms:.2%}"></i>' for at, kind in marks if kind != "comment"
    )
    now = f'<i class="now" style="left:{elapsed_ms / axis_ms:.2%}"></i>'
    words = f"{elapsed_ms / 1000:.1f} of {axis_ms / 1000:g} s"
    track = f'<div class="track" role="img" aria-label="{len(marks)} pieces in {elapsed_ms / 1000:.1f} seconds">{ticks}{now}</div>'
    return f'<div class="cookbook-widget cookbook-race">{track}<span>{words}</span></div>'


def _first(marks: Sequence[tuple[float, str]]) -> str:
    """When the first thought and the first word came, as far as they did."""
    first = {kind: at for at, kind in reversed(marks)}
    names = {"reasoning": "first thought", "text": "first word"}
    return ", ".join(f"{name} after {first[kind] / 1000:.2f} s" for kind, name in names.items() if kind in first)


class StreamingPanel(ui.Widget):
    """A prompt, one or two lanes, Start and Stop. `task` is the run that is on."""

    def __init__(self, models: Sequence[str], prompt: str, client: Any, max_tokens: int) -> None:
        super().__init__()
        if not 1 <= len(models) <= 2:
            raise ValueError("streaming_panel takes one or two model ids")
        self.client, self.max_tokens, self.task = client, max_tokens, None
        layout = ipw.Layout(width="98%")
        self.prompt = ipw.Textarea(value=prompt, description="Prompt", rows=2, style=ui.LABEL, layout=layout)
        self.lanes = [Lane(f"Model {n}", model, models) for n, model in enumerate(models, 1)]
        self.speed = ui.choice("Speed", SPEEDS)
        self.speed.value = current().speed if current().speed in SPEEDS.values() else 1.0
        self.start = ipw.Button(description="Start", button_style="primary")
        self.stop = ipw.Button(description="Stop", disabled=True)
        self.start.on_click(self._start)
        self.stop.on_click(self._stop)
        lanes = ui.side_by_side(*(lane.box for lane in self.lanes))
        self.put(self.prompt, ui.side_by_side(self.speed, self.start, self.stop), self.status, lanes)
        self.say("Live: the speed has no effect." if current().mode == "live" else "Ready.")
        rows = [["prompt", prompt], *([lane.model.description, lane.model.value] for lane in self.lanes)]
        self._first = Table(["", ""], rows, caption="Streaming panel", notes=[ui.RUN_IT])

    def first_state(self) -> Table:
        """What would be asked of whom."""
        return self._first

    @ui.told
    def _start(self, button: Any = None) -> None:
        session = current()
        if self.task is not None and not self.task.done():
            self.say("It is streaming already: press Stop first.")
            return
        if not any(lane.model.value.strip() for lane in self.lanes):
            self.say("Name a model first.")
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError("The panel streams in a notebook's event loop, and none is running here.") from None
        self.say("Started. Live: the speed has no effect." if session.mode == "live" else "Started.")
        self.stop.disabled, self.stop.button_style, self.start.button_style = False, "danger", ""
        self.task = loop.create_task(self._run())

    async def _run(self) -> None:
        """All lanes at the same time. It raises nothing: nobody waits for this task."""
        drawing = asyncio.create_task(self._keep_drawing())
        try:
            with labelled(speed=self.speed.value):
                await self._ask_all()
            failed = sum(lane.failed for lane in self.lanes)
            self.say(ENDS[failed], "bad" if failed else "good")
        except asyncio.CancelledError:
            self.say("Stopped.")
        except ui.FAILURES as problem:
            self.say(ui.sentence(problem), "bad")
        drawing.cancel()
        self._draw()
        self.stop.disabled, self.stop.button_style, self.start.button_style = True, "", "primary"
        meter.refresh()

    async def _keep_drawing(self) -> None:
        while True:
            self._draw()
            await asyncio.sleep(EVERY_S)

    def _draw(self) -> None:
        """Both lanes, on one axis."""
        marks = [lane.marks() for lane in self.lanes]  # once: it reads every event of the streams
        elapsed = [lane.elapsed_ms(m, self.speed.value) for lane, m in zip(self.lanes, marks, strict=True)]
        axis = SHORTEST_MS
        while axis < max(elapsed):
            axis *= 2
        for lane, mine, ms in zip(self.lanes, marks, elapsed, strict=True):
            lane.draw(mine, ms, axis)

    async def _ask_all(self) -> None:
        given = self.client if isinstance(self.client, AsyncOpenAI) else None
        client = given or AsyncOpenAI(**ui.address_and_key(self.client))
        asked = [lane for lane in self.lanes if lane.model.value.strip()]
        for lane in self.lanes:
            if lane not in asked:
                lane.clear("no model")
        try:
            await asyncio.gather(*(lane.read(client, self.prompt.value, self.max_tokens) for lane in asked))
        finally:
            if given is None:
                await client.close()

    @ui.told
    def _stop(self, button: Any = None) -> None:
        if self.task is None or self.task.done():
            self.say("Nothing is streaming.")
            return
        self.task.get_loop().call_soon_threadsafe(self.task.cancel)  # a button may be pressed in another thread


def streaming_panel(
    models: Sequence[str] = ("z-ai/glm-5.3-flash", "meta-llama/llama-3.1-8b-instruct"),
    prompt: str = "In one sentence: what is a chunk?",
    client: Any = None,
    max_tokens: int = 1000,
) -> StreamingPanel:
    """Watch one or two models write at the same time, at real pace or faster, and stop them.

    `client`: an `OpenAI` or `AsyncOpenAI` client; without one the panel makes the one that a lesson makes.
    """
    return StreamingPanel((models,) if isinstance(models, str) else models, prompt, client, max_tokens)
