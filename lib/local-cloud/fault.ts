/** Which requests a fault meets, and how often. */
export interface FaultScope {
    /** The API's name; any operation when absent. */
    readonly operation?: string;
    readonly bucket?: string;
    /** The number of requests that it meets before it is removed; unlimited when absent. */
    readonly count?: number;
    /** From 0 to 1: how likely it is that a request in its scope is met; 1 when absent. */
    readonly probability?: number;
}

export type FaultEffect =
    /** The service's own answer to too many requests, instead of the work. */
    | {
          readonly kind: "throttle";
          /** Default: 503. */
          readonly status?: 503 | 429;
      }
    /** The work is done and answered later. */
    | { readonly kind: "latency"; readonly milliseconds: number }
    /** An error instead of the work: throttling, an outage. */
    | {
          readonly kind: "status";
          readonly status: number;
          readonly code: string;
          readonly message?: string;
          readonly ec?: string;
      }
    /** The connection breaks before the work is done. */
    | { readonly kind: "reset-before" }
    /** The work is done, and the connection breaks before the answer. */
    | { readonly kind: "reset-after" }
    /** The work is done, and half of the response's body arrives. Without a body it is as `reset-after`. */
    | { readonly kind: "truncate" }
    /** The work is done, and the response's body comes at this rate. */
    | {
          readonly kind: "slow";
          /** Default: 1,000. */
          readonly bytesPerSecond?: number;
      }
    /** The work is done, and its response holds wrong XML. */
    | {
          readonly kind: "wrong-xml";
          /** A missing end tag (default), a root with another name, or an empty root. */
          readonly shape?: "not-well-formed" | "other-root" | "empty-root";
      }
    /** Any body instead of the work. */
    | {
          readonly kind: "raw";
          readonly body: string;
          /** Default: 200. */
          readonly status?: number;
          /** Default: `application/xml`. */
          readonly contentType?: string;
      }
    /** No answer. */
    | { readonly kind: "hang" }
    /** A body of XML white space without announced length, instead of the work. */
    | {
          readonly kind: "huge";
          /** Default: 100 MB. */
          readonly bytes?: number;
      };

export type Fault = FaultScope & FaultEffect;
