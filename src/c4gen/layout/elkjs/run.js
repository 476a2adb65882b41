"use strict";
// Lays out one graph a line of standard input, as JSON; answers a line each. Node's side of what QuickJS does in the same process.
const vm = require("node:vm");
const fs = require("node:fs");
const path = require("node:path");
const lines = require("node:readline").createInterface({ input: process.stdin });

const room = vm.createContext({});
for (const name of ["host.js", "elk-worker.min.js", "ask.js"]) {
  vm.runInContext(fs.readFileSync(path.join(__dirname, name), "utf8"), room, { filename: name });
}
lines.on("line", (line) => {
  room.question = line;
  process.stdout.write(vm.runInContext("layOut(question)", room) + "\n");
});
