"""Waits until a gRPC server answers SERVING on grpc.health.v1.

usage: wait_serving.py HOST:PORT SECONDS
"""

import sys
import time

import grpc


def main(target: str, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    with grpc.insecure_channel(target) as channel:
        # HealthCheckRequest{} is no bytes; HealthCheckResponse{status: SERVING} is 08 01.
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        answer = "no answer"
        while time.monotonic() < deadline:
            try:
                if check(b"", timeout=1) == b"\x08\x01":
                    return 0
                answer = "not serving"
            except grpc.RpcError as error:
                answer = f"{error.code().name}: {error.details()}"
            time.sleep(0.1)
    print(f"{target}: {answer}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
