// The calls to Flinks of every peer: with a token that is kept until it expires, and without storing or checking anything.
import { Pool } from 'undici';

const { FLINKS_BASE_URL, FLINKS_INSTANCE, FLINKS_USERNAME, FLINKS_PASSWORD } = process.env;
const RENEW_BEFORE_MS = 30_000;

const pool = new Pool(FLINKS_BASE_URL);
let token;
let renewAt = 0;

/** Creates a session and activates it, so that the payer can open its page. */
export async function createPaymentSession(input) {
  const { sessionId } = await post('/api/v1/sessions/initiate', sessionRequest(input));
  const { requestId } = await post('/api/v1/paymentrequests', { sessionId });
  return success('CreatePaymentSessionSuccess', 'LINK', input, sessionId, requestId);
}

/** Creates a session, and Flinks e-mails the payer. */
export async function sendPaymentRequest(input) {
  const { sessionId } = await post('/api/v1/sessions/sendrequest', sessionRequest(input));
  return success('SendPaymentRequestSuccess', 'EMAIL', input, sessionId, null);
}

/** The body of a call that creates a session. */
export function sessionRequest({ customer, amount, referenceId, clientUrls }) {
  return {
    customerName: customer.name,
    customerEmail: customer.email,
    amount: amount.value,
    userId: customer.userId,
    referenceId,
    clientUrls,
  };
}

async function post(path, body) {
  const response = await pool.request({
    method: 'POST',
    path,
    headers: {
      authorization: `Bearer ${await accessToken()}`,
      baseuri: FLINKS_INSTANCE,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  if (response.statusCode !== 200) throw new Error(`Flinks responded ${response.statusCode}`);
  return response.body.json();
}

/** A token that is kept until shortly before it expires. Calls that need a new one share it. */
export function accessToken() {
  if (Date.now() >= renewAt) {
    renewAt = Infinity;
    token = authorize();
  }
  return token;
}

async function authorize() {
  const response = await pool.request({
    method: 'POST',
    path: '/api/v1/authorize',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      Username: FLINKS_USERNAME,
      Password: FLINKS_PASSWORD,
    }).toString(),
  });
  const { access_token: value, expires_in: seconds } = await response.body.json();
  renewAt = Date.now() + seconds * 1000 - RENEW_BEFORE_MS;
  return value;
}

/** A success as the schema of the project has it. */
export function success(__typename, deliveryMethod, input, sessionId, requestId) {
  const now = new Date().toISOString();
  const { idempotencyKey: id, referenceId, customer, amount, clientUrls = [] } = input;
  return {
    __typename,
    replayed: false,
    paymentSession: {
      id,
      flinksSessionId: sessionId,
      flinksPaymentRequestId: requestId,
      referenceId,
      deliveryMethod,
      customer,
      amount,
      clientUrls,
      createdAt: now,
      paymentUrl: `${FLINKS_BASE_URL}/app/?sessionId=${sessionId}`,
      status: 'INITIATED',
      providerStatusDetails: null,
      statusCheckedAt: null,
      fundsGuaranteed: false,
      failure: null,
      updatedAt: now,
    },
  };
}
