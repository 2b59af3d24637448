#include "store/engine/copy_text.h"

#include <algorithm>

namespace kam::store {
namespace {

// What the letter after a backslash stands for.
char Unescaped(char letter) {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    default:
      return letter;
  }
}

}  // namespace

CopyRow CopyLine::Parse(absl::string_view line) {
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  cells_.clear();
  text_.clear();
  text_.reserve(line.size());  // what is unescaped is never longer, so that the views stay good
  size_t at = 0;
  while (true) {
    const size_t end = std::min(line.find('\t', at), line.size());
    const absl::string_view cell = line.substr(at, end - at);
    if (cell == "\\N") {
      cells_.push_back(std::nullopt);
    } else {
      const size_t begin = text_.size();
      for (size_t i = 0; i < cell.size(); ++i) {
        const bool escaped = cell[i] == '\\' && i + 1 < cell.size();
        text_ += escaped ? Unescaped(cell[++i]) : cell[i];
      }
      cells_.push_back(absl::string_view(text_).substr(begin));
    }
    if (end == line.size()) return cells_;
    at = end + 1;
  }
}

void AppendCopyCell(std::string& out, const Param& cell, bool last) {
  if (cell.is_null()) {
    out += "\\N";
  } else {
    for (const char c : cell.text()) {
      switch (c) {
        case '\\':
          out += "\\\\";
          break;
        case '\t':
          out += "\\t";
          break;
        case '\n':
          out += "\\n";
          break;
        case '\r':
          out += "\\r";
          break;
        default:
          out += c;
      }
    }
  }
  out += last ? '\n' : '\t';
}

}  // namespace kam::store
