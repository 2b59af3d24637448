#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define KAM_CONCAT_INNER_(a, b) a##b
#define KAM_CONCAT_(a, b) KAM_CONCAT_INNER_(a, b)

// Returns the status of `expression` from the enclosing function unless it is OK.
#define KAM_RETURN_IF_ERROR(expression)                                                 \
  do {                                                                                  \
    if (absl::Status kam_status_ = (expression); !kam_status_.ok()) return kam_status_; \
  } while (false)

// Assigns the value of a StatusOr `expression` to `target`, or returns its status.
#define KAM_ASSIGN_OR_RETURN(target, expression) \
  KAM_ASSIGN_OR_RETURN_IMPL_(KAM_CONCAT_(kam_status_or_, __LINE__), target, expression)

#define KAM_ASSIGN_OR_RETURN_IMPL_(status_or, target, expression) \
  auto status_or = (expression);                                  \
  if (!status_or.ok()) return std::move(status_or).status();      \
  target = *std::move(status_or)
