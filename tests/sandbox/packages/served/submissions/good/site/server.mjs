import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import http from 'node:http';

const BOOK = 'guests.txt';
const page = () => `<!doctype html><html lang="en"><title>Guests</title><h1>Guests</h1>
<form method="post"><label>Name <input name="name"></label><button>Sign</button></form>
<ul>${(existsSync(BOOK) ? readFileSync(BOOK, 'utf8') : '').split('\n').map((name) => `<li>${name}</li>`).join('')}</ul></html>`;

http.createServer(async (request, response) => {
  console.log(request.method, request.url);
  if (request.method === 'POST') {
    let body = '';
    for await (const piece of request) body += piece;
    appendFileSync(BOOK, `${new URLSearchParams(body).get('name')}\n`);
    return response.writeHead(303, { location: '/' }).end();
  }
  return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page());
}).listen(Number(process.env.PORT), '127.0.0.1');
