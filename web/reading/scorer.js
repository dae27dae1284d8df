// What Sphinx's search puts first. SUBJECTS stands above this text in the built file: what each lesson is about, as
// lessons.toml, its headings and the questions in its first lines say it. A page about more words of the question comes first.
"use strict";
const PROJECT = /^(CHANGELOG|CONTRIBUTING|index|docs\/(architecture|decisions|glossary|under-fire))$/;
const stems = (text) => {
  const stemmer = new Stemmer();
  const words = splitQuery(text.toLowerCase()).filter((word) => !stopwords.has(word));
  return new Set(words.map((word) => stemmer.stemWord(word)));
};
const about = new Map();

function share(page) {
  const asked = stems(new URLSearchParams(location.search).get("q") ?? "");
  if (!about.has(page)) about.set(page, stems(SUBJECTS[page] ?? ""));
  return [...asked].filter((word) => about.get(page).has(word)).length / Math.max(1, asked.size);
}

var Scorer = {
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
  score: ([page, , , , score]) => score + 20 * share(page) - (PROJECT.test(page) ? 10 : 0),
};
