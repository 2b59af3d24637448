#include "rpc/contract/method_policy.h"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "identity/roles.h"
#include "kam/bindings.h"
#include "kam/v1/options.pb.h"

namespace kam::rpc {
namespace {

TEST(MethodPolicyTest, EveryMethodOfTheContractDeclaresItsPolicy) {
  int methods = 0;
  for (const char* name : kServiceNames) {
    const google::protobuf::ServiceDescriptor* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i, ++methods) {
      EXPECT_TRUE(PolicyOf(*service->method(i)).ok()) << service->method(i)->full_name();
    }
  }
  EXPECT_GT(methods, 50);
}

TEST(MethodPolicyTest, RefusesAMethodWithoutADeclaredPermission) {
  google::protobuf::FileDescriptorProto file;
  file.set_name("undeclared.proto");
  file.add_message_type()->set_name("M");
  auto& method = *file.add_service()->add_method();
  file.mutable_service(0)->set_name("S");
  method.set_name("Undeclared");
  method.set_input_type("M");
  method.set_output_type("M");
  google::protobuf::DescriptorPool pool;
  const auto* built = pool.BuildFile(file);
  ASSERT_NE(built, nullptr);
  EXPECT_EQ(PolicyOf(*built->service(0)->method(0)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(RoleTest, DeniesByDefault) {
  for (const char* name : {"viewer", "recorder", "account_manager", "benefits_admin", "admin"}) {
    EXPECT_FALSE(Allows(*ParseRole(name), v1::PERMISSION_UNSPECIFIED)) << name;
  }
  EXPECT_FALSE(ParseRole("root").ok());
}

TEST(RoleTest, AViewerReadsAndARecorderRecords) {
  EXPECT_TRUE(Allows(Role::kViewer, v1::PERMISSION_ACCOUNTS_READ));
  EXPECT_FALSE(Allows(Role::kViewer, v1::PERMISSION_ACCOUNTS_WRITE));
  EXPECT_FALSE(Allows(Role::kViewer, v1::PERMISSION_EVALUATION_RUN));
  EXPECT_TRUE(Allows(Role::kRecorder, v1::PERMISSION_HISTORY_WRITE));
  EXPECT_FALSE(Allows(Role::kRecorder, v1::PERMISSION_BENEFITS_READ));
  EXPECT_FALSE(Allows(Role::kAccountManager, v1::PERMISSION_BUDGETS_WRITE));
  EXPECT_TRUE(Allows(Role::kBenefitsAdmin, v1::PERMISSION_ALLOCATION_WRITE));
  EXPECT_FALSE(Allows(Role::kBenefitsAdmin, v1::PERMISSION_CRITERIA_WRITE));
}

}  // namespace
}  // namespace kam::rpc
