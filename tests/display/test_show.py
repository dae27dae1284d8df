"""Receipts, tables, routes, timelines and waterfalls: right figures, escaped text, a text form, and their source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openai
import pytest

import helpers
from helpers.show.markup import number
from openrouter_standin.catalogue import endpoints
from support import GLM, LESSON, client, completion, hello, streamed, text_of

Tape = Callable[..., None]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.73e-06, "0.00000173"),
        (0.5, "0.5"),
        (1234567.0, "1,234,567"),
        (3.446, "3.446"),
        (100.0, "100"),
        (6e-12, "0.000000000006"),
    ],
)
def test_numbers_have_no_exponent(value: float, text: str) -> None:
    assert number(value) == text


def test_a_receipt_of_every_kind_of_answer(tape: Tape) -> None:
    tape(
        [
            (hello(), completion()),
            (hello(stream=True), streamed()),
            (hello("bad"), {**completion(), "body": {"error": {"message": "broke", "code": 502}}}),
        ]
    )
    plain = client().chat.completions.create(**hello())
    stream = client().chat.completions.create(**hello(), stream=True)
    text_of(stream)
    raw = client().chat.completions.with_raw_response.create(**hello())
    for answer, cost in ((plain, "$0.25"), (stream, "$0.5"), (raw, "$0.25"), (plain.model_dump(), "$0.25")):
        text = repr(helpers.receipt(answer))
        assert cost in text
        assert "3 prompt + 2 completion" in text
        assert "recorded (standin)" in text
        assert "OpenAI" in text
    assert "broke" in repr(helpers.receipt(client().chat.completions.create(**hello("bad"))))


def test_tables_escape_and_name_rows_and_columns(tape: Tape) -> None:
    tape([(hello(), completion())])
    table = helpers.table([{"a <b>": "x & y", "n": 1.5}, {"a <b>": None, "n": True}], caption="<cap>")
    html = table._repr_html_()
    assert "<b>" not in html
    assert (
        "&lt;b&gt;" in html
        and "x &amp; y" in html
        and 'scope="col"' in html
        and 'scope="row"' in html
        and "<caption" in html
    )
    assert repr(table).splitlines()[1].split() == ["a", "<b>", "n"]
    row = repr(helpers.table([client().chat.completions.create(**hello())]))
    assert "source" in row and "recorded (standin)" in row


def test_spent_counts_by_source_and_charges_nothing_offline(tape: Tape) -> None:
    tape([(hello(), completion())])
    client().chat.completions.create(**hello())
    client().chat.completions.create(**hello("new", max_tokens=60))
    lines = repr(helpers.spent()).splitlines()
    assert [line.split("  ")[0] for line in lines[2:]] == ["recorded (standin)", "stand-in, not recorded"]
    assert all(line.endswith("$0") for line in lines[2:])


def test_timeline_reads_the_recorded_clock_and_says_whose_pace_it_is(tape: Tape) -> None:
    tape([(hello(), {**completion(), "ms": 900}), (hello(stream=True), streamed((100, 300)))])
    whole, stream = (
        client().chat.completions.create(**hello()),
        client().chat.completions.create(**hello(), stream=True),
    )
    text_of(stream)
    drawn = helpers.timeline(whole, stream)
    assert (drawn.first_ms, drawn.last_ms) == (900, 900)
    assert (drawn.rows[1]["first"], drawn.rows[1]["last"], drawn.rows[1]["comments"]) == (100, 300, 1)
    assert "pace invented, source: standin" in drawn.svg
    assert drawn.svg.startswith("<svg") and f"<title>{drawn.description}</title>" in drawn.svg
    assert f'alt="{drawn.description}"' in drawn._repr_html_() and drawn.description.startswith("Timeline. ")
    assert "100 ms" in repr(drawn)
    with pytest.raises(ValueError, match="timeline takes"):
        helpers.timeline("x")


def test_a_timeline_of_real_traffic_does_not_say_invented(tape: Tape) -> None:
    tape([(hello(), completion())], source="openrouter.ai")
    drawn = helpers.timeline(client().chat.completions.create(**hello()))
    assert "invented" not in drawn.svg
    assert "recorded (openrouter.ai)" in drawn.svg


def test_attempts_draws_what_was_considered_tried_and_chosen(tape: Tape) -> None:
    tape([])
    with helpers.faults(down=["together"]):
        answer = client().chat.completions.create(
            **hello(max_tokens=60, model=GLM),
            extra_headers={"X-OpenRouter-Metadata": "enabled"},
            extra_body={"provider": {"order": ["together", "fireworks"], "allow_fallbacks": False}},
        )
    text = repr(helpers.attempts(answer))
    assert "tried, status 502" in text and "chosen" in text and "3 considered, 2 tried" in text
    assert "X-OpenRouter-Metadata" in repr(helpers.attempts(completion()["body"]))
    try:
        client().chat.completions.create(
            **hello(max_tokens=60, model=GLM),
            extra_headers={"X-OpenRouter-Metadata": "enabled"},
            extra_body={"provider": {"only": ["azure"]}},
        )
    except Exception as error:
        assert "0 tried" in repr(helpers.attempts(error))


def test_a_plan_shows_everybody_who_matters_and_why_the_others_are_out(tape: Tape) -> None:
    tape([])
    shown = helpers.plan(endpoints(GLM), {"max_price": {"prompt": 0.095, "completion": 0.35}})
    assert len(shown.kept) == 5 and len(shown.out) == 28
    assert "completion $0.5 > $0.35" in repr(shown)
    assert "5 endpoints stay, 28 are out" in shown._repr_html_()
    assert "404" in repr(helpers.plan(endpoints(GLM), {"only": ["azure"]}))


def test_a_waterfall_follows_the_recorded_clock_also_for_calls_at_the_same_time(tape: Tape) -> None:
    import asyncio

    pytest.importorskip("opentelemetry.sdk")
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from support import async_client

    tape([(hello(t), {**completion(identity=t), "ms": ms}) for t, ms in (("short", 200), ("long", 700))], speed=1)
    ours = async_client()
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("test")

    async def call(name: str) -> None:
        with tracer.start_as_current_span(name):
            await ours.chat.completions.create(**hello(name))

    async def both() -> None:
        await asyncio.gather(call("short"), call("long"))

    with tracer.start_as_current_span("all"):
        asyncio.run(both())
        client().chat.completions.create(**hello("short"))
    rows = {r["name"]: r for r in helpers.waterfall(exporter.get_finished_spans()).rows}
    assert (rows["all"]["start"], rows["all"]["ms"]) == (0, 900)
    assert rows["short"]["start"] == rows["long"]["start"] == 0
    assert rows["long"]["ms"] == 700
    with pytest.raises(ValueError, match="got no spans"):
        helpers.waterfall([])


def test_scatter_needs_positive_values_and_names_what_is_marked(tape: Tape) -> None:
    tape([])
    rows = [{"m": "a", "x": 0.1, "y": 10}, {"m": "b<", "x": 10, "y": 1000}, {"m": "free", "x": 0, "y": 5}]
    drawn = helpers.scatter(rows, x="x", y="y", label="m", mark=["b<"])
    assert "b&lt;" in drawn.svg and drawn.svg.count("<circle") == 1
    assert "b<" in repr(drawn)
    with pytest.raises(ValueError, match="positive"):
        helpers.scatter(rows, x="nothing", y="y", label="m")


def test_an_attempt_belongs_to_one_of_a_provider_s_endpoints() -> None:
    helpers.start(LESSON)
    with helpers.faults(down=["together"]):
        answer = client().chat.completions.create(
            model=GLM,
            messages=[{"role": "user", "content": "Hi"}],
            max_tokens=60,
            extra_headers={"X-OpenRouter-Metadata": "enabled"},
            extra_body={"provider": {"order": ["together", "fireworks"]}},
        )
    shown = repr(helpers.attempts(answer))
    assert shown.count("chosen") == 1 and "tried, status 502" in shown
    assert [line.split()[0] for line in shown.splitlines() if line[:1] in "12"] == ["1", "2"]


def test_calls_and_sent_show_what_went_out_without_secrets() -> None:
    helpers.start(LESSON)
    for text in ("one", "sk-or-v1-" + "ab12" * 16):
        client().chat.completions.create(model=GLM, messages=[{"role": "user", "content": text}], max_tokens=5)
    assert "2 " in repr(helpers.calls()) and repr(helpers.calls(last=1)).count("/chat/completions") == 1
    assert "The last 1 of 2 calls" in repr(helpers.calls(last=1)) and "All calls of this kernel (2)" in repr(
        helpers.calls()
    )
    assert "stand-in" in repr(helpers.calls(last=1)) and repr(helpers.sent(-2)).startswith("Call 1: POST openrouter.ai")
    assert '"content": "one"' in repr(helpers.sent(1)) and "ab12ab12" not in repr(helpers.sent())
    with pytest.raises(ValueError, match="at least 1"):
        helpers.calls(last=0)
    with pytest.raises(IndexError, match=r"helpers\.calls\(\) lists them"):
        helpers.sent(9)


def test_a_missing_package_is_one_sentence_with_the_command() -> None:
    with pytest.raises(helpers.SettingError, match=r"needs no-such-package: run `pip install no-such-package -c"):
        helpers.start(LESSON, needs=["openai", "no-such-package"])
    helpers.start(LESSON, needs=["openai"])


def test_receipts_of_failures_and_of_unread_responses(tape: Callable) -> None:
    refused = {
        "status": 400,
        "headers": {"content-type": "application/json"},
        "ms": 1,
        "body": {"error": {"message": "no such id", "code": 400}},
    }
    tape([(hello("x"), refused), (hello(stream=True), streamed())])
    with pytest.raises(openai.BadRequestError) as caught:
        client().chat.completions.create(**hello("x"))
    assert "no such id" in repr(helpers.receipt(caught.value))
    assert "boom" not in repr(helpers.receipt({"error": "boom", "choices": [None]}))
    with client().chat.completions.with_streaming_response.create(**hello(), stream=True) as raw:
        assert "gen-s" in repr(helpers.receipt(raw))
    assert "no answer that the SDK gave since the lesson was started" in repr(
        helpers.receipt(completion(identity="gen-other")["body"])
    )
    assert text_of(client().chat.completions.create(**hello(), stream=True))


def test_a_chart_is_the_same_bytes_each_time_light_and_dark_with_its_data_as_a_table() -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    helpers.start("99-test")

    def drawn() -> Any:
        figure, axes = pyplot.subplots(figsize=(4, 2))
        axes.bar(["none", "cache"], [3, 1])
        axes.set_ylabel("US dollars")
        return helpers.chart(figure, "Two bars <none> and cache.", [{"way": "none", "US dollars": 3}])

    first, second = drawn(), drawn()
    assert first.svg == second.svg and not pyplot.get_fignums()
    assert "<metadata>" not in first.svg and "DejaVu" not in first.svg and "#1f77b4" not in first.svg
    assert "var(--blue)" in first.svg and "prefers-color-scheme: dark" in first.svg
    assert ">US dollars</text>" in first.svg
    shown = first._repr_html_()
    assert 'alt="Two bars &lt;none&gt; and cache."' in shown and "The same as a table" in shown and "none" in shown


def test_a_picture_has_a_text_in_html_and_outside_of_it(tape: Callable, tmp_path: Path) -> None:
    tape([(hello(), completion())])
    path = tmp_path / "dot.gif"
    path.write_bytes(b"GIF89a and the rest")
    shown = helpers.picture(path, 'A "dot"', 20)
    assert shown._repr_html_().startswith('<img src="data:image/gif;base64,R0lGODlh')
    assert 'alt="A &quot;dot&quot;" width="20"' in shown._repr_html_()
    assert repr(shown) == '[picture: A "dot"]'
    assert "data:image/jpeg;" in helpers.picture(b"\xff\xd8\xff\xe0", "x")._repr_html_()
    assert "data:image/webp;" in helpers.picture(b"RIFF\n\x00\x00\x00WEBPVP8 ", "x")._repr_html_()
    with pytest.raises(ValueError, match="PNG, JPEG, GIF or WebP"):
        helpers.picture(b"<svg>", "x")
