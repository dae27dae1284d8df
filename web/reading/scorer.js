// What Sphinx's search puts first. The lessons answer questions; the pages about the project itself come after them.
"use strict";
var Scorer = {
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
  score: ([page, , , , score]) => {
    if (page.startsWith("notebooks/")) return score + 5;
    return /^(CHANGELOG|CONTRIBUTING|docs\/(architecture|decisions|glossary))$/.test(page) ? score - 10 : score;
  },
};
