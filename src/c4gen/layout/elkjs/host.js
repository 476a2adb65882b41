// What elkjs takes for granted in a web worker.
var answer = null;
var self = globalThis;
var global = globalThis;
var console = { log: function () {}, error: function () {} };
var setTimeout = function (run) { run(); };
globalThis.postMessage = function (message) { answer = message; };
