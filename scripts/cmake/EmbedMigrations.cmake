# Writes OUTPUT, a C++ file holding every FOLDER/NNNN_what.sql in order.
cmake_policy(SET CMP0007 NEW)  # list() keeps empty elements
file(GLOB files ${FOLDER}/*.sql)
list(SORT files)
set(entries "")
set(expected 1)
foreach(file IN LISTS files)
  get_filename_component(stem ${file} NAME_WE)
  if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
    message(FATAL_ERROR "${file}: a migration is named NNNN_what.sql")
  endif()
  set(what ${CMAKE_MATCH_2})
  math(EXPR version "1${CMAKE_MATCH_1} - 10000")
  if(NOT version EQUAL expected)
    message(FATAL_ERROR "${file}: expected migration number ${expected}: numbers have no gaps or doubles")
  endif()
  math(EXPR expected "${expected} + 1")
  # Hex bytes need no quoting, whatever the SQL contains.
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND arrays "constexpr char kSql${version}[] = {${bytes}'\\0'};\n")
  string(APPEND entries "    {${version}, \"${what}\", {kSql${version}, sizeof(kSql${version}) - 1}},\n")
endforeach()
math(EXPR count "${expected} - 1")
if(count EQUAL 0)
  set(body "  return {};\n")
else()
  set(body "  static constexpr std::array<Migration, ${count}> kMigrations = {{\n${entries}  }};\n  return kMigrations;\n")
endif()
file(WRITE ${OUTPUT} "// Generated from server/store/migrations by EmbedMigrations.cmake.
#include \"store/engine/migrations.h\"

#include <array>

namespace kam::store {
namespace {
${arrays}}  // namespace

absl::Span<const Migration> Migrations() {
${body}}

}  // namespace kam::store
")
