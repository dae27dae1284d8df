PYTHON ?= python3
BIN := .venv/bin
# In a container one is often root, and JupyterLab wants to hear that it is meant.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: lab doctor check test record matrix bench bench-batch lessons lock words outside site site-serve site-test lite lite-serve lite-test diff text untext workbook slides class-progress room room-serve

lab: .venv/lab.stamp  ## open the course in JupyterLab
	$(BIN)/python tools/lab.py $(AS_ROOT)

test: .venv/dev.stamp .matrix/langchain/ready  ## everything that CI checks
	$(BIN)/python tools/test.py

doctor:  ## is this machine ready for the course? make doctor, make doctor KEY=1 asks about the key
	$(if $(wildcard $(BIN)/python),$(BIN)/python,$(PYTHON)) helpers/doctor.py $(if $(KEY),--key)

check: .venv/dev.stamp  ## everything that concerns one lesson: make check NB=03
	$(BIN)/python tools/check.py $(NB)

record: .venv/dev.stamp  ## record lessons anew: make record, make record NB=03
	$(BIN)/python tools/record.py $(NB)

site: .venv/bin/python  ## build the reading site into build/site
	$(BIN)/python tools/reading_site.py

site-serve: .venv/bin/python  ## show the built site on this machine: make site-serve, make site-serve PORT=8001
	$(BIN)/python tools/reading_site.py serve $(PORT)

site-test: .venv/dev.stamp site  ## build the reading site, then try it: links, search, axe, no other host
	$(BIN)/python -m pytest tests/site/test_reading.py tests/site/site_links.py tests/site/site_in_browser.py

outside: .venv/bin/python  ## an environment for a system of lessons 34 to 37: make outside NAME=phoenix
	$(BIN)/python tools/outside.py $(NAME)

words: .venv/bin/python  ## a very small model on this machine writes what was not recorded: make words, make words PORT=8090
	$(BIN)/python tools/words.py $(PORT)

lite: .venv/lab.stamp  ## the browser edition, a static site in build/lite; needs Node.js
	$(BIN)/python tools/lite.py build

lite-serve: .venv/lab.stamp  ## show it on this machine: make lite-serve, make lite-serve PORT=8001
	$(BIN)/python tools/lite.py serve $(PORT)

lite-test: .venv/dev.stamp  ## run its lessons in Chromium and compare every output; after make lite
	$(BIN)/python -m pytest -o addopts= tests/lite/lite_for_real.py tests/lite/widgets_for_real.py

diff: .venv/bin/python  ## the changed cells of lessons: make diff, make diff NB=07, make diff NB=07 AGAINST=main
	$(BIN)/python tools/review.py diff $(or $(AGAINST),HEAD) $(NB)

text: .venv/bin/python  ## a lesson as text for a review: make text NB=07
	$(BIN)/python tools/review.py text $(NB)

untext: .venv/bin/python  ## takes the edited text back into the notebook: make untext NB=07
	$(BIN)/python tools/review.py untext $(NB)

workbook: .venv/bin/python  ## a class's twins of the lessons: build/workbook without outputs and solutions, build/teacher with notes
	$(BIN)/python tools/workbook.py

slides: .venv/lab.stamp  ## slides from the lessons' own cells, in build/slides; needs npm once: make slides, make slides NB=03
	$(BIN)/python tools/slides.py $(NB)

class-progress: .venv/dev.stamp  ## who is where: FOLDER=… with the progress files and notebooks that participants sent
	$(BIN)/python tools/class_progress.py "$(FOLDER)"

room: .venv/dev.stamp  ## build/room and room.zip for a class without a network; after make lite, make site, make slides, make workbook
	$(BIN)/python tools/room.py make

room-serve: .venv/bin/python  ## show it to the room: make room-serve ADDRESS=192.168.1.20 PORT=8000; loopback otherwise
	$(BIN)/python tools/room.py serve $(or $(PORT),8000) $(ADDRESS)

matrix:  ## openai 1, 2, 3 and every Python found, one environment each
	$(PYTHON) tools/matrix.py

bench: .venv/dev.stamp  ## what replay, start and the suite cost
	$(BIN)/python tools/bench.py

bench-batch: .venv/dev.stamp  ## the ways of lesson 22 beside N · latency / K
	$(BIN)/python tools/bench.py batch

lessons: .venv/dev.stamp  ## write what follows from notebooks/lessons.toml into README, docs and notebooks
	$(BIN)/python tools/lessons.py

lock: .venv/dev.stamp  ## write constraints.txt from the environment that passed
	$(BIN)/python tools/lock.py

.matrix/langchain/ready: constraints-langchain.txt constraints-sdk.txt .venv/dev.stamp
	$(BIN)/python tools/outside.py

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("The course needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make lab PYTHON=python3.13") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/lab.stamp: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[lab,recipes]' -c constraints.txt
	touch $@

.venv/dev.stamp: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]' -c constraints.txt
	touch $@ .venv/lab.stamp
