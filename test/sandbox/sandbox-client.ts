import { expect } from '@jest/globals';
import type { Sandbox } from '../../sandbox/start-sandbox.js';

type Json = Record<string, unknown>;

export interface SandboxResponse {
  status: number;
  body: Json;
}

export const payment = {
  customerName: 'Alex Tremblay',
  customerEmail: 'alex.tremblay@example.com',
  amount: 125.5,
  userId: 'user-7',
  referenceId: 'LOAN-1042',
};

/** A client that sends raw requests to a sandbox, so that a test can send invalid ones. */
export class SandboxClient {
  constructor(private readonly sandbox: Pick<Sandbox, 'url'>) {}

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.sandbox.url + path, { redirect: 'manual', ...init });
  }

  async request(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<SandboxResponse> {
    const response = await this.fetch(path, { method, headers, ...(body === undefined ? {} : { body }) });
    return { status: response.status, body: (await response.json()) as Json };
  }

  authorize(headers: Record<string, string> = {}, body = 'grant_type=client_credentials'): Promise<SandboxResponse> {
    const credentials = Buffer.from('sandbox:sandbox-password').toString('base64');
    const form = { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${credentials}` };
    return this.request('POST', '/api/v1/authorize', { ...form, ...headers }, body);
  }

  async token(): Promise<string> {
    return String((await this.authorize()).body['access_token']);
  }

  /** Sends a POST with all required headers; `headers` adds to them or replaces them. */
  async post(path: string, body: object | string, headers: Record<string, string> = {}): Promise<SandboxResponse> {
    const authorization = headers['authorization'] ?? `Bearer ${await this.token()}`;
    const defaults = { 'content-type': 'application/json', baseuri: 'sandbox', authorization };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.request('POST', `/api/v1/${path}`, { ...defaults, ...headers }, text);
  }

  async startedSession(): Promise<string> {
    return String((await this.post('sessions/initiate', payment)).body['sessionId']);
  }

  async activatedSession(): Promise<{ sessionId: string; requestId: string }> {
    const sessionId = await this.startedSession();
    const { body } = await this.post('paymentrequests', { sessionId });
    return { sessionId, requestId: String(body['requestId']) };
  }

  /** The HTML of the payment page. */
  async pageOf(sessionId: string): Promise<string> {
    return (await this.fetch(`/app/?sessionId=${sessionId}`)).text();
  }

  pressButton(action: 'accept' | 'decline' | 'mismatch', sessionId: string): Promise<Response> {
    return this.fetch(`/app/${action}`, { method: 'POST', body: new URLSearchParams({ sessionId }) });
  }

  async lookup(requestId: string): Promise<SandboxResponse> {
    const headers = { baseuri: 'sandbox', authorization: `Bearer ${await this.token()}` };
    return this.request('GET', `/api/v1/paymentrequests/${requestId}`, headers);
  }

  async control(path: string, method = 'GET', body?: object): Promise<SandboxResponse> {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.request(method, `/sandbox/${path}`, headers, body === undefined ? undefined : JSON.stringify(body));
  }

  async setSwitches(switches: object): Promise<void> {
    expect((await this.control('switches', 'PATCH', switches)).status).toBe(200);
  }

  async addFault(fault: object): Promise<void> {
    expect((await this.control('faults', 'POST', fault)).status).toBe(200);
  }

  async journal(): Promise<Journal> {
    return (await this.control('journal')).body as unknown as Journal;
  }

  async lastEntry(): Promise<Json | undefined> {
    return (await this.journal()).entries.at(-1);
  }

  async results(): Promise<Record<string, number>> {
    return (await this.journal()).counts.results;
  }
}

interface Journal {
  counts: { calls: Record<string, number>; results: Record<string, number> };
  inFlight: { now: number; max: number };
  entries: Json[];
}
