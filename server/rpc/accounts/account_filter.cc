#include "rpc/accounts/account_filter.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "model/accounts/names.h"
#include "model/error.h"

namespace kam::rpc {
namespace {

using Term = AccountFilterTerm;

absl::Status Invalid(absl::string_view field, size_t position, absl::string_view what) {
  ErrorDetails details{.reason = ErrorReason::kInvalidFilter,
                       .metadata = {{"position", absl::StrCat(position)}}};
  const std::string description = absl::StrCat("at position ", position, ": ", what);
  details.fields = {{std::string(field), description}};
  return MakeError(absl::StatusCode::kInvalidArgument, absl::StrCat(field, " ", description),
                   details);
}

// Recursive descent over: term ("AND" term)*, term = field operation value.
class Parser {
 public:
  explicit Parser(absl::string_view text) : text_(text) {}

  absl::StatusOr<std::vector<Term>> Parse() {
    std::vector<Term> terms;
    SkipSpace();
    if (AtEnd()) return terms;
    for (;;) {
      KAM_ASSIGN_OR_RETURN(Term term, ParseTerm());
      terms.push_back(std::move(term));
      SkipSpace();
      if (AtEnd()) return terms;
      const size_t start = at_;
      if (Word() != "AND") return Fail(start, "expected AND or the end");
    }
  }

 private:
  bool AtEnd() const { return at_ == text_.size(); }

  absl::Status Fail(size_t at, absl::string_view what) const {
    return Invalid("filter", at + 1, what);
  }

  void SkipSpace() {
    while (!AtEnd() && absl::ascii_isspace(text_[at_])) ++at_;
  }

  // Up to the next character that no name and no bare value has; may be empty.
  absl::string_view Word() {
    const size_t start = at_;
    constexpr absl::string_view kMarks = "._/-";
    while (!AtEnd() && (absl::ascii_isalnum(text_[at_]) ||
                        kMarks.find(text_[at_]) != absl::string_view::npos)) {
      ++at_;
    }
    return text_.substr(start, at_ - start);
  }

  absl::StatusOr<Term> ParseTerm() {
    SkipSpace();
    const size_t start = at_;
    const absl::string_view field = Word();
    Term term;
    KAM_RETURN_IF_ERROR(ReadField(start, field, term));
    SkipSpace();
    KAM_RETURN_IF_ERROR(ReadOperation(term));
    SkipSpace();
    const size_t value_start = at_;
    KAM_ASSIGN_OR_RETURN(term.value, ReadValue());
    if (term.field != Term::Field::kParent || term.value.empty()) return term;
    absl::StatusOr<AccountName> parent = AccountName::Parse(term.value);
    if (!parent.ok())
      return Fail(value_start, "parent_account is compared with accounts/{account}");
    term.value = std::move(parent->account);
    return term;
  }

  absl::Status ReadField(size_t start, absl::string_view field, Term& term) const {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(field, absl::MaxSplits('.', 1));
    const std::optional<Term::Field> known = EnumFromName<Term::Field>(parts.first);
    const bool label = known == Term::Field::kLabel;
    if (!known || label == parts.second.empty() || (!label && parts.first != field)) {
      return Fail(start,
                  "expected industry, currency_code, parent_account, display_name or labels.KEY");
    }
    term.field = *known;
    term.label = std::string(parts.second);
    return absl::OkStatus();
  }

  absl::Status ReadOperation(Term& term) {
    const size_t start = at_;
    const bool name = term.field == Term::Field::kDisplayName;
    const absl::string_view rest = text_.substr(at_);
    if (rest.substr(0, 1) == "=") {
      term.operation = Term::Operation::kEquals;
      at_ += 1;
    } else if (rest.substr(0, 2) == "!=" && !name) {
      term.operation = Term::Operation::kNotEquals;
      at_ += 2;
    } else if (rest.substr(0, 1) == ":" && name) {
      term.operation = Term::Operation::kContains;
      at_ += 1;
    } else {
      return Fail(start, name ? "display_name is compared by = or :" : "expected = or !=");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> ReadValue() {
    const size_t start = at_;
    if (AtEnd() || text_[at_] != '"') {
      const absl::string_view word = Word();
      if (word.empty()) return Fail(start, "expected a value: a word or a string in quotes");
      return std::string(word);
    }
    std::string value;
    for (++at_; !AtEnd() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && ++at_ == text_.size()) break;
      value += text_[at_];
    }
    if (AtEnd()) return Fail(start, "the string does not end");
    ++at_;
    return value;
  }

  absl::string_view text_;
  size_t at_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<Term>> ParseAccountFilter(absl::string_view filter) {
  return Parser(filter).Parse();
}

absl::Status ParseAccountOrder(absl::string_view order_by, AccountQuery& query) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(order_by, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.empty()) return absl::OkStatus();
  if (words[0] == "name") {
    query.order = AccountQuery::Order::kId;
  } else if (words[0] == "create_time") {
    query.order = AccountQuery::Order::kCreateTime;
  } else if (words[0] == "display_name") {
    query.order = AccountQuery::Order::kDisplayName;
  } else {
    return Invalid("order_by", words[0].data() - order_by.data() + 1,
                   "expected name, create_time or display_name");
  }
  query.descending = words.size() > 1 && words[1] == "desc";
  const size_t understood = query.descending ? 2 : 1;
  if (words.size() == understood) return absl::OkStatus();
  return Invalid("order_by", words[understood].data() - order_by.data() + 1,
                 "expected desc or the end");
}

}  // namespace kam::rpc
