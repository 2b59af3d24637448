#include "rpc/contract/reflection_service.h"

#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "grpcpp/support/server_callback.h"

namespace kam::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

struct V1 {
  using Service = grpc::reflection::v1::ServerReflection;
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
};

struct V1Alpha {
  using Service = grpc::reflection::v1alpha::ServerReflection;
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;
};

// The file that defines a message, enum, service, method or field, or nullptr.
const FileDescriptor* FileOf(const std::string& symbol) {
  return DescriptorPool::generated_pool()->FindFileContainingSymbol(symbol);
}

// Answers one question after the other; `Version` is V1 or V1Alpha, which differ by package only.
template <typename Version>
class Answerer {
 public:
  using Request = typename Version::Request;
  using Response = typename Version::Response;

  explicit Answerer(const std::vector<std::string>& services) : services_(services) {}

  Response Answer(const Request& request) {
    Response response;
    response.set_valid_host(request.host());
    *response.mutable_original_request() = request;
    const DescriptorPool& pool = *DescriptorPool::generated_pool();
    switch (request.message_request_case()) {
      case Request::kFileByFilename:
        AddFile(pool.FindFileByName(request.file_by_filename()), request.file_by_filename(),
                response);
        break;
      case Request::kFileContainingSymbol:
        AddFile(FileOf(request.file_containing_symbol()), request.file_containing_symbol(),
                response);
        break;
      case Request::kFileContainingExtension:
        AddExtensionFile(request.file_containing_extension(), response);
        break;
      case Request::kAllExtensionNumbersOfType:
        AddExtensionNumbers(request.all_extension_numbers_of_type(), response);
        break;
      case Request::kListServices:
        for (const std::string& service : services_) {
          response.mutable_list_services_response()->add_service()->set_name(service);
        }
        break;
      default:
        Fail(static_cast<int>(absl::StatusCode::kInvalidArgument),
             "the request asks for nothing known", response);
    }
    return response;
  }

 private:
  static void Fail(int code, const std::string& message, Response& response) {
    response.mutable_error_response()->set_error_code(code);
    response.mutable_error_response()->set_error_message(message);
  }

  // The file and all it imports; how we keep documents is nobody's business.
  static void AddFile(const FileDescriptor* file, const std::string& wanted, Response& response) {
    if (file == nullptr || absl::StartsWith(file->package(), "kam.stored.")) {
      return Fail(static_cast<int>(absl::StatusCode::kNotFound), absl::StrCat(wanted, " not found"),
                  response);
    }
    std::set<const FileDescriptor*> seen;
    AddWithImports(*file, seen, response);
  }

  static void AddWithImports(const FileDescriptor& file, std::set<const FileDescriptor*>& seen,
                             Response& response) {
    if (!seen.insert(&file).second) return;
    google::protobuf::FileDescriptorProto proto;
    file.CopyTo(&proto);
    file.CopyJsonNameTo(&proto);  // or grpcurl would print snake_case
    response.mutable_file_descriptor_response()->add_file_descriptor_proto(
        proto.SerializeAsString());
    for (int i = 0; i < file.dependency_count(); ++i) {
      AddWithImports(*file.dependency(i), seen, response);
    }
  }

  template <typename ExtensionRequest>
  static void AddExtensionFile(const ExtensionRequest& wanted, Response& response) {
    const DescriptorPool& pool = *DescriptorPool::generated_pool();
    const auto* type = pool.FindMessageTypeByName(wanted.containing_type());
    const auto* extension =
        type == nullptr ? nullptr : pool.FindExtensionByNumber(type, wanted.extension_number());
    AddFile(extension == nullptr ? nullptr : extension->file(), wanted.containing_type(), response);
  }

  static void AddExtensionNumbers(const std::string& type_name, Response& response) {
    const DescriptorPool& pool = *DescriptorPool::generated_pool();
    const auto* type = pool.FindMessageTypeByName(type_name);
    if (type == nullptr) {
      return Fail(static_cast<int>(absl::StatusCode::kNotFound),
                  absl::StrCat(type_name, " not found"), response);
    }
    std::vector<const google::protobuf::FieldDescriptor*> extensions;
    pool.FindAllExtensions(type, &extensions);
    auto* numbers = response.mutable_all_extension_numbers_response();
    numbers->set_base_type_name(type_name);
    for (const auto* extension : extensions) numbers->add_extension_number(extension->number());
  }

  const std::vector<std::string>& services_;
};

template <typename Version>
class ReflectionReactor final
    : public grpc::ServerBidiReactor<typename Version::Request, typename Version::Response> {
 public:
  explicit ReflectionReactor(const std::vector<std::string>& services) : answerer_(services) {
    this->StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return this->Finish(grpc::Status::OK);
    response_ = answerer_.Answer(request_);
    this->StartWrite(&response_);
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return this->Finish(grpc::Status::OK);
    this->StartRead(&request_);
  }

  void OnDone() override { delete this; }

 private:
  Answerer<Version> answerer_;
  typename Version::Request request_;
  typename Version::Response response_;
};

template <typename Version>
class ReflectionService final : public Version::Service::CallbackService {
 public:
  explicit ReflectionService(std::vector<std::string> services) : services_(std::move(services)) {}

  grpc::ServerBidiReactor<typename Version::Request, typename Version::Response>*
  ServerReflectionInfo(grpc::CallbackServerContext*) override {
    return new ReflectionReactor<Version>(services_);
  }

 private:
  const std::vector<std::string> services_;
};

}  // namespace

std::vector<std::unique_ptr<grpc::Service>> MakeReflectionServices(
    std::vector<std::string> services) {
  std::vector<std::unique_ptr<grpc::Service>> made;
  made.push_back(std::make_unique<ReflectionService<V1>>(services));
  made.push_back(std::make_unique<ReflectionService<V1Alpha>>(std::move(services)));
  return made;
}

}  // namespace kam::rpc
