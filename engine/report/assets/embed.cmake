# Writes OUTPUT, a C++ source that defines report::Asset NAME() with the bytes of INPUT.
file(READ ${INPUT} bytes HEX)
file(SHA256 ${INPUT} hash)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"engine/report/html/assets.hpp\"

namespace entente::report {
namespace {
constexpr char bytes[] = {${bytes}};
}  // namespace
Asset ${NAME}() {
  return {{bytes, sizeof bytes}, \"${hash}\"};
}
}  // namespace entente::report
")
