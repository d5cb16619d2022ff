// Posts as the Node.js backend does, with Node's own fetch and FormData, and prints the status and the body:
//   node post.mjs URL name=value…
const [url, ...pairs] = process.argv.slice(2);
const form = new FormData();
for (const pair of pairs) {
  const cut = pair.indexOf("=");
  form.append(pair.slice(0, cut), pair.slice(cut + 1));
}
const answer = await fetch(url, { method: "POST", body: form });
console.log(answer.status, await answer.text());
