import type { Environment } from "./cloud/environment";
import { isHostAllowed } from "./cloud/host-guard";
import type { CloudState } from "./cloud/state";
import { firstHeader, type PreparedCall, type RequestHead } from "./cloud/wire";
import { OssService } from "./oss/oss-service";
import { isRpcRequest, RpcService } from "./rpc/rpc-service";

/**
 * The whole cloud without a socket: the response to a request is a function of the request, the state, the clock and
 * the ids. A new service is a new line in `prepare`.
 */
export class CloudCore {
    readonly #oss: OssService;
    readonly #rpc: RpcService;

    constructor(state: CloudState, environment: Environment) {
        this.#oss = new OssService(state, environment);
        this.#rpc = new RpcService(state, environment);
    }

    prepare(head: RequestHead): PreparedCall {
        // OSS refuses forbidden hosts.
        const isRpc = isHostAllowed(firstHeader(head.headers, "host")) && isRpcRequest(head);
        return isRpc ? this.#rpc.prepare(head) : this.#oss.prepare(head);
    }
}
