import { IncomingMessage } from 'node:http';

/**
 * A request of which Node leaves HTTP for a WebSocket only. As soon as a server listens for upgrades, Node takes any `Upgrade`
 * header for one and reads no body, also where it is an offer that may be ignored: Java's HttpClient sends `Upgrade: h2c` along
 * with its first POST. Newer releases of Node have `shouldUpgradeCallback` for this.
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
