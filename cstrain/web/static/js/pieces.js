/* Sends a file in pieces, one after another. A piece that fails is sent again; what came through stays. */

const TRIES = 3;
const PAUSE = 1000;

/* A refusal in the server's words: sending again does not help. */
export class Refused extends Error {}

export class Pieces {
  /* headers() returns what every request carries; far(bytes) hears how much has come. */
  constructor(file, begin, headers, far) {
    this.file = file;
    this.begin = begin;
    this.headers = headers;
    this.far = far;
    this.received = 0;
    this.where = "";
    this.stopper = new AbortController();
  }

  /* Sends what has not come yet; resolves with the kept file. May be called again after a failure. */
  async send() {
    if (!this.where) {
      const words = JSON.stringify({ name: this.file.name, size: this.file.size });
      const begun = await this.ask(this.begin, words, "application/json");
      this.where = `${this.begin}/${begun.token}`;
      this.size = begun.piece;
      if (this.stopper.signal.aborted) this.tell();
    }
    while (this.received < this.file.size) {
      const piece = this.file.slice(this.received, this.received + this.size);
      const url = `${this.where}/${this.received / this.size}`;
      await this.again(() => this.ask(url, piece, "application/octet-stream"));
      this.received += piece.size;
      this.far(this.received);
    }
    return this.again(() => this.ask(`${this.where}/finish`, "{}", "application/json"));
  }

  /* Ends the upload and has the server forget it, even while the page goes away. */
  cancel() {
    this.stopper.abort();
    this.tell();
  }

  tell() {
    if (!this.where) return;
    const headers = { ...this.headers(), "Content-Type": "application/json" };
    const how = { method: "POST", body: "{}", headers, keepalive: true, credentials: "same-origin" };
    fetch(`${this.where}/cancel`, how).catch(() => {
      /* the server takes it away by itself after a day */
    });
  }

  async again(act) {
    for (let tried = 1; ; tried += 1) {
      try {
        return await act();
      } catch (error) {
        if (error instanceof Refused || this.stopper.signal.aborted || tried === TRIES) throw error;
        await new Promise((go) => setTimeout(go, PAUSE * tried));
        this.stopper.signal.throwIfAborted();
      }
    }
  }

  async ask(url, body, type) {
    const answer = await fetch(url, {
      method: "POST",
      body,
      headers: { ...this.headers(), "Content-Type": type, Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
      signal: this.where ? this.stopper.signal : undefined,
    });
    if (answer.ok) return answer.json();
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    const said = await answer.json().catch(() => ({}));
    throw new Refused(said.error || "");
  }
}
