self.onmessage({ data: { id: 0, cmd: "register", algorithms: ["layered"] } });

function layOut(text) {
  answer = null;
  self.onmessage({ data: { id: 1, cmd: "layout", graph: JSON.parse(text), layoutOptions: {}, options: {} } });
  if (!answer || answer.error) {
    return JSON.stringify({ failure: String((answer && answer.error && answer.error.message) || "no answer") });
  }
  return JSON.stringify(answer.data);
}
