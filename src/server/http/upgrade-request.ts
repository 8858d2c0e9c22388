import { IncomingMessage } from 'node:http';

/**
 * A request that Node upgrades for WebSockets only. Once a server listens for upgrades, Node treats any `Upgrade`
 * header as one and does not read the body, even where it is an offer that may be ignored: Java's HttpClient sends
 * `Upgrade: h2c` with its first POST. Newer releases of Node have `shouldUpgradeCallback` for this.
 */
export class HttpRequest extends IncomingMessage {
  declare private isUpgrade: boolean;

  /** Set and read by Node. */
  get upgrade(): boolean {
    return this.isUpgrade && (this.method === 'CONNECT' || this.headers.upgrade?.toLowerCase() === 'websocket');
  }

  set upgrade(isUpgrade: boolean) {
    this.isUpgrade = isUpgrade;
  }
}
