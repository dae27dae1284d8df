// Plays 16-bit sound while its pieces arrive: each is put behind the one before. A browser that wants a click first gets one.

const BYTES = 2; // of a sample

function samplesOf(buffer) {
  const view = new DataView(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength);
  return Float32Array.from({ length: view.byteLength / BYTES }, (_, n) => view.getInt16(n * BYTES, true) / 32768);
}

export default () => {
  let context;
  let until = 0; // when the last piece ends, on the clock of the context
  let seconds = 0;
  const watchers = new Set();
  const tell = () => watchers.forEach((watcher) => watcher());

  function add(rate, buffer) {
    const samples = samplesOf(buffer);
    if (!samples.length) return;
    context ??= new AudioContext();
    const sound = context.createBuffer(1, samples.length, rate);
    sound.copyToChannel(samples, 0);
    const source = context.createBufferSource();
    source.buffer = sound;
    source.connect(context.destination);
    until = Math.max(until, context.currentTime + 0.05); // a little ahead: a piece that is late leaves a gap, no click
    source.start(until);
    until += sound.duration;
    seconds += sound.duration;
    context.onstatechange = tell;
    tell();
  }

  return {
    initialize({ model }) {
      model.on("msg:custom", (message, buffers) => message.kind === "piece" && add(model.get("rate"), buffers[0]));
      return () => context?.close();
    },
    render({ el }) {
      const button = document.createElement("button");
      const said = document.createElement("span");
      button.className = "lm-Widget jupyter-button";
      said.setAttribute("role", "status");
      el.classList.add("cookbook-sound");
      el.append(button, said);
      const draw = () => {
        const plays = context?.state === "running";
        button.textContent = plays ? "Pause" : "Play";
        button.disabled = !context;
        said.textContent = ` ${seconds.toFixed(1)} seconds have arrived`;
      };
      button.addEventListener("click", async () => {
        await (context.state === "running" ? context.suspend() : context.resume());
        draw();
      });
      watchers.add(draw);
      draw();
      return () => watchers.delete(draw);
    },
  };
};
