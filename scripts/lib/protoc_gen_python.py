"""A protoc plugin around grpcio-tools: messages, type stubs and service stubs in one go.

grpcio-tools holds its gRPC generator inside its own protoc, so buf cannot call it. This plugin
takes the files as buf filtered them (see protos/buf.gen.python.yaml) and hands them to that protoc.
"""

import pathlib
import sys
import tempfile

from google.protobuf import descriptor_pb2
from google.protobuf.compiler import plugin_pb2
from grpc_tools import protoc


def main() -> int:
    request = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    response = plugin_pb2.CodeGeneratorResponse(
        supported_features=plugin_pb2.CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL
    )
    with tempfile.TemporaryDirectory() as folder:
        descriptors = pathlib.Path(folder, "descriptors.binpb")
        descriptors.write_bytes(
            descriptor_pb2.FileDescriptorSet(file=request.proto_file).SerializeToString()
        )
        out = pathlib.Path(folder, "out")
        out.mkdir()
        common = ["protoc", f"--descriptor_set_in={descriptors}"]
        messages = [f"--python_out={out}", f"--pyi_out={out}"]
        services = [f.name for f in request.proto_file if f.service]
        services = [name for name in services if name in request.file_to_generate]
        status = protoc.main([*common, *messages, *request.file_to_generate])
        if status == 0 and services:
            status = protoc.main([*common, f"--grpc_python_out={out}", *services])
        if status != 0:
            return status
        for path in sorted(out.rglob("*.py*")):
            response.file.add(name=str(path.relative_to(out)), content=path.read_text())
    sys.stdout.buffer.write(response.SerializeToString())
    return 0


if __name__ == "__main__":
    sys.exit(main())
