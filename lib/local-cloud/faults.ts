/** Which requests a fault meets, and how often. */
export interface FaultScope {
    /** The API's name; any operation when absent. */
    readonly operation?: string;
    readonly bucket?: string;
    /** The number of requests that it meets before it is gone; without end when absent. */
    readonly count?: number;
}

export type FaultEffect =
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
    /** The work is done, and the connection breaks before the client hears of it. */
    | { readonly kind: "reset-after" }
    /** The work is done, and half of the response's body arrives. Without a body it is as `reset-after`. */
    | { readonly kind: "truncate" }
    /** Any body instead of the work. */
    | {
          readonly kind: "raw";
          readonly body: string;
          /** 200 unless given. */
          readonly status?: number;
          /** application/xml unless given. */
          readonly contentType?: string;
      }
    /** No answer, ever. */
    | { readonly kind: "hang" }
    /** A body of XML white space without announced length, instead of the work. */
    | {
          readonly kind: "huge";
          /** 100 MB unless given. */
          readonly bytes?: number;
      };

export type Fault = FaultScope & FaultEffect;

/** Misbehaviour on demand. When several faults meet a request, the one that was added first is played. */
export class Faults {
    #active: { readonly fault: Fault; left: number }[] = [];

    /** @returns takes the fault away again */
    add(fault: Fault): () => void {
        const entry = { fault, left: fault.count ?? Number.POSITIVE_INFINITY };
        this.#active.push(entry);
        return () => {
            this.#active = this.#active.filter((other) => other !== entry);
        };
    }

    clear(): void {
        this.#active = [];
    }

    /** The effect on a request, which counts as met. */
    take(request: { operation: string | undefined; bucket: string | undefined }): FaultEffect | undefined {
        const entry = this.#active.find(
            ({ fault }) =>
                (fault.operation ?? request.operation) === request.operation &&
                (fault.bucket ?? request.bucket) === request.bucket,
        );
        if (entry === undefined) {
            return undefined;
        }
        entry.left -= 1;
        if (entry.left <= 0) {
            this.#active = this.#active.filter((other) => other !== entry);
        }
        return entry.fault;
    }
}
