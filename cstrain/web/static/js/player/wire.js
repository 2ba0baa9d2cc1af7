/* Talking to the server: one answer shape for every way a request can end. */

const WAIT = 10000;
const LONG_WAIT = 45000;

const stopper = () => (typeof AbortController === "undefined" ? null : new AbortController());

/* kind: ok (2xx), stale (409), login (nobody is signed in), stranger (somebody else is), refused (other 4xx),
   away (no connection, no answer in time, or the server is in trouble). `body` is JSON or null. */
export class Wire {
  constructor(config) {
    this.person = config.person;
    this.token = config.token;
    this.tokenUrl = config.urls.token;
  }

  async send(url, body, { keepalive = false } = {}) {
    const first = await this.attempt(url, body, keepalive);
    if (first.status !== 400 || keepalive) return first;
    const fresh = await this.refresh();
    return fresh.kind === "ok" ? this.attempt(url, body, false) : fresh;
  }

  /* A new form token, only if the same person is signed in: answers never travel under another's name. */
  async refresh() {
    const answer = await this.attempt(this.tokenUrl, null, false);
    if (answer.kind !== "ok") return answer;
    if (answer.body.person !== this.person) return { kind: "stranger", status: 200, body: null };
    this.token = answer.body.token;
    return answer;
  }

  read(url) {
    return this.attempt(url, null, false);
  }

  /* Asks what the server answers when there is something to tell; `control` takes the question back. */
  wait(url, control) {
    return this.attempt(url, null, false, { control, wait: LONG_WAIT });
  }

  async attempt(url, body, keepalive, { control = stopper(), wait = WAIT } = {}) {
    const timer = setTimeout(() => control && control.abort(), wait);
    const asked = performance.now();
    try {
      const response = await fetch(url, {
        method: body === null ? "GET" : "POST",
        headers: this.headers(body),
        body: body === null ? undefined : JSON.stringify(body),
        credentials: "same-origin",
        redirect: "manual",
        cache: "no-store",
        keepalive,
        signal: control ? control.signal : undefined,
      });
      /* What the answer says of time is taken as of the middle of the way there and back. */
      const asOf = (asked + performance.now()) / 2;
      return { ...(await this.understand(response)), asOf };
    } catch (error) {
      return { kind: "away", status: 0, body: null };
    } finally {
      clearTimeout(timer);
    }
  }

  headers(body) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.token };
    if (body !== null) headers["Content-Type"] = "application/json";
    return headers;
  }

  async understand(response) {
    const { status } = response;
    if (response.type === "opaqueredirect" || status === 401 || (status >= 300 && status < 400)) {
      return { kind: "login", status: 401, body: null };
    }
    if (status >= 500 || status === 429) return { kind: "away", status, body: null };
    let body = null;
    if ((response.headers.get("Content-Type") || "").startsWith("application/json")) {
      body = await response.json();
    }
    if (response.ok) return { kind: body === null ? "away" : "ok", status, body };
    return { kind: status === 409 && body && body.dispositions ? "stale" : "refused", status, body };
  }
}
