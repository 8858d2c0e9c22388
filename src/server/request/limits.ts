/** The size of a request, whichever way it comes. */
export const MAX_REQUEST_BYTES = 100_000;

/** How often a sign of life is sent. Proxies commonly cut connections after half a minute of silence and more. */
export const HEARTBEAT_MS = 12_000;

/** A client that takes nothing of what was sent for so long is dropped. */
export const MAX_STALL_MS = 30_000;

/** What clients of a replica that is shutting down have to take the last words and close. */
export const CLOSE_GRACE_MS = 1_000;

/** What a client may take from opening a WebSocket to its first message. */
export const CONNECTION_INIT_MS = 10_000;

/** Signs of life; an operation before the first message closes the socket. */
export const MAX_EARLY_MESSAGES = 10;

/** Subscriptions have so long to tell that what their caller showed holds no more, before the socket is closed for it. */
export const EXPIRY_GRACE_MS = 1_000;

/** Routers share a socket among many of their clients. */
export const MAX_OPERATIONS_PER_SOCKET = 1_000;

/** Of a replica, for which each keeps some kilobytes and an entry in what it watches. Those told by callbacks have limits of their own. */
export const MAX_SUBSCRIPTIONS = 10_000;

/** Half of them, so that no caller takes all from the others. */
export const MAX_SUBSCRIPTIONS_PER_CLIENT = 5_000;

/** Of a replica, idle ones among them. */
export const MAX_WEBSOCKETS = 5_000;

/** A caller with more subscriptions than this many sockets carry is a router, and has thousands on each. */
export const MAX_WEBSOCKETS_PER_CLIENT = 2_500;

/** A client that has so many bytes waiting for it is not listened to until it reads. */
export const MAX_UNREAD_BYTES = 1_000_000;
