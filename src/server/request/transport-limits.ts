/** Size limit of a request, over all transports. */
export const MAX_REQUEST_BYTES = 100_000;
/** Interval of heartbeats. Proxies commonly cut connections that have been silent for 30 s or more. */
export const HEARTBEAT_MS = 12_000;
/** A client that reads nothing of what was sent for this time is disconnected. */
export const MAX_STALL_MS = 30_000;
/** When this many sent bytes are unread, no further message of the client is processed until it reads. */
export const MAX_UNREAD_BYTES = 1_000_000;
/** Time that clients get to receive the closing message and close, when a replica shuts down. */
export const CLOSE_GRACE_MS = 1_000;

/** Time from the opening of a WebSocket to its first message, `connection_init`. */
export const CONNECTION_INIT_MS = 10_000;
/** Limit of messages before `connection_init`: pings and pongs. An operation before it closes the socket. */
export const MAX_EARLY_MESSAGES = 10;
/** Time for subscriptions to report that the credentials expired, before the socket is closed for that reason. */
export const EXPIRY_GRACE_MS = 1_000;
/** Concurrent operations of one WebSocket. High, because a router shares one socket among many of its clients. */
export const MAX_OPERATIONS_PER_SOCKET = 1_000;
