// kam_bench: loads a running server with one kind of call and prints what came back as one line of
// JSON (report.h). It knows the contract and nothing of the server; run.py puts its figures beside
// their limits.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "bench/callers.h"
#include "bench/idle_waits.h"
#include "bench/load.h"
#include "bench/report.h"

ABSL_FLAG(std::string, target, "127.0.0.1:50051", "The server");
ABSL_FLAG(std::string, call, "health", "What the callers ask");
ABSL_FLAG(int, callers, 64, "Calls under way at a time, each caller's next after its answer");
ABSL_FLAG(int, channels, 4, "Connections the callers are spread over");
ABSL_FLAG(absl::Duration, warmup, absl::Milliseconds(300), "Time before anything is counted");
ABSL_FLAG(absl::Duration, seconds, absl::Seconds(2), "Time that is counted, at most");
ABSL_FLAG(int64_t, calls, 0, "Calls in all, at most; 0: as many as fit in the time");
ABSL_FLAG(absl::Duration, deadline, absl::Seconds(10), "Deadline of each call");
ABSL_FLAG(std::string, accounts, "", "File of account ids, one a line");
ABSL_FLAG(std::vector<std::string>, benefits, {}, "Ids of active benefits");
ABSL_FLAG(int, waits, 0, "WaitOperation calls held open beside the load");
ABSL_FLAG(std::string, operation, "", "Unfinished operation that they wait for");

namespace kam::bench {
namespace {

// gRPC lets channels with the same arguments share a connection; a number keeps them apart.
std::vector<std::shared_ptr<grpc::Channel>> Connect(int count) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int n = 0; n < count; ++n) {
    grpc::ChannelArguments arguments;
    arguments.SetInt("kam_bench.channel", n);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    channels.push_back(grpc::CreateCustomChannel(absl::GetFlag(FLAGS_target),
                                                 grpc::InsecureChannelCredentials(), arguments));
  }
  return channels;
}

bool Reachable(const std::vector<std::shared_ptr<grpc::Channel>>& channels) {
  const auto limit = std::chrono::system_clock::now() + std::chrono::seconds(5);
  return std::all_of(channels.begin(), channels.end(),
                     [&](const auto& channel) { return channel->WaitForConnected(limit); });
}

std::vector<std::string> Lines(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

int Main() {
  const int count = std::max(1, absl::GetFlag(FLAGS_channels));
  const std::vector<std::shared_ptr<grpc::Channel>> channels = Connect(count);
  if (!Reachable(channels)) {
    std::cerr << "kam_bench: nobody serves at " << absl::GetFlag(FLAGS_target) << "\n";
    return 1;
  }
  const Plan plan{.call = absl::GetFlag(FLAGS_call),
                  .callers = absl::GetFlag(FLAGS_callers),
                  .accounts = Lines(absl::GetFlag(FLAGS_accounts)),
                  .benefits = absl::GetFlag(FLAGS_benefits)};
  absl::StatusOr<std::vector<std::unique_ptr<Caller>>> callers = MakeCallers(plan, channels);
  if (!callers.ok()) {
    std::cerr << "kam_bench: " << callers.status().message() << "\n";
    return 2;
  }
  const Bounds bounds{.warmup = absl::GetFlag(FLAGS_warmup),
                      .measured = absl::GetFlag(FLAGS_seconds),
                      .calls = absl::GetFlag(FLAGS_calls),
                      .deadline = absl::GetFlag(FLAGS_deadline)};
  IdleWaits waits(absl::GetFlag(FLAGS_operation), absl::GetFlag(FLAGS_waits), Connect(count));
  const Result result = Run(*std::move(callers), bounds);
  std::cout << Json(result, waits.Stop()) << std::endl;
  return 0;
}

}  // namespace
}  // namespace kam::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(absl::StrCat("loads a kam server; --call is one of ",
                                            absl::StrJoin(kam::bench::CallNames(), ", ")));
  absl::ParseCommandLine(argc, argv);
  return kam::bench::Main();
}
