"""The build of the browser edition, without building it: copies, the list of packages, the repair, the pinned versions."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from browser_edition import built_js, bundle, copies, early_python, fetch, package_lock, pages, places
from browser_edition.resolve import course_pins
from course import lessons


def pins_of(lines: list[str]) -> dict[str, str]:
    pairs = (line.split()[0].split("==") for line in lines if "==" in line)
    return {canonicalize_name(name): version for name, version in pairs}


def test_the_wheels_are_the_courses_versions_where_there_is_a_wheel() -> None:
    wheels = pins_of(places.WHEELS_FILE.read_text("utf-8").splitlines())
    course = pins_of(course_pins())
    assert wheels["openai"] == course["openai"]
    assert {name: version for name, version in wheels.items() if course.get(name, version) != version} == {}


def test_a_lesson_that_needs_a_package_which_is_not_there_is_not_run_there() -> None:
    there = pins_of(places.WHEELS_FILE.read_text("utf-8").splitlines())
    for lesson in lessons():
        lacks = [name for name in lesson.needs if canonicalize_name(name) not in there]
        assert lesson.not_in_browser or not lacks, f"{lesson.name} needs {lacks}: say not_in_browser in lessons.toml"


@pytest.mark.parametrize("name", ["00-start-here", "22-batch-at-scale"])
def test_a_copy_differs_in_its_kernel_its_links_and_one_sentence(name: str) -> None:
    lesson = next(lesson for lesson in lessons() if lesson.name == name)
    stored, copy = json.loads(lesson.notebook.read_text("utf-8")), copies.copy(lesson)
    assert copy["metadata"]["kernelspec"]["name"] == "python"
    assert [c["source"] for c in copy["cells"] if c["cell_type"] == "code"] == [
        c["source"] for c in stored["cells"] if c["cell_type"] == "code"
    ]
    assert "](../" not in json.dumps(copy)
    said = "".join(copy["cells"][0]["source"]).endswith("`make lab`.")
    assert said == bool(lesson.not_in_browser)


def test_the_overview_names_every_lesson_once() -> None:
    for lesson in lessons():
        assert copies.overview().count(f"({lesson.name}.ipynb)") == 1


def wheel(folder: Path, name: str, *requires: str) -> package_lock.Wheel:
    path = folder / f"{name}-1.0-py3-none-any.whl"
    lines = "".join(f"Requires-Dist: {line}\n" for line in requires)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{name}/__init__.py", "")
        packed.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{lines}")
    return package_lock.read(path)


def test_the_list_of_packages_follows_the_wheels(tmp_path: Path) -> None:
    first = wheel(
        tmp_path, "first", "second_one>=1", 'absent; sys_platform != "emscripten"', "h11", "more; extra == 'x'"
    )
    made = package_lock.packages([first, wheel(tmp_path, "second_one")])
    assert made["first"]["depends"] == ["second-one"] and made["second-one"]["imports"] == ["second_one"]
    with pytest.raises(places.CannotBuild, match="first needs second-one"):
        package_lock.packages([first])


def test_what_is_in_the_bundle_is_no_package_of_the_list(tmp_path: Path) -> None:
    first = wheel(tmp_path, "first", "second_one>=1")
    assert package_lock.packages([first], bundled=["second-one"])["first"]["depends"] == []


def test_the_bundle_holds_the_files_of_its_wheels(tmp_path: Path) -> None:
    first, second = wheel(tmp_path, "first"), wheel(tmp_path, "second_one")
    with zipfile.ZipFile(second.path, "a") as packed:
        packed.writestr("second_one/word.txt", "hä?")
        packed.writestr("second_one-1.0.data/scripts/run", "not for Python")
    bundle.replace([first, second], tmp_path)
    whole = gzip.decompress((tmp_path / bundle.BUNDLE).read_bytes())
    start = 4 + int.from_bytes(whole[:4], "little")
    sizes, files = dict(json.loads(whole[4:start])), {}
    for path, size in sizes.items():
        files[path], start = whole[start : start + size], start + size
    folder = f"/lib/python{places.versions()['pyodide']['python']}/site-packages"
    assert start == len(whole) and files[f"{folder}/second_one/word.txt"] == "hä?".encode()
    assert sorted(path.removeprefix(folder).split("/")[1] for path in files if path.endswith("METADATA")) == [
        "first-1.0.dist-info",
        "second_one-1.0.dist-info",
    ]
    assert not [path for path in files if ".data/" in path]
    assert not list(tmp_path.glob("*.whl"))


def test_python_begins_with_the_worker_of_the_kernel(tmp_path: Path) -> None:
    (tmp_path / "static" / "pyodide").mkdir(parents=True)
    settings = {"jupyter-config-data": {"litePluginSettings": {early_python.PLUGIN: {"pyodideUrl": "pyodide.mjs"}}}}
    (tmp_path / early_python.SETTINGS).write_text(json.dumps(settings))
    with pytest.raises(places.CannotBuild, match="0 files"):
        early_python.write(tmp_path)
    worker = tmp_path / early_python.KERNEL.replace("*", "123")
    worker.parent.mkdir(parents=True)
    worker.write_text("")
    early_python.write(tmp_path)
    begins = (tmp_path / "static" / "pyodide" / "python-worker.mjs").read_text()
    named = begins.split("import '")[1].split("'")[0]
    assert (tmp_path / "static" / "pyodide" / named).resolve() == worker.resolve()
    written = json.loads((tmp_path / early_python.SETTINGS).read_text())["jupyter-config-data"]["litePluginSettings"]
    assert written[early_python.PLUGIN]["pyodideUrl"] == "./static/pyodide/python.mjs"


def test_an_empty_package_is_the_same_in_every_build(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    one, two = (package_lock.empty_wheel("jedi", folder) for folder in (tmp_path, tmp_path / "again"))
    assert one.read_bytes() == two.read_bytes() and package_lock.read(one).imports == ["jedi"]


def test_the_repair_fits_or_says_so(tmp_path: Path) -> None:
    build = tmp_path / "build"
    build.mkdir()
    with pytest.raises(places.CannotBuild, match="0 files"):
        built_js.go_on_after_announced_errors(tmp_path)
    (build / "1.js").write_text(f"a();{built_js.ASKED};b({built_js.FAILED}c)")
    (build / "2.js").write_text(built_js.ASKED)
    built_js.go_on_after_announced_errors(tmp_path)
    changed = (build / "1.js").read_text()
    assert built_js.REMEMBERED in changed and built_js.FAILED_AND_STOPS in changed
    assert (build / "2.js").read_text() == built_js.ASKED


def test_each_page_names_our_script(tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    page = tmp_path / "lab" / "index.html"
    page.write_text("<html><head></head></html>")
    pages.write(tmp_path)
    assert page.read_text().count("start-banner.js") == 1 and (tmp_path / "start-banner.js").exists()
    assert "jupyter-config-data" in (tmp_path / "index.html").read_text()  # without it no page starts
    page.write_text("<html>")
    with pytest.raises(places.CannotBuild, match="no </head>"):
        pages.write(tmp_path)


def test_what_is_missing_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fetch, "CACHE", tmp_path / "downloads")
    monkeypatch.setattr(fetch.shutil, "which", lambda name: None)
    with pytest.raises(places.CannotBuild, match=r"npm is needed once"):
        fetch.pyodide(tmp_path)
    (tmp_path / "downloads").mkdir()
    archive = tmp_path / "downloads" / f"pyodide-{places.versions()['pyodide']['version']}.tgz"
    archive.write_text("something else")
    with pytest.raises(places.CannotBuild, match="is not the file"):
        fetch.pyodide(tmp_path)
    assert not archive.exists()
